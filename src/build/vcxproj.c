/* SPDX-License-Identifier: MIT */
/* A .vcxproj becomes a list of sources. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/configuration.h"
#include "build/flavour.h"
#include "build/msbuild.h"
#include "build/net_version.h"
#include "build/path.h"
#include "build/project.h"
#include "build/settings.h"

#define DEEPEST_REFERENCE 8 /* projects that refer to projects */

static bool read_project(struct project *project, const char *file,
			 const struct properties *globals, int depth, struct strings *shared,
			 char **error);

/*
 * An earlier source that is the same file: of the same project (@first is its first one) when it is
 * for the same object, which cl would write twice, of another one in any case.
 */
static struct source *find_twin(struct project *project, const struct source *s, size_t first)
{
	for (size_t i = 0; i < project->source_count; i++) {
		struct source *twin = &project->sources[i];

		if (twin != s && strcmp(twin->path, s->path) == 0 &&
		    (i < first || string_same(twin->object, s->object)))
			return twin;
	}
	return NULL;
}

/*
 * The source that was added last takes the place of one that it equals, as the last object stays.
 * A library's that the driver has itself goes: the linker does not look for what is there.
 */
static void join_twins(struct project *project, const struct item *item, size_t first)
{
	struct source *last = &project->sources[project->source_count - 1];
	struct source *twin = find_twin(project, last, first), old;

	if (!twin)
		return;
	if (twin >= project->sources + first) {
		strings_format(&project->warnings,
			       "%s:%d: '%s' is listed more than once and compiled once", item->file,
			       item->line, item->identity);
		old = *twin;
		*twin = *last;
		*last = old;
	}
	project_drop_last(project);
}

static bool is_excluded(const struct item *item)
{
	char *value = string_trim(item_get(item, "ExcludedFromBuild"));
	bool excluded = string_same(value, "true");

	free(value);
	return excluded;
}

/* What <CompileAs> says stands for a name's ending. */
static bool says_language(const struct item *item)
{
	char *as = string_trim(item_get(item, "CompileAs"));
	bool says = string_same(as, "CompileAsC") || string_same(as, "CompileAsCpp");

	free(as);
	return says;
}

/* @first: the first source of the same project */
static bool add_source(struct project *project, const struct msbuild *m, const struct item *item,
		       const char *file, size_t first, char **error)
{
	char *folder = path_folder(file), *found;
	enum language language;
	bool ok = true;

	if (is_excluded(item)) {
		free(folder);
		return true;
	}
	found = path_find(folder, item->identity);
	if (!found || !path_is_file(found)) {
		*error = string_format("%s:%d: the file '%s' is not there", item->file, item->line,
				       item->identity);
		ok = false;
	} else if (!project_language(found, &language) && !says_language(item)) {
		strings_format(&project->warnings, "%s:%d: '%s' is no C or C++ and left out",
			       item->file, item->line, item->identity);
	} else {
		char *why = NULL;

		ok = settings_read(project_add(project, found, language), project, m, item, file,
				   &why);
		if (!ok)
			*error = string_format("%s:%d: %s", item->file, item->line, why);
		free(why);
		if (ok)
			join_twins(project, item, first);
		strings_add_once(&project->folders, path_folder(found));
	}
	free(found);
	free(folder);
	return ok;
}

/* A static library that the driver is linked with is compiled into it. */
static bool read_reference(struct project *project, const struct item *item, const char *folder,
			   const struct properties *globals, int depth, struct strings *shared,
			   char **error)
{
	char *found = path_find(folder, item->identity);
	bool ok = false;

	if (!found)
		*error = string_format("%s:%d: the project '%s' is not there", item->file,
				       item->line, item->identity);
	else
		ok = read_project(project, found, globals, depth + 1, shared, error);
	free(found);
	return ok;
}

