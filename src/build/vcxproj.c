/* SPDX-License-Identifier: MIT */
/*
 * A .vcxproj becomes a list of sources. What Visual Studio's and the WDK's own property files would
 * give is named here: property names as in the WDK's documentation, macros as its build passes
 * them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "build/msbuild.h"
#include "build/path.h"
#include "build/project.h"

#define DEEPEST_REFERENCE 8 /* projects that refer to projects */

static bool read_project(struct project *project, const char *file,
			 const struct properties *globals, int depth, char **error);

/* The folder of the nearest .sln at or above the project, else the project's own. Caller's. */
static char *solution_folder(const char *folder)
{
	char *at = string_copy(folder), *up;

	for (;;) {
		struct strings found = { 0 };
		char *pattern = string_format("%s/*.sln", at);
		bool here;

		path_glob(&found, at, pattern);
		here = found.count > 0;
		free(pattern);
		strings_free(&found);
		if (here)
			return at;
		if (strcmp(at, "/") == 0)
			break;
		up = path_folder(at);
		free(at);
		at = up;
	}
	free(at);
	return string_copy(folder);
}

static void set_format(struct properties *p, const char *name, const char *form, const char *text)
{
	char *value = form ? string_format("%s/", text) : string_copy(text);

	properties_set(p, name, value);
	free(value);
}

/* What a project may refer to before anything has set it. */
static void set_macros(struct properties *p, const char *file)
{
	char *folder = path_folder(file), *stem = path_stem(file);
	char *solution = solution_folder(folder);
	const char *configuration = properties_get(p, "Configuration");
	const char *platform = properties_get(p, "Platform");
	char *intermediate = string_format("%s/%s/", platform, configuration);
	char *out = string_format("%s/%s", solution, intermediate);

	set_format(p, "MSBuildProjectFullPath", NULL, file);
	set_format(p, "MSBuildProjectDirectory", NULL, folder);
	set_format(p, "MSBuildProjectFile", NULL, path_name(file));
	set_format(p, "MSBuildProjectName", NULL, stem);
	set_format(p, "MSBuildProjectExtension", NULL, path_extension(file));
	set_format(p, "ProjectPath", NULL, file);
	set_format(p, "ProjectDir", "/", folder);
	set_format(p, "ProjectFileName", NULL, path_name(file));
	set_format(p, "ProjectName", NULL, stem);
	set_format(p, "ProjectExt", NULL, path_extension(file));
	set_format(p, "SolutionDir", "/", solution);
	set_format(p, "TargetName", NULL, stem);
	set_format(p, "TargetExt", NULL, ".sys");
	set_format(p, "IntDir", NULL, intermediate);
	set_format(p, "OutDir", NULL, out);
	set_format(p, "PlatformTarget", NULL, platform);
	free(out);
	free(intermediate);
	free(solution);
	free(stem);
	free(folder);
}

/* NTDDI_VERSION by the kit's build number: Windows 10 1507 to Windows 11 24H2. */
static const char *ntddi_version(const char *kit)
{
	static const struct {
		unsigned build;
		const char *version;
	} versions[] = {
		{ 26100, "0x0A000010" }, { 22621, "0x0A00000C" }, { 22000, "0x0A00000B" },
		{ 20348, "0x0A00000A" }, { 19041, "0x0A000008" }, { 18362, "0x0A000007" },
		{ 17763, "0x0A000006" }, { 17134, "0x0A000005" }, { 16299, "0x0A000004" },
		{ 15063, "0x0A000003" }, { 14393, "0x0A000002" }, { 10586, "0x0A000001" },
	};
	unsigned build;

	if (sscanf(kit, "10.0.%u", &build) != 1)
		return "0x0A000006"; /* NetAdapterCx 1.3 came with 17763 */
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		if (build >= versions[i].build)
			return versions[i].version;
	}
	return "0x0A000000";
}

