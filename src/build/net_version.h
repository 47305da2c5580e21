/* SPDX-License-Identifier: MIT */
/* The versions of NetAdapterCx that drivers can be built for: the one table of them. */
#ifndef BUILD_NET_VERSION_H
#define BUILD_NET_VERSION_H

#include "build/project.h"

/* One version. @folder is below include/netadaptercx: minor versions of a shape share one. */
struct net_version {
	struct version version;
	const char *folder;
	unsigned kmdf_minor; /* KMDF 1.x came in the same kit, for projects that name none */
};

/* net_version_newest() - what is taken when nothing speaks for another. */
const struct net_version *net_version_newest(void);

/* net_version_find() - NULL: this build has no such version. */
const struct net_version *net_version_find(const struct version *version);

/* net_version_at() - the oldest is 0; NULL behind the newest. */
const struct net_version *net_version_at(size_t i);

/* net_version_list() - "1.3, 2.0", for messages; the caller's. */
char *net_version_list(void);

/*
 * net_version_with_header() - who has a header: versions, or user mode
 * @include_root: the folder with netadaptercx/
 * Return: "of NetAdapterCx 2.0, 2.1", the caller's; NULL: nobody has it.
 */
char *net_version_with_header(const char *include_root, const char *header);

/*
 * net_version_framework() - NAME_VERSION_MAJOR, _MINOR and NAME_MINIMUM_VERSION_REQUIRED
 * @name: "KMDF" or "UMDF"; @version: major 0: not said; @minimum: 0: not said
 */
bool net_version_framework(const struct properties *properties, const char *name,
			   struct version *version, unsigned *minimum, const char *file,
			   char **error);

/*
 * net_version_read() - the version of NetAdapterCx that properties ask for, and its oldest at run
 * time
 * @file: for the message
 * Return: false, with @error, the caller's, when one cannot be.
 */
bool net_version_read(struct project *project, const struct properties *properties,
		      const char *file, char **error);

/*
 * net_version_settle() - a project whose properties say nothing may say it in its definitions, or
 * by the kit's folder that it names
 * @said: one sentence about it, the caller's; NULL: nothing is said
 * Return: false, with @error, the caller's, when sources are for different versions.
 */
bool net_version_settle(struct project *project, char **said, char **error);

#endif
