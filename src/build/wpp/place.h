/* SPDX-License-Identifier: MIT */
/* A call's conditions: which of them is its level, and which its flags. */
#ifndef BUILD_WPP_PLACE_H
#define BUILD_WPP_PLACE_H

#include "build/wpp/scan.h"

/* A condition of a function: the fixed ones first, as WPP has them. */
struct wpp_condition {
	const char *name;
	const char *expression; /* inside the call's macro: a fixed value or the parameter's name */
	const char *value;      /* as the source says it */
};

/* wpp_condition() - the nth. Return: false: there are no more. */
bool wpp_condition(const struct wpp_call *call, size_t n, struct wpp_condition *condition);

/*
 * wpp_level(), wpp_flags() - the one by whose name it is. A function with nothing but a LEVEL has
 * flags in it, as DoTraceMessage, unless it is called with a TRACE_LEVEL_xxx.
 */
bool wpp_level(const struct wpp_call *call, struct wpp_condition *condition);
bool wpp_flags(const struct wpp_call *call, struct wpp_condition *condition);

struct wpp_place wpp_place_of(const struct wpp_call *call, const char *file);

#endif
