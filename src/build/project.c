/* SPDX-License-Identifier: MIT */
#include "build/project.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/flavour.h"
#include "build/net_version.h"
#include "build/path.h"

bool project_language(const char *path, enum language *language)
{
	static const char *const cxx[] = { ".cpp", ".cc", ".cxx", ".c++" };
	const char *extension = path_extension(path);

	*language = LANGUAGE_C;
	if (string_same(extension, ".c"))
		return true;
	*language = LANGUAGE_CXX;
	for (size_t i = 0; i < ARRAY_COUNT(cxx); i++) {
		if (string_same(extension, cxx[i]))
			return true;
	}
	return false;
}

bool source_packs(const struct source *s)
{
	return s->pack && s->pack < 8;
}

static void free_source(struct source *s)
{
	free(s->path);
	free(s->standard);
	free(s->object);
	strings_free(&s->include_folders);
	strings_free(&s->late_folders);
	strings_free(&s->flags);
	strings_free(&s->defines);
	strings_free(&s->undefines);
	strings_free(&s->forced_includes);
	strings_free(&s->wpp.scanned);
	strings_free(&s->wpp.configurations);
	strings_free(&s->wpp.functions);
	strings_free(&s->wpp.defines);
	free(s->generated);
}

void project_drop_last(struct project *project)
{
	free_source(&project->sources[--project->source_count]);
}

struct source *project_add(struct project *project, const char *path, enum language language)
{
	struct source *source;

	project->sources =
		array_resize(project->sources, project->source_count + 1, sizeof(*source));
	source = &project->sources[project->source_count++];
	*source = (struct source){ .path = string_copy(path), .language = language };
	return source;
}

/* The files of a folder whose name ends so, sorted; not those that a shell hides. */
static void list_extension(struct strings *found, const char *folder, const char *extension)
{
	char *pattern = string_format("%s/*%s", folder, extension);
	struct strings all = { 0 };

	path_glob(&all, folder, pattern);
	for (size_t i = 0; i < all.count; i++) {
		if (*path_name(all.at[i]) != '.')
			strings_copy(found, all.at[i]);
	}
	strings_free(&all);
	free(pattern);
}

bool folder_read(struct project *project, const char *folder, const struct properties *globals,
		 char **error)
{
	static const char *const extensions[] = { ".c", ".cpp", ".cc", ".cxx" };
	struct strings infs = { 0 };
	enum language language;

	project->folder = string_copy(folder);
	project->name = string_copy(path_name(folder));
	for (size_t i = 0; i < ARRAY_COUNT(extensions); i++) {
		struct strings files = { 0 };

		list_extension(&files, folder, extensions[i]);
		for (size_t j = 0; j < files.count; j++) {
			struct source *s;

			project_language(files.at[j], &language);
			s = project_add(project, files.at[j], language);
			s->standard = string_copy(language == LANGUAGE_C ? "gnu17" : "c++17");
			s->late_templates = language == LANGUAGE_CXX;
			s->optimize = true;
		}
		strings_free(&files);
	}
	if (project->source_count == 0) {
		*error = string_format("%s: no .vcxproj in it and no .c or .cpp file", folder);
		return false;
	}
	if (!flavour_read(project, globals, folder, error) ||
	    !net_version_read(project, globals, folder, error))
		return false;
	strings_copy(&project->folders, folder);
	list_extension(&infs, folder, ".inx");
	list_extension(&infs, folder, ".inf");
	if (infs.count == 1)
		project->inf = string_copy(infs.at[0]);
	else if (infs.count > 1)
		strings_format(&project->warnings,
			       "%s: %zu .inf and .inx files, so none is taken for the driver's",
			       folder, infs.count);
	strings_free(&infs);
	return true;
}

bool project_read(struct project *project, const char *path, const struct properties *globals,
		  char **error)
{
	struct strings projects = { 0 };
	char *found = path_find("", path);
	bool ok = false;

	*project = (struct project){ 0 };
	*error = NULL;
	if (!found) {
		*error = string_format("%s: no such file or folder", path);
	} else if (path_is_file(found)) {
		enum language language;

		if (string_same(path_extension(found), ".vcxproj"))
			ok = vcxproj_read(project, found, globals, error);
		else if (project_language(found, &language))
			*error = string_format("%s: one source; a .vcxproj or a folder is expected",
					       path);
		else
			*error = string_format("%s: a .vcxproj or a folder is expected", path);
	} else if (!path_is_folder(found)) {
		*error = string_format("%s: a .vcxproj or a folder is expected", path);
	} else {
		list_extension(&projects, found, ".vcxproj");
		if (projects.count == 1)
			ok = vcxproj_read(project, projects.at[0], globals, error);
		else if (projects.count == 0)
			ok = folder_read(project, found, globals, error);
		else
			*error = string_format(
				"%s: more than one project: %s and %s; name the one that is meant",
				path, path_name(projects.at[0]), path_name(projects.at[1]));
	}
	strings_free(&projects);
	free(found);
	return ok;
}

void project_free(struct project *project)
{
	for (size_t i = 0; i < project->source_count; i++)
		free_source(&project->sources[i]);
	free(project->sources);
	free(project->file);
	free(project->folder);
	free(project->name);
	free(project->inf);
	strings_free(&project->folders);
	strings_free(&project->read);
	strings_free(&project->warnings);
	*project = (struct project){ 0 };
}
