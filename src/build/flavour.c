/* SPDX-License-Identifier: MIT */
/*
 * What decides, in Microsoft's projects: the toolset, WindowsUserModeDriver10.0 or
 * WindowsKernelModeDriver10.0; DriverType; and the names of the version's properties, which only
 * one of the frameworks knows.
 */
#include "build/flavour.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/net_version.h"

#define KMDF_NEWEST    33U
#define UMDF_NEWEST    33U
#define NET_FIRST_UMDF 5U /* the first minor version of NetAdapterCx 2 with user-mode drivers */

enum mode { UNSAID, KERNEL, USER };

/* One property's word on it. */
struct saying {
	const char *property, *value;
	enum mode mode;
};

/* What a project's properties say, and where. */
struct framework {
	struct saying by;
	struct version version; /* major 0: not said */
	unsigned minimum;       /* 0: not said */
};

static enum mode mode_of_toolset(const char *value)
{
	return string_same(value, "WindowsUserModeDriver10.0")     ? USER
	       : string_same(value, "WindowsKernelModeDriver10.0") ? KERNEL
								   : UNSAID;
}

static enum mode mode_of_type(const char *value)
{
	return string_same(value, "UMDF")                                ? USER
	       : string_same(value, "KMDF") || string_same(value, "WDM") ? KERNEL
									 : UNSAID;
}

static enum mode mode_if_set(const char *value, enum mode mode)
{
	return *value ? mode : UNSAID;
}

static const char *get(const struct properties *p, const char *name)
{
	const char *value = properties_get(p, name);

	return value ? value : "";
}

/* Those that decide alone first; a version's properties are looked at when nothing else speaks. */
static bool read_mode(struct framework *f, const struct properties *p, const char *file,
		      char **error)
{
	const struct saying said[] = {
		{ "PlatformToolset", get(p, "PlatformToolset"),
		  mode_of_toolset(get(p, "PlatformToolset")) },
		{ "DriverType", get(p, "DriverType"), mode_of_type(get(p, "DriverType")) },
		{ "UMDF_VERSION_MAJOR", get(p, "UMDF_VERSION_MAJOR"),
		  mode_if_set(get(p, "UMDF_VERSION_MAJOR"), USER) },
		{ "KMDF_VERSION_MAJOR", get(p, "KMDF_VERSION_MAJOR"),
		  mode_if_set(get(p, "KMDF_VERSION_MAJOR"), KERNEL) },
	};

	for (size_t i = 0; i < ARRAY_COUNT(said); i++) {
		if (said[i].mode == UNSAID)
			continue;
		if (f->by.mode == UNSAID) {
			f->by = said[i];
		} else if (said[i].mode != f->by.mode &&
			   (i < 2 || f->by.property == said[2].property)) {
			*error = string_format(
				"%s: %s is %s, and %s %s: a driver is a user-mode one (UMDF) or a kernel-mode one (KMDF)",
				file, f->by.property, f->by.value, said[i].property, said[i].value);
			return false;
		}
	}
	return true;
}

static bool read_framework(struct framework *f, const struct properties *p, const char *file,
			   char **error)
{
	const char *name;

	*f = (struct framework){ 0 };
	if (!read_mode(f, p, file, error))
		return false;
	name = f->by.mode == USER ? "UMDF" : "KMDF";
	return net_version_framework(p, name, &f->version, &f->minimum, file, error);
}

const char *flavour_framework(const struct project *project)
{
	return project->user_mode ? "UMDF" : "KMDF";
}

static bool check_newest(const struct project *project, const char *file, char **error)
{
	const struct version *v = &project->wdf;
	unsigned major = project->user_mode ? 2 : 1;
	unsigned newest = project->user_mode ? UMDF_NEWEST : KMDF_NEWEST;
	const char *name = flavour_framework(project);

	if (v->major == 0 || (v->major <= major && v->minor <= newest && v->major == major))
		return true;
	*error = string_format("%s%s%s %u.%u is asked for; this netcx has %u.x up to %u.%u",
			       file ? file : "", file ? ": " : "", name, v->major, v->minor, major,
			       major, newest);
	return false;
}

bool flavour_read(struct project *project, const struct properties *p, const char *file,
		  char **error)
{
	struct framework f;

	if (!read_framework(&f, p, file, error))
		return false;
	project->user_mode = f.by.mode == USER;
	project->wdf = f.version;
	project->wdf_minimum = f.minimum;
	if (f.minimum && f.version.major && f.minimum > f.version.minor) {
		*error = string_format(
			"%s: %s_MINIMUM_VERSION_REQUIRED is %u, above %s_VERSION_MINOR, which is %u",
			file, flavour_framework(project), f.minimum, flavour_framework(project),
			f.version.minor);
		return false;
	}
	return true;
}

bool flavour_check_library(const struct project *project, const struct properties *p,
			   const char *file, char **error)
{
	const char *name = flavour_framework(project);
	struct framework f;

	if (!read_framework(&f, p, file, error))
		return false;
	if (f.by.mode != UNSAID && (f.by.mode == USER) != project->user_mode) {
		*error = string_format(
			"%s: a library for %s (%s is %s), and the driver that it is linked into is for %s: all of a driver is for one of the two",
			file, f.by.mode == USER ? "UMDF" : "KMDF", f.by.property, f.by.value, name);
		return false;
	}
	if (f.version.major == 0 || project->wdf.major == 0 ||
	    (f.version.major == project->wdf.major && f.version.minor == project->wdf.minor))
		return true;
	*error = string_format(
		"%s: a library for %s %u.%u, and the driver that it is linked into is for %u.%u: one file has one version of the framework (-p %s_VERSION_MINOR=%u sets it for both)",
		file, name, f.version.major, f.version.minor, project->wdf.major,
		project->wdf.minor, name, project->wdf.minor);
	return false;
}

bool flavour_settle(struct project *project, unsigned kmdf_minor, char **error)
{
	const struct version *net = &project->net;

	if (project->wdf.major == 0)
		project->wdf = project->user_mode ? (struct version){ 2, UMDF_NEWEST }
						  : (struct version){ 1, kmdf_minor };
	if (!check_newest(project, NULL, error))
		return false;
	if (project->user_mode && (net->major != 2 || net->minor < NET_FIRST_UMDF)) {
		*error = string_format(
			"a UMDF driver for NetAdapterCx %u.%u: the first version with user-mode drivers is 2.%u",
			net->major, net->minor, NET_FIRST_UMDF);
		return false;
	}
	return true;
}
