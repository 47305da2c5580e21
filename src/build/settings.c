/* SPDX-License-Identifier: MIT */
#include "build/settings.h"

#include <stdlib.h>
#include <string.h>

#include "build/cl.h"
#include "build/macros.h"
#include "build/path.h"
#include "build/windows_path.h"
#include "build/wpp/settings.h"

/*
 * As the WDK's build of a driver passes them, before the project's own. The platform selects
 * in the project; the processor is the one that the code is compiled for, this machine's.
 */
static void add_system_defines(struct source *s, const struct msbuild *m, bool user_mode)
{
	const char *ntddi = msbuild_get(m, "NTDDI_VERSION");
	const char *target = msbuild_get(m, "_NT_TARGET_VERSION");

	strings_copy(&s->defines, "_WIN64");
#if defined(__aarch64__)
	strings_copy(&s->defines, "_ARM64_");
	strings_copy(&s->defines, "ARM64");
#else
	strings_copy(&s->defines, "_AMD64_");
	strings_copy(&s->defines, "AMD64");
#endif
	target = *target ? target : "0x0A00";
	if (*ntddi == '\0')
		ntddi = macros_ntddi_version(msbuild_get(m, "WindowsTargetPlatformVersion"));
	strings_format(&s->defines, "_WIN32_WINNT=%s", target);
	strings_format(&s->defines, "WINVER=%s", target);
	strings_copy(&s->defines, "WINNT=1");
	if (user_mode) {
		strings_copy(&s->defines, "UNICODE");
		strings_copy(&s->defines, "_UNICODE");
	}
	strings_format(&s->defines, "NTDDI_VERSION=%s", ntddi);
	if (string_same(msbuild_get(m, "UseDebugLibraries"), "true"))
		strings_copy(&s->defines, "DBG=1");
}

/* A list's parts, unescaped; @add is called for each. */
static void each_part(struct cl *cl, const char *text, void (*add)(struct cl *, const char *))
{
	struct strings parts = { 0 };

	strings_split(&parts, text, ';');
	for (size_t i = 0; i < parts.count; i++) {
		properties_unescape(parts.at[i]);
		add(cl, parts.at[i]);
	}
	strings_free(&parts);
}

/* NAME=\"text\": quotes and backslashes are for cl's command line. */
static void add_definition(struct cl *cl, const char *text)
{
	char *definition = cl_unquote(text);

	cl_define(cl, definition);
	free(definition);
}

static void add_forced(struct cl *cl, const char *text)
{
	char *file = cl_unquote(text);

	strings_add(&cl->source->forced_includes, path_join("", file));
	free(file);
}

/* "a folder with blanks": the quotes are for the command line; its last backslash is none. */
static void add_include(struct cl *cl, const char *text)
{
	size_t length = strlen(text);
	bool quoted = length > 1 && text[0] == '"' && text[length - 1] == '"';
	char *folder = quoted ? string_copy_n(text + 1, length - 2) : string_copy(text);

	cl_include(cl, folder);
	free(folder);
}

/* The object by a name that tells two of them apart: "x64\Release\a.obj". */
static void name_object(struct source *s, const char *given)
{
	const char *name = windows_name(given);
	char *stem = path_stem(s->path);
	char *object =
		string_format("%s%s%s", given, *name ? "" : stem, strchr(name, '.') ? "" : ".obj");

	free(s->object);
	s->object = object;
	free(stem);
}

bool settings_read(struct source *s, struct project *project, const struct msbuild *m,
		   const struct item *item, const char *file, char **error)
{
	char *folder = path_folder(file),
	     *options = string_copy(item_get(item, "AdditionalOptions"));
	struct cl cl = {
		.source = s, .project = project, .folder = folder, .file = path_name(file)
	};
	char *object = string_trim(item_get(item, "ObjectFileName"));

	s->optimize = !string_same(msbuild_get(m, "UseDebugLibraries"), "true");
	add_system_defines(s, m, project->user_mode);
	cl_elements(&cl, item);
	each_part(&cl, item_get(item, "PreprocessorDefinitions"), add_definition);
	each_part(&cl, item_get(item, "UndefinePreprocessorDefinitions"), cl_undefine);
	each_part(&cl, item_get(item, "ForcedIncludeFiles"), add_forced);
	each_part(&cl, item_get(item, "AdditionalIncludeDirectories"), add_include);
	properties_unescape(options);
	cl_options(&cl, options);
	cl_finish(&cl);
	name_object(s, s->object ? s->object : object);
	free(object);
	free(options);
	*error = cl.error;
	if (!cl.error)
		wpp_settings_read(s, project, item, folder, error);
	free(folder);
	return !*error;
}

/* A search path in which KIT_FOLDERS stands for the kit's: what is behind it is looked in last. */
static void add_search_path(struct cl *cl, const char *text)
{
	struct strings parts = { 0 };
	bool late = false;

	strings_split(&parts, text, ';');
	for (size_t i = 0; i < parts.count; i++) {
		properties_unescape(parts.at[i]);
		if (strcmp(parts.at[i], KIT_FOLDERS) == 0)
			late = true;
		else if (late)
			cl_include_late(cl, parts.at[i]);
		else
			cl_include(cl, parts.at[i]);
	}
	strings_free(&parts);
}

void settings_finish(struct source *s, struct project *project, const struct msbuild *m,
		     const struct strings *shared, const char *file)
{
	char *folder = path_folder(file);
	struct cl cl = {
		.source = s, .project = project, .folder = folder, .file = path_name(file)
	};
	struct strings own = { 0 };

	for (size_t i = 0; i < shared->count; i++)
		cl_include(&cl, shared->at[i]);
	settings_shared(&own, m, file);
	for (size_t i = 0; i < own.count; i++)
		cl_include(&cl, own.at[i]);
	if (!s->no_standard_includes) {
		add_search_path(&cl, msbuild_get(m, "IncludePath"));
		add_search_path(&cl, msbuild_get(m, "ExternalIncludePath"));
	}
	strings_free(&own);
	free(folder);
}

static void share(struct strings *folders, const char *folder, const char *path)
{
	char *found = path_find(folder, path);

	if (found && path_is_folder(found))
		strings_add_once(folders, found);
	else
		free(found);
}

void settings_shared(struct strings *folders, const struct msbuild *m, const char *file)
{
	char *folder = path_folder(file);
	struct strings parts = { 0 };

	strings_split(&parts, msbuild_get(m, "PublicIncludeDirectories"), ';');
	for (size_t i = 0; i < parts.count; i++) {
		properties_unescape(parts.at[i]);
		share(folders, folder, parts.at[i]);
	}
	for (size_t i = 0; i < m->item_count; i++) {
		char *of_header;

		if (!string_same(m->items[i].type, "ClInclude") ||
		    !string_same(msbuild_get(m, "AllProjectIncludesArePublic"), "true"))
			continue;
		of_header = windows_folder(item_get(&m->items[i], "FullPath"));
		if (of_header)
			share(folders, folder, of_header);
		free(of_header);
	}
	strings_free(&parts);
	free(folder);
}