/* The sources and the INF that a project lists itself. */
static bool read_own(struct project *project, const struct msbuild *m, const char *file, int depth,
		     char **error)
{
	char *folder = path_folder(file);
	size_t first = project->source_count;
	unsigned infs = 0;
	bool ok = true;

	for (size_t i = 0; i < m->item_count && ok; i++) {
		const struct item *item = &m->items[i];

		if (string_same(item->type, "ClCompile"))
			ok = add_source(project, m, item, file, first, error);
		else if (string_same(item->type, "Inf") && depth == 0 && !is_excluded(item) &&
			 ++infs == 1)
			project->inf = path_find(folder, item->identity);
	}
	free(folder);
	return ok;
}

static bool read_items(struct project *project, const struct msbuild *m, const char *file,
		       const struct properties *globals, int depth, char **error)
{
	char *folder = path_folder(file);
	size_t first = project->source_count, last;
	struct strings shared = { 0 };
	bool ok = read_own(project, m, file, depth, error);

	last = project->source_count;
	for (size_t i = 0; i < m->item_count && ok; i++) {
		const struct item *item = &m->items[i];

		if (string_same(item->type, "ProjectReference"))
			ok = read_reference(project, item, folder, globals, depth, &shared, error);
	}
	for (size_t i = first; i < last && ok; i++)
		settings_finish(&project->sources[i], project, m, &shared, file);
	strings_free(&shared);
	free(folder);
	return ok;
}

/* The outermost project says what the driver is called and which versions it is for. */
static bool read_identity(struct project *project, const struct msbuild *m, const char *file,
			  char **error)
{
	char *solution = path_join(msbuild_get(m, "SolutionDir"), "");

	project->file = string_copy(file);
	project->folder = path_folder(file);
	project->name = string_copy(msbuild_get(m, "TargetName"));
	if (*project->name == '\0' || strpbrk(project->name, "/\\")) {
		*error = string_format("%s: TargetName '%s' is not a file's name", file,
				       project->name);
	} else if (flavour_read(project, &m->properties, file, error)) {
		net_version_read(project, &m->properties, file, error);
	}
	strings_add_once(&project->folders, string_copy(project->folder));
	/* Headers of the solution beside the project: found in any letter case, too. */
	if (path_is_folder(solution))
		strings_add_once(&project->folders, path_absolute(solution));
	free(solution);
	return !*error;
}

/* A project that is referred to: its public folders, and its sources when it is a library. */
static bool read_library(struct project *project, const struct msbuild *m, const char *file,
			 const struct properties *globals, int depth, struct strings *shared,
			 char **error)
{
	settings_shared(shared, m, file);
	if (!string_same(msbuild_get(m, "ConfigurationType"), "StaticLibrary") ||
	    strings_has(&project->read, file))
		return true;
	if (!flavour_check_library(project, &m->properties, file, error))
		return false;
	if (!read_items(project, m, file, globals, depth, error))
		return false;
	strings_copy(&project->read, file);
	return true;
}

static bool read_driver(struct project *project, const struct msbuild *m, const char *file,
			const struct properties *globals, char **error)
{
	if (!read_identity(project, m, file, error) ||
	    !read_items(project, m, file, globals, 0, error))
		return false;
	if (project->source_count == 0)
		*error = string_format("%s: no <ClCompile> file to compile in %s|%s", file,
				       msbuild_get(m, "Configuration"), msbuild_get(m, "Platform"));
	return project->source_count > 0;
}

/* @shared: for the folders that it makes public; NULL: it is the driver's own */
static bool read_project(struct project *project, const char *file,
			 const struct properties *globals, int depth, struct strings *shared,
			 char **error)
{
	struct properties start = { 0 };
	struct msbuild m;
	bool ok;

	if (depth > DEEPEST_REFERENCE) {
		*error = string_format("%s: projects refer to each other in a circle", file);
		return false;
	}
	ok = configuration_evaluate(&m, project, file, globals, &start, error);
	if (ok && depth > 0)
		ok = read_library(project, &m, file, globals, depth, shared, error);
	else if (ok)
		ok = read_driver(project, &m, file, globals, error);
	strings_append(&project->warnings, &m.warnings);
	msbuild_free(&m);
	properties_free(&start);
	return ok;
}

bool vcxproj_read(struct project *project, const char *file, const struct properties *globals,
		  char **error)
{
	return read_project(project, file, globals, 0, NULL, error);
}
