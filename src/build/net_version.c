/* SPDX-License-Identifier: MIT */
#include "build/net_version.h"

#include "base/array.h"

/* The oldest first. What `netcx run` plays is in src/cx/api; a test holds the two together. */
static const struct net_version versions[] = {
	{ { 1, 3 }, "1.3" },
};

#define COUNT ARRAY_COUNT(versions)

const struct net_version *net_version_newest(void)
{
	return &versions[COUNT - 1];
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
