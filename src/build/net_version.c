/* SPDX-License-Identifier: MIT */
#include "build/net_version.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/path.h"

/* The oldest first. What `netcx run` plays is in src/cx/api; a test holds the two together. */
static const struct net_version versions[] = {
	{ { 1, 3 }, "1.3", 27 }, { { 2, 0 }, "2", 31 }, { { 2, 1 }, "2", 31 },
	{ { 2, 2 }, "2", 33 },   { { 2, 3 }, "2", 33 }, { { 2, 4 }, "2", 33 },
	{ { 2, 5 }, "2", 33 },
};

#define COUNT ARRAY_COUNT(versions)

/* The first minor version of 2 whose headers know of an oldest one at run time. */
#define FIRST_MINIMUM 4U

const struct net_version *net_version_newest(void)
{
	return &versions[COUNT - 1];
}

const struct net_version *net_version_at(size_t i)
{
	return i < COUNT ? &versions[i] : NULL;
}

const struct net_version *net_version_find(const struct version *version)
{
	for (size_t i = 0; i < COUNT; i++) {
		if (versions[i].version.major == version->major &&
		    versions[i].version.minor == version->minor)
			return &versions[i];
	}
	return NULL;
}

char *net_version_list(void)
{
	struct buffer list = { 0 };

	for (size_t i = 0; i < COUNT; i++)
		buffer_add_format(&list, "%s%u.%u", i ? ", " : "", versions[i].version.major,
				  versions[i].version.minor);
	return buffer_take(&list);
}

static bool has_header(const char *include_root, const char *below, const char *header)
{
	char *folder = string_format("%s/%s", include_root, below);
	char *found = path_find(folder, header);
	bool has = found && path_is_file(found);

	free(found);
	free(folder);
	return has;
}

char *net_version_with_header(const char *include_root, const char *header)
{
	struct buffer list = { 0 };

	for (size_t i = 0; i < COUNT; i++) {
		char *folder = string_format("netadaptercx/%s", versions[i].folder);

		if (has_header(include_root, folder, header))
			buffer_add_format(&list, "%s%u.%u", list.length ? ", " : "of NetAdapterCx ",
					  versions[i].version.major, versions[i].version.minor);
		free(folder);
	}
	if (!list.length && has_header(include_root, "um", header))
		buffer_add(&list, "of user mode, which a kernel-mode driver has not");
	return list.length ? buffer_take(&list) : NULL;
}

static bool read_number(const char *text, unsigned *number)
{
	size_t digits = strspn(text, "0123456789");

	*number = digits && digits < 6 ? (unsigned)strtoul(text, NULL, 10) : 0;
	return digits && digits < 6 && text[digits] == '\0';
}

/* A property that is a number. Return: false: it is there and none. */
static bool get_number(const struct properties *p, const char *name, bool *there, unsigned *number)
{
	const char *value = properties_get(p, name);
	char *text = string_trim(value ? value : "");
	bool ok = true;

	*there = *text != '\0';
	if (*there)
		ok = read_number(text, number);
	free(text);
	return ok;
}

/* Return: false, when what is there of NAME_MAJOR and NAME_MINOR is no number. */
static bool get_version(const struct properties *p, const char *name, struct version *version,
			bool *major, bool *minor)
{
	char *major_name = string_format("%s_MAJOR", name);
	char *minor_name = string_format("%s_MINOR", name);
	bool ok = get_number(p, major_name, major, &version->major) &&
		  get_number(p, minor_name, minor, &version->minor);

	free(minor_name);
	free(major_name);
	return ok;
}

static bool check_minimum(const struct project *project, const char *file, char **error)
{
	unsigned minimum = project->net_minimum, newest = project->net.minor;

	if (project->net.major == 2 && newest >= FIRST_MINIMUM && minimum >= FIRST_MINIMUM &&
	    minimum <= newest)
		return true;
	if (project->net.major && (project->net.major != 2 || newest < FIRST_MINIMUM))
		*error = string_format(
			"%s: NETADAPTER_MINIMUM_VERSION_REQUIRED is %u, and NetAdapterCx %u.%u has no minimum version: 2.%u is the first that has",
			file, minimum, project->net.major, newest, FIRST_MINIMUM);
	else if (project->net.major || minimum < FIRST_MINIMUM)
		*error = string_format(
			"%s: NETADAPTER_MINIMUM_VERSION_REQUIRED is %u; it is a minor version, from %u to NETADAPTER_VERSION_MINOR",
			file, minimum, FIRST_MINIMUM);
	return !*error;
}

