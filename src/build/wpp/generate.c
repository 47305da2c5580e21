/* SPDX-License-Identifier: MIT */
#include "build/wpp/generate.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/path.h"
#include "build/wpp/files.h"
#include "build/wpp/write.h"

/* One source being looked at. */
struct generation {
	const struct project *project;
	const struct source *source;
	const struct strings *system_folders;
	struct wpp_report *report;
	struct wpp_files files; /* it and the project's headers */
	char *folder;           /* for what is made */
	bool any;
	int result;
};

/* As a person would name it: below the project's folder by its short name. */
static const char *shown(const struct generation *g, const char *path)
{
	size_t length = strlen(g->project->folder);

	if (strncmp(path, g->project->folder, length) == 0 && path[length] == '/')
		return path + length + 1;
	return path;
}

/* ---- the configuration ---- */

static void read_blocks(struct generation *g, struct wpp_config *config, const char *path)
{
	const char *why;
	char *text = path_read_text("", path, &why);

	if (!text)
		strings_format(&config->errors, "%s: %s", path, why);
	else if (strstr(text, "begin_wpp"))
		wpp_config_scan(config, shown(g, path), text);
	free(text);
}

/* A file that is nothing but statements, or a header with blocks. */
static void read_statements(struct generation *g, struct wpp_config *config, const char *path)
{
	const char *why;
	char *text = path_read_text("", path, &why);

	if (!text)
		strings_format(&config->errors, "%s: %s", path, why);
	else if (strstr(text, "begin_wpp"))
		wpp_config_scan(config, shown(g, path), text);
	else
		wpp_config_read(config, shown(g, path), 1, text);
	free(text);
}

/* A project says where the blocks are; without one they are looked for. */
static void configure(struct generation *g, struct wpp_config *config, const struct wpp_file *file)
{
	const struct wpp_settings *w = &g->source->wpp;

	wpp_config_init(config);
	for (size_t i = 0; i < w->functions.count; i++)
		wpp_config_function(config, "<WppTraceFunction>", w->functions.at[i]);
	for (size_t i = 0; i < w->configurations.count; i++)
		read_statements(g, config, w->configurations.at[i]);
	for (size_t i = 0; i < w->scanned.count; i++)
		read_blocks(g, config, w->scanned.at[i]);
	for (size_t i = g->files.count; !w->enabled && i-- > 1;)
		wpp_config_scan(config, shown(g, g->files.at[i].path), g->files.at[i].text);
	if (!strings_has(&w->scanned, file->path))
		wpp_config_scan(config, shown(g, file->path), file->text);
	strings_append(&config->defines, &w->defines);
}

/* ---- enumerations ---- */

static bool find_in(const struct wpp_files *files, struct wpp_enumeration *e)
{
	for (size_t i = 0; i < files->count; i++) {
		if (wpp_enumeration_read(e, files->at[i].text))
			return true;
	}
	return false;
}

/* Looked for in the project's files first, then in the kit's, which are many. */
static void find_enumeration(struct generation *g, struct wpp_enumeration *e)
{
	struct wpp_files all = { 0 };
	struct strings folders = { 0 };

	if (find_in(&g->files, e))
		return;
	strings_append(&folders, &g->source->include_folders);
	strings_append(&folders, g->system_folders);
	wpp_files_read(&all, g->source->path, &folders);
	if (!find_in(&all, e))
		strings_add_once(&g->report->notes,
				 string_format("%s: ItemEnum(%s): its enum is not found, so its "
					       "values are shown as numbers",
					       shown(g, g->source->path), e->name));
	wpp_files_free(&all);
	strings_free(&folders);
}

static void add_enumeration(struct generation *g, struct wpp_enumerations *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->at[i].name, name) == 0)
			return;
	}
	list->at = array_resize(list->at, list->count + 1, sizeof(*list->at));
	list->at[list->count] = (struct wpp_enumeration){ .name = string_copy(name) };
	find_enumeration(g, &list->at[list->count++]);
}