/* As the WDK's build of a kernel driver passes them, before the project's own. */
static void add_system_defines(struct source *s, const struct msbuild *m)
{
	static const char *const always[] = { "_WIN32_WINNT=0x0A00", "WINVER=0x0A00", "WINNT=1" };
	const char *platform = msbuild_get(m, "Platform");

	if (string_same(platform, "x64")) {
		strings_copy(&s->defines, "_WIN64");
		strings_copy(&s->defines, "_AMD64_");
		strings_copy(&s->defines, "AMD64");
	} else if (string_same(platform, "ARM64")) {
		strings_copy(&s->defines, "_WIN64");
		strings_copy(&s->defines, "_ARM64_");
		strings_copy(&s->defines, "ARM64");
	}
	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		strings_copy(&s->defines, always[i]);
	strings_format(&s->defines, "NTDDI_VERSION=%s",
		       ntddi_version(msbuild_get(m, "WindowsTargetPlatformVersion")));
	if (string_same(msbuild_get(m, "UseDebugLibraries"), "true"))
		strings_copy(&s->defines, "DBG=1");
}

/* <LanguageStandard> or the value of /std:, for clang; MSVC's own default is C++14. */
static const char *standard_of(const char *value, enum language language)
{
	static const struct {
		const char *element, *option, *standard;
	} standards[] = {
		{ "stdcpp14", "c++14", "c++14" }, { "stdcpp17", "c++17", "c++17" },
		{ "stdcpp20", "c++20", "c++20" }, { "stdcpp23", "c++23preview", "c++2b" },
		{ "stdc11", "c11", "gnu11" },     { "stdcpplatest", "c++latest", "c++20" },
		{ "stdc17", "c17", "gnu17" },     { "stdclatest", "clatest", "gnu17" },
	};

	for (size_t i = 0; i < sizeof(standards) / sizeof(standards[0]); i++) {
		if (string_same(value, standards[i].element) ||
		    string_same(value, standards[i].option))
			return standards[i].standard;
	}
	return language == LANGUAGE_C ? "gnu17" : "c++14";
}

static void add_list(struct strings *list, const char *text)
{
	size_t first = list->count;

	strings_split(list, text, ';');
	for (size_t i = first; i < list->count; i++)
		properties_unescape(list->at[i]);
}

/* NAME=\"text\": the backslashes are for cl's command line. */
static void unquote(char *define)
{
	char *to = define;

	for (; *define; define++) {
		if (define[0] == '\\' && define[1] == '"')
			define++;
		*to++ = *define;
	}
	*to = '\0';
}

static void add_folder(struct source *s, struct project *project, const char *folder,
		       const char *text)
{
	char *found = path_find(folder, text), *joined = path_join(folder, text);
	char *absolute = path_absolute(joined);

	/* One that is not there stays: clang passes over it, and -v shows it. */
	if (found && !strings_has(&project->folders, found))
		strings_copy(&project->folders, found);
	strings_copy(&s->include_folders, found ? found : absolute);
	free(absolute);
	free(joined);
	free(found);
}

/* /D, /I, /U, /FI and /std: among <AdditionalOptions>; the others are for MSVC only. */
static void read_options(struct source *s, struct project *project, const char *folder,
			 const char *text)
{
	struct strings options = { 0 };
	const char *value;

	strings_split(&options, text, ' ');
	for (size_t i = 0; i < options.count; i++) {
		char *option = options.at[i];
		bool apart;

		if ((option[0] != '/' && option[0] != '-') || option[1] == '\0')
			continue;
		option++;
		if (strncmp(option, "std:", 4) == 0) {
			free(s->standard);
			s->standard = string_copy(standard_of(option + 4, s->language));
			continue;
		}
		value = option + (strncmp(option, "FI", 2) == 0 ? 2 : 1);
		apart = *value == '\0' && i + 1 < options.count;
		if (apart)
			value = options.at[++i];
		if (strncmp(option, "FI", 2) == 0)
			strings_copy(&s->forced_includes, value);
		else if (*option == 'D')
			strings_copy(&s->defines, value);
		else if (*option == 'U')
			strings_copy(&s->undefines, value);
		else if (*option == 'I')
			add_folder(s, project, folder, value);
		else if (apart)
			i--;
	}
	strings_free(&options);
}

