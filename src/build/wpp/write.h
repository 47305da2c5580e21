/* SPDX-License-Identifier: MIT */
/* The .tmh of a source: a macro and a function for each of its trace calls. */
#ifndef BUILD_WPP_WRITE_H
#define BUILD_WPP_WRITE_H

#include "build/wpp/scan.h"

/* Names of an enumeration. */
struct wpp_enumeration {
	char *name;
	struct strings names; /* empty: it was not found */
};

struct wpp_enumerations {
	struct wpp_enumeration *at;
	size_t count;
};

/* wpp_enumeration_read() - if @text defines it. Return: whether it does. */
bool wpp_enumeration_read(struct wpp_enumeration *enumeration, const char *text);
void wpp_enumerations_free(struct wpp_enumerations *enumerations);

/*
 * wpp_write() - the text, the caller's
 * @file: the source's path
 */
char *wpp_write(const struct wpp_config *config, const struct wpp_calls *calls,
		const struct wpp_enumerations *enumerations, const char *file);

#endif
