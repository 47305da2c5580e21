/* SPDX-License-Identifier: MIT */
/* A message taken apart: text, and values between. */
#ifndef BUILD_WPP_FORMAT_H
#define BUILD_WPP_FORMAT_H

#include "build/wpp/config.h"

/* Text, then at most one value. */
struct wpp_piece {
	char *text;   /* as a C literal's contents */
	char *kind;   /* NETCX_WPP_xxx; NULL: the text alone */
	char *form;   /* for the run time: printf's with its signs, or a list; NULL: none */
	char *c_type; /* of its argument; NULL: it has none */
	char *macro, *enumeration;
	enum wpp_way way;
	unsigned slots; /* WPP_LOGPAIR()s that it becomes */
	unsigned stars; /* arguments of type int before it, for width and precision */
};

/* Where a message stands. */
struct wpp_place {
	const char *file; /* its name, without folders */
	unsigned line;
	const char *level, *flags; /* as the source says them; NULL: not said */
};

struct wpp_message {
	struct wpp_piece *pieces;
	size_t count;
	struct buffer text; /* what comes before the next value */
	unsigned values;    /* arguments that it takes */
};

/*
 * wpp_format() - more of a message
 * @format: a string literal's contents
 * @error:  on failure what is wrong with it, the caller's
 */
bool wpp_format(struct wpp_message *message, const struct wpp_config *config,
		const struct wpp_place *place, const char *format, char **error);

/* wpp_format_end() - what is left of the text becomes the last piece. */
void wpp_format_end(struct wpp_message *message);
void wpp_message_free(struct wpp_message *message);

/* wpp_quote() - as a C literal's contents: quotes and backslashes escaped */
void wpp_quote(struct buffer *to, const char *text);

#endif