static void find_enumerations(struct generation *g, struct wpp_enumerations *list,
			      const struct wpp_calls *calls)
{
	for (size_t i = 0; i < calls->count; i++) {
		const struct wpp_message *m = &calls->at[i].message;

		for (size_t p = 0; p < m->count; p++) {
			if (m->pieces[p].enumeration)
				add_enumeration(g, list, m->pieces[p].enumeration);
		}
	}
}

/* ---- files ---- */

static int write_text(const char *folder, const char *name, const char *text)
{
	char *path = string_format("%s/%s", folder, name);
	int result = path_make_folders(folder);
	FILE *file = result == 0 ? fopen(path, "we") : NULL;

	if (result == 0 && (!file || fputs(text, file) < 0))
		result = -errno;
	if (file && fclose(file) != 0 && result == 0)
		result = -errno;
	free(path);
	return result;
}

static void generate(struct generation *g, const struct wpp_file *file, const char *name)
{
	struct wpp_enumerations enumerations = { 0 };
	struct wpp_calls calls = { 0 };
	struct wpp_config config;
	char *text;

	configure(g, &config, file);
	wpp_scan(&calls, &config, shown(g, file->path), file->text, &g->report->notes);
	find_enumerations(g, &enumerations, &calls);
	text = wpp_write(&config, &calls, &enumerations, file->path);
	if (g->result == 0)
		g->result = write_text(g->folder, name, text);
	for (size_t i = 0; i < config.errors.count; i++)
		strings_add_once(&g->report->errors, string_copy(config.errors.at[i]));
	g->any = true;
	free(text);
	wpp_enumerations_free(&enumerations);
	wpp_calls_free(&calls);
	wpp_config_free(&config);
}

/* "driver.tmh" and "driver.c.tmh" are driver.c's. */
static bool belongs(const char *name, const char *path)
{
	char *stem = path_stem(path);
	char *by_stem = string_format("%s.tmh", stem);
	char *by_name = string_format("%s.tmh", path_name(path));
	bool is = string_same(name, by_stem) || string_same(name, by_name);

	free(by_name);
	free(by_stem);
	free(stem);
	return is;
}

/* Whose it is: who includes it, before others. NULL: nobody's. */
static const struct wpp_file *owner(const struct generation *g, const struct wpp_file *includer,
				    const char *name)
{
	if (belongs(name, includer->path))
		return includer;
	for (size_t i = 0; i < g->files.count; i++) {
		if (belongs(name, g->files.at[i].path))
			return &g->files.at[i];
	}
	return NULL;
}

/* One that lies in the source tree is left to the compiler. */
static bool is_there(const struct wpp_file *includer, const char *name)
{
	char *folder = path_folder(includer->path), *found = path_find(folder, name);
	bool there = found != NULL;

	free(found);
	free(folder);
	return there;
}

static void look_at(struct generation *g, const struct wpp_file *file)
{
	struct strings names = { 0 };

	wpp_includes(&names, file->text);
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.at[i];
		const struct wpp_file *of;

		if (!string_same(path_extension(name), ".tmh") || strpbrk(name, "/\\") ||
		    is_there(file, name))
			continue;
		of = owner(g, file, name);
		if (of)
			generate(g, of, name);
	}
	strings_free(&names);
}

int wpp_generate(struct project *project, const struct strings *system_folders, const char *into,
		 struct wpp_report *report)
{
	int result = 0;

	for (size_t i = 0; i < project->source_count && result == 0; i++) {
		struct source *source = &project->sources[i];
		struct generation g = { .project = project,
					.source = source,
					.system_folders = system_folders,
					.report = report };

		g.folder = string_format("%s/%zu", into, i);
		wpp_files_read(&g.files, source->path, &source->include_folders);
		for (size_t f = 0; f < g.files.count; f++)
			look_at(&g, &g.files.at[f]);
		if (g.any)
			source->generated = g.folder;
		else
			free(g.folder);
		result = g.result;
		wpp_files_free(&g.files);
	}
	return result;
}

void wpp_report_free(struct wpp_report *report)
{
	strings_free(&report->errors);
	strings_free(&report->notes);
}
