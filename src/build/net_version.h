/* SPDX-License-Identifier: MIT */
/* The versions of NetAdapterCx that drivers can be built for: the one table of them. */
#ifndef BUILD_NET_VERSION_H
#define BUILD_NET_VERSION_H

#include "build/project.h"

/* One version. @folder is below include/netadaptercx: minor versions of a shape may share one. */
struct net_version {
	struct version version;
	const char *folder;
};

/* net_version_newest() - what is taken when a project says nothing. */
const struct net_version *net_version_newest(void);

/* net_version_find() - NULL: this build has no such version. */
const struct net_version *net_version_find(const struct version *version);

/* net_version_list() - "1.3, 2.0", for messages; the caller's. */
char *net_version_list(void);

#endif
