/* SPDX-License-Identifier: MIT */
/* Levels of traces by their names: off, critical, error, warning, info, verbose; 0 to 5. */
#ifndef BASE_TRACE_LEVEL_H
#define BASE_TRACE_LEVEL_H

#include <stdint.h>

#define TRACE_LEVEL_NAMES "critical, error, warning, info or verbose"

/* trace_level_name() - "error"; beyond the last it is the last */
const char *trace_level_name(uint64_t level);

/* trace_level() - without letter case; -1: no such name */
int trace_level(const char *name);

#endif
