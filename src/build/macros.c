/* SPDX-License-Identifier: MIT */
/* Property names as in Microsoft's documentation: "Common macros for MSBuild commands and
 * properties", "MSBuild reserved and well-known properties", and the WDK's. */
#include "build/macros.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/path.h"
#include "build/windows_path.h"

/* The Visual Studio that is played: 2022. The kit's version is that of the headers we have. */
static const struct {
	const char *name, *value;
} fixed[] = {
	{ "OS", "Windows_NT" },
	{ "PROCESSOR_ARCHITECTURE", "AMD64" },
	{ "VisualStudioVersion", "17.0" },
	{ "MSBuildToolsVersion", "Current" },
	{ "MSBuildVersion", "17.14.0" },
	{ "MSBuildFileVersion", "17.14.0.0" },
	{ "MSBuildAssemblyVersion", "15.1" },
	{ "MSBuildRuntimeType", "Full" },
	{ "MSBuildInteractive", "false" },
	{ "VCProjectVersion", "17.0" },
	{ "PlatformToolsetVersion", "143" },
	{ "LatestTargetPlatformVersion", "10.0.26100.0" },
	{ "LatestWindowsTargetPlatformVersion", "10.0.26100.0" },
	{ "TargetPlatformIdentifier", "Windows" },
	{ "_NT_TARGET_VERSION_VISTA", "0x600" },
	{ "_NT_TARGET_VERSION_WIN7", "0x601" },
	{ "_NT_TARGET_VERSION_WIN8", "0x602" },
	{ "_NT_TARGET_VERSION_WINBLUE", "0x603" },
	{ "_NT_TARGET_VERSION_WIN10", "0xA00" },
	{ "IncludePath", KIT_FOLDERS },
	{ "ExternalIncludePath", KIT_FOLDERS },
	{ "TargetExt", ".sys" },
};

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

/* A path of this machine as Windows writes it, with what follows it. */
static void set_path(struct properties *p, const char *name, const char *path, const char *after)
{
	bool root = strcmp(path, "/") == 0 && *after == '/';
	char *joined = string_format("%s%s", root ? "" : path, after);
	char *value = windows_path(joined);

	properties_set(p, name, value);
	free(value);
	free(joined);
}

static void set_project(struct properties *p, const char *file)
{
	char *folder = path_folder(file), *stem = path_stem(file);

	set_path(p, "MSBuildProjectFullPath", file, "");
	set_path(p, "MSBuildProjectDirectory", folder, "");
	set_path(p, "MSBuildProjectDirectoryNoRoot", folder + 1, "");
	set_path(p, "MSBuildStartupDirectory", folder, "");
	properties_set(p, "MSBuildProjectFile", path_name(file));
	properties_set(p, "MSBuildProjectName", stem);
	properties_set(p, "MSBuildProjectExtension", path_extension(file));
	set_path(p, "ProjectPath", file, "");
	set_path(p, "ProjectDir", folder, "/");
	properties_set(p, "ProjectFileName", path_name(file));
	properties_set(p, "ProjectName", stem);
	properties_set(p, "ProjectExt", path_extension(file));
	properties_set(p, "TargetName", stem);
	free(stem);
	free(folder);
}

static void set_output(struct properties *p, const char *file)
{
	char *folder = path_folder(file), *solution = solution_folder(folder);
	const char *configuration = properties_get(p, "Configuration");
	const char *platform = properties_get(p, "Platform");
	bool wide = string_same(platform, "x64") || string_same(platform, "ARM64");
	char *intermediate = string_format("%s/%s/", platform, configuration);
	char *after = string_format("/%s", intermediate);

	set_path(p, "SolutionDir", solution, "/");
	set_path(p, "IntDir", intermediate, "");
	set_path(p, "OutDir", solution, after);
	properties_set(p, "PlatformTarget", platform);
	properties_set(p, "PlatformShortName", string_same(platform, "Win32") ? "x86" : platform);
	properties_set(p, "DDKPlatform", string_same(platform, "Win32") ? "x86" : platform);
	properties_set(p, "PlatformArchitecture", wide ? "64" : "32");
	free(after);
	free(intermediate);
	free(solution);
	free(folder);
}

void macros_set(struct properties *p, const char *file)
{
	for (size_t i = 0; i < ARRAY_COUNT(fixed); i++)
		properties_set(p, fixed[i].name, fixed[i].value);
	set_project(p, file);
	set_output(p, file);
}

static const char *get(const struct properties *p, const char *name)
{
	const char *value = properties_get(p, name);

	return value ? value : "";
}

/* Before Windows 10 a driver says for which Windows it is. */
static const char *target_version(const char *target)
{
	static const struct {
		const char *target, *version;
	} versions[] = {
		{ "Windows7", "0x601" },
		{ "Windows8", "0x602" },
		{ "WindowsV6.3", "0x603" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(versions); i++) {
		if (string_same(versions[i].target, target))
			return versions[i].version;
	}
	return "0xA00";
}

void macros_imported(struct properties *p, const char *name)
{
	const char *latest = get(p, "LatestTargetPlatformVersion");
	const char *wanted = get(p, "WindowsTargetPlatformVersion");

	if (!string_same(name, "Microsoft.Cpp.Default.props") &&
	    !string_same(name, "Microsoft.Cpp.props"))
		return;
	/* "10.0" is the newest kit that is installed. */
	if (*wanted == '\0' || strcmp(wanted, "10.0") == 0)
		properties_set(p, "WindowsTargetPlatformVersion", latest);
	properties_set(p, "TargetPlatformVersion", get(p, "WindowsTargetPlatformVersion"));
	if (string_same(get(p, "PlatformToolset"), "WindowsUserModeDriver10.0") &&
	    string_same(get(p, "TargetExt"), ".sys"))
		properties_set(p, "TargetExt", ".dll");
	if (string_same(name, "Microsoft.Cpp.props") && *get(p, "_NT_TARGET_VERSION") == '\0')
		properties_set(p, "_NT_TARGET_VERSION", target_version(get(p, "TargetVersion")));
}

/* Windows 10 1507 to Windows 11 24H2. */
const char *macros_ntddi_version(const char *kit)
{
	static const struct {
		unsigned build;
		const char *version;
	} versions[] = {
		{ 26100, "0x0A000010" }, { 25398, "0x0A00000E" }, { 22621, "0x0A00000C" },
		{ 22000, "0x0A00000B" }, { 20348, "0x0A00000A" }, { 19041, "0x0A000008" },
		{ 18362, "0x0A000007" }, { 17763, "0x0A000006" }, { 17134, "0x0A000005" },
		{ 16299, "0x0A000004" }, { 15063, "0x0A000003" }, { 14393, "0x0A000002" },
		{ 10586, "0x0A000001" },
	};
	unsigned build;

	if (sscanf(kit, "10.0.%u", &build) != 1)
		return "0x0A000010"; /* the newest */
	for (size_t i = 0; i < ARRAY_COUNT(versions); i++) {
		if (build >= versions[i].build)
			return versions[i].version;
	}
	return "0x0A000000";
}