static void read_settings(struct source *s, struct project *project, const struct msbuild *m,
			  const struct item *item, const char *folder)
{
	struct strings folders = { 0 };
	const char *standard;

	add_system_defines(s, m);
	add_list(&s->defines, item_get(item, "PreprocessorDefinitions"));
	for (size_t i = 0; i < s->defines.count; i++)
		unquote(s->defines.at[i]);
	add_list(&s->undefines, item_get(item, "UndefinePreprocessorDefinitions"));
	add_list(&s->forced_includes, item_get(item, "ForcedIncludeFiles"));
	add_list(&folders, item_get(item, "AdditionalIncludeDirectories"));
	for (size_t i = 0; i < folders.count; i++)
		add_folder(s, project, folder, folders.at[i]);
	strings_free(&folders);

	standard = item_get(item,
			    s->language == LANGUAGE_C ? "LanguageStandard_C" : "LanguageStandard");
	s->standard = string_copy(standard_of(standard, s->language));
	s->optimize = !string_same(item_get(item, "Optimization"), "Disabled") &&
		      (*item_get(item, "Optimization") ||
		       !string_same(msbuild_get(m, "UseDebugLibraries"), "true"));
	read_options(s, project, folder, item_get(item, "AdditionalOptions"));
}

static bool add_source(struct project *project, const struct msbuild *m, const struct item *item,
		       const char *folder, char **error)
{
	const char *as = item_get(item, "CompileAs");
	enum language language;
	char *found, *own;

	if (string_same(item_get(item, "ExcludedFromBuild"), "true"))
		return true;
	found = path_find(folder, item->identity);
	if (!found || !path_is_file(found)) {
		*error = string_format("%s:%d: the file '%s' is not there", item->file, item->line,
				       item->identity);
		free(found);
		return false;
	}
	if (!project_language(found, &language) && !string_same(as, "CompileAsC") &&
	    !string_same(as, "CompileAsCpp")) {
		strings_format(&project->warnings, "%s:%d: '%s' is no C or C++ and left out",
			       item->file, item->line, item->identity);
		free(found);
		return true;
	}
	if (string_same(as, "CompileAsC"))
		language = LANGUAGE_C;
	else if (string_same(as, "CompileAsCpp"))
		language = LANGUAGE_CXX;
	read_settings(project_add(project, found, language), project, m, item, folder);
	own = path_folder(found);
	if (!strings_has(&project->folders, own))
		strings_copy(&project->folders, own);
	free(own);
	free(found);
	return true;
}

/* The project has that configuration, if it lists any. */
static bool check_configuration(const struct msbuild *m, const char *file, char **error)
{
	char *wanted =
		string_format("%s|%s", msbuild_get(m, "Configuration"), msbuild_get(m, "Platform"));
	struct buffer listed = { 0 };
	bool found = false;

	for (size_t i = 0; i < m->item_count; i++) {
		if (!string_same(m->items[i].type, "ProjectConfiguration"))
			continue;
		found |= string_same(m->items[i].identity, wanted);
		buffer_add_format(&listed, "%s%s", listed.length ? ", " : "", m->items[i].identity);
	}
	found |= listed.length == 0;
	if (!found)
		*error = string_format("%s: no configuration %s; it has %s", file, wanted,
				       listed.at);
	buffer_free(&listed);
	free(wanted);
	return found;
}

/* NAME_MAJOR and NAME_MINOR; false: not numbers. */
static bool read_version(const struct msbuild *m, const char *name, struct version *version)
{
	char *major_name = string_format("%s_MAJOR", name),
	     *minor_name = string_format("%s_MINOR", name);
	const char *major = msbuild_get(m, major_name), *minor = msbuild_get(m, minor_name);
	char *end_major = "", *end_minor = "";

	if (*major) {
		version->major = (unsigned)strtoul(major, &end_major, 10);
		version->minor = (unsigned)strtoul(minor, &end_minor, 10);
	}
	free(minor_name);
	free(major_name);
	return *end_major == '\0' && *end_minor == '\0';
}

