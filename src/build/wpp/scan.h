/* SPDX-License-Identifier: MIT */
/* The trace calls of a source. */
#ifndef BUILD_WPP_SCAN_H
#define BUILD_WPP_SCAN_H

#include "build/wpp/config.h"
#include "build/wpp/format.h"

/* One call. */
struct wpp_call {
	const struct wpp_function *function;
	unsigned line;      /* of its name */
	unsigned last_line; /* of a call that it is an argument of, where that ends; else 0 */
	struct strings parameters; /* what is given for function->parameters */
	unsigned values;           /* arguments behind them */
	struct wpp_message message;
};

struct wpp_calls {
	struct wpp_call *at;
	size_t count;
};

/*
 * wpp_scan() - find and check them
 * @config: stays in use as long as @calls; what is wrong is added to its errors
 * @file:   for messages, and for %!FILE!
 * @notes:  what is left out, whole sentences
 */
void wpp_scan(struct wpp_calls *calls, struct wpp_config *config, const char *file,
	      const char *text, struct strings *notes);
void wpp_calls_free(struct wpp_calls *calls);

#endif
