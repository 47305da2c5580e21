/* SPDX-License-Identifier: MIT */
/*
 * What each version of NetAdapterCx declares, as the compiler finds it in our headers: so a name
 * that a driver uses can be said to be of another version, or of a header that it does not include,
 * and a project that names no version gets one that has its names.
 */
#ifndef BUILD_NET_NAMES_H
#define BUILD_NET_NAMES_H

#include "build/compiler.h"
#include "build/net_version.h"

struct net_name {
	char *name;
	char *header; /* below its version's folder: "preview/netadapteroffload.h" */
	size_t order; /* of appearance */
};

/* One version's names, sorted. */
struct net_name_set {
	const struct net_version *version;
	struct net_name *at;
	size_t count;
};

/* All versions', the oldest first. Owned by one build; read when first asked for. */
struct net_names {
	struct net_name_set *sets;
	size_t count;
};

/*
 * net_names_read() - fill it, unless it is filled
 * @include_root: the folder with wdk/ and netadaptercx/
 * @temporary:    a folder for a file of ours
 * Return: false when the compiler did not take the headers; @names is empty then.
 */
bool net_names_read(struct net_names *names, const struct compiler *compiler,
		    const char *include_root, const char *temporary);
void net_names_free(struct net_names *names);

/* net_names_header() - the header that declares it in a version; NULL: none. */
const char *net_names_header(const struct net_names *names, const struct net_version *version,
			     const char *name, size_t length);

/*
 * net_names_where() - for a driver of @version that uses @name and does not find it: which header
 * or which other versions have it
 * Return: the caller's; NULL: no version has it.
 */
char *net_names_where(const struct net_names *names, const struct net_version *version,
		      const char *name);

/*
 * net_names_choose() - the newest version that has all names of NetAdapterCx that the sources use
 * @project: its net_minimum counts, too
 * @why:     one sentence about it, the caller's
 */
const struct net_version *net_names_choose(const struct net_names *names,
					   const struct project *project, char **why);

#endif