bool net_version_framework(const struct properties *p, const char *name, struct version *version,
			   unsigned *minimum, const char *file, char **error)
{
	char *version_name = string_format("%s_VERSION", name);
	char *minimum_name = string_format("%s_MINIMUM_VERSION_REQUIRED", name);
	bool major = false, minor = false, there;
	bool ok = get_version(p, version_name, version, &major, &minor) &&
		  get_number(p, minimum_name, &there, minimum);

	if (!ok)
		*error = string_format(
			"%s: %s_VERSION_MAJOR, %s_VERSION_MINOR and %s_MINIMUM_VERSION_REQUIRED are numbers",
			file, name, name, name);
	if (minor && !major)
		version->major = strcmp(name, "UMDF") == 0 ? 2 : 1;
	/* The major version alone says which framework it is. */
	if (major && !minor)
		version->major = 0;
	free(minimum_name);
	free(version_name);
	return ok;
}

bool net_version_read(struct project *project, const struct properties *p, const char *file,
		      char **error)
{
	bool major, minor, minimum;

	if (!get_version(p, "NETADAPTER_VERSION", &project->net, &major, &minor) ||
	    !get_number(p, "NETADAPTER_MINIMUM_VERSION_REQUIRED", &minimum,
			&project->net_minimum)) {
		*error = string_format(
			"%s: NETADAPTER_VERSION_MAJOR, NETADAPTER_VERSION_MINOR and NETADAPTER_MINIMUM_VERSION_REQUIRED are numbers",
			file);
		return false;
	}
	if (major != minor) {
		*error = string_format(
			"%s: NETADAPTER_VERSION_MAJOR and NETADAPTER_VERSION_MINOR go together, and only the %s is set",
			file, major ? "first" : "second");
		return false;
	}
	if (major && project->net.major == 0) {
		*error = string_format(
			"%s: NETADAPTER_VERSION_MAJOR is 0: there is no such NetAdapterCx", file);
		return false;
	}
	return !minimum || check_minimum(project, file, error);
}

/* The value of a definition "NAME=2", also "NAME=(2)"; false: there is none, or it is no number. */
static bool defined_number(const struct source *source, const char *name, unsigned *number)
{
	size_t length = strlen(name);
	bool found = false;

	for (size_t i = 0; i < source->defines.count; i++) {
		const char *define = source->defines.at[i];

		if (strncmp(define, name, length) == 0 && define[length] == '=')
			found = read_number(define + length + 1, number);
	}
	return found;
}

static bool defined_version(const struct source *source, struct version *version)
{
	return defined_number(source, "NETADAPTER_VERSION_MAJOR", &version->major) &&
	       defined_number(source, "NETADAPTER_VERSION_MINOR", &version->minor);
}

/* What a source defines is what the whole project is for. */
static bool check_source(struct project *project, const struct source *source, char **said,
			 char **error)
{
	const char *name = path_name(source->path);
	struct version own = { 0 }, *net = &project->net;

	if (!defined_version(source, &own))
		return true;
	if (net->major == 0) {
		*net = own;
		*said = string_format("NetAdapterCx %u.%u, as %s defines it", own.major, own.minor,
				      name);
		return true;
	}
	if (own.major == net->major && own.minor == net->minor)
		return true;
	*error = string_format(
		"%s defines NETADAPTER_VERSION_MAJOR and NETADAPTER_VERSION_MINOR as %u and %u, and the driver is for NetAdapterCx %u.%u: all of its files are for one version",
		name, own.major, own.minor, net->major, net->minor);
	return false;
}

bool net_version_settle(struct project *project, char **said, char **error)
{
	const struct version *folder = &project->net_folder;

	*said = NULL;
	for (size_t i = 0; i < project->source_count; i++) {
		if (!check_source(project, &project->sources[i], said, error))
			return false;
	}
	if (project->net.major || folder->major == 0)
		return true;
	project->net = *folder;
	*said = string_format(
		"NetAdapterCx %u.%u, as the kit's folder in the include directories says",
		folder->major, folder->minor);
	return true;
}