/* A static library that the driver is linked with is compiled into it. */
static bool read_reference(struct project *project, const struct item *item, const char *folder,
			   const struct properties *globals, int depth, char **error)
{
	char *found = path_find(folder, item->identity);
	bool ok = false;

	if (!found)
		*error = string_format("%s:%d: the project '%s' is not there", item->file,
				       item->line, item->identity);
	else
		ok = read_project(project, found, globals, depth + 1, error);
	free(found);
	return ok;
}

static bool read_items(struct project *project, const struct msbuild *m, const char *file,
		       const struct properties *globals, int depth, char **error)
{
	char *folder = path_folder(file);
	unsigned infs = 0;
	bool ok = true;

	for (size_t i = 0; i < m->item_count && ok; i++) {
		const struct item *item = &m->items[i];

		if (string_same(item->type, "ClCompile"))
			ok = add_source(project, m, item, folder, error);
		else if (string_same(item->type, "ProjectReference"))
			ok = read_reference(project, item, folder, globals, depth, error);
		else if (string_same(item->type, "Inf") && depth == 0 &&
			 !string_same(item_get(item, "ExcludedFromBuild"), "true") && ++infs == 1)
			project->inf = path_find(folder, item->identity);
	}
	free(folder);
	return ok;
}

/* The outermost project says what the driver is called and which versions it is for. */
static bool read_identity(struct project *project, const struct msbuild *m, const char *file,
			  char **error)
{
	char *solution = string_copy(msbuild_get(m, "SolutionDir"));

	project->file = string_copy(file);
	project->folder = path_folder(file);
	project->name = string_copy(msbuild_get(m, "TargetName"));
	if (*project->name == '\0' || strchr(project->name, '/')) {
		*error = string_format("%s: TargetName '%s' is not a file's name", file,
				       project->name);
	} else if (!read_version(m, "KMDF_VERSION", &project->kmdf) ||
		   !read_version(m, "NETADAPTER_VERSION", &project->net)) {
		*error = string_format(
			"%s: KMDF_VERSION_MAJOR, KMDF_VERSION_MINOR, NETADAPTER_VERSION_MAJOR and NETADAPTER_VERSION_MINOR are numbers",
			file);
	}
	if (!strings_has(&project->folders, project->folder))
		strings_copy(&project->folders, project->folder);
	/* Headers of the solution beside the project: found in any letter case, too. */
	if (path_is_folder(solution)) {
		char *absolute = path_absolute(solution);

		if (!strings_has(&project->folders, absolute))
			strings_add(&project->folders, absolute);
		else
			free(absolute);
	}
	free(solution);
	return !*error;
}

static bool read_project(struct project *project, const char *file,
			 const struct properties *globals, int depth, char **error)
{
	struct properties start = { 0 };
	struct msbuild m;
	bool ok;

	if (depth > DEEPEST_REFERENCE) {
		*error = string_format("%s: projects refer to each other in a circle", file);
		return false;
	}
	properties_copy(&start, globals);
	set_macros(&start, file);
	ok = msbuild_evaluate(&m, file, &start, error) && check_configuration(&m, file, error);
	if (ok && depth > 0 &&
	    !string_same(msbuild_get(&m, "ConfigurationType"), "StaticLibrary")) {
		properties_free(&start);
		msbuild_free(&m);
		return true;
	}
	if (ok && depth == 0)
		ok = read_identity(project, &m, file, error);
	ok = ok && read_items(project, &m, file, globals, depth, error);
	strings_append(&project->warnings, &m.warnings);
	if (ok && depth == 0 && project->source_count == 0) {
		*error = string_format("%s: no <ClCompile> file to compile in %s|%s", file,
				       msbuild_get(&m, "Configuration"),
				       msbuild_get(&m, "Platform"));
		ok = false;
	}
	msbuild_free(&m);
	properties_free(&start);
	return ok;
}

bool vcxproj_read(struct project *project, const char *file, const struct properties *globals,
		  char **error)
{
	return read_project(project, file, globals, 0, error);
}
