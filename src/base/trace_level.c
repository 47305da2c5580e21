/* SPDX-License-Identifier: MIT */
#include "base/trace_level.h"

#include <stddef.h>
#include <strings.h>

#include "base/array.h"

static const char *const levels[] = { "off", "critical", "error", "warning", "info", "verbose" };

const char *trace_level_name(uint64_t level)
{
	return levels[level < ARRAY_COUNT(levels) ? level : ARRAY_COUNT(levels) - 1];
}

int trace_level(const char *name)
{
	for (size_t i = 0; i < ARRAY_COUNT(levels); i++) {
		if (strcasecmp(name, levels[i]) == 0)
			return (int)i;
	}
	return -1;
}
