/* SPDX-License-Identifier: MIT */
/* MSBuild's properties and metadata: named texts, names without letter case. */
#ifndef BUILD_PROPERTIES_H
#define BUILD_PROPERTIES_H

#include "build/strings.h"

struct property {
	char *name, *value;
	bool global; /* given on the command line: a project cannot change it */
};

/* Owns its texts. {0} is empty. */
struct properties {
	struct property *at;
	size_t count;
};

/* properties_get() - the value, or NULL when it was never set. */
const char *properties_get(const struct properties *properties, const char *name);

/* properties_set() - nothing happens to one that is global. */
void properties_set(struct properties *properties, const char *name, const char *value);
void properties_set_global(struct properties *properties, const char *name, const char *value);
void properties_copy(struct properties *to, const struct properties *from);
void properties_free(struct properties *properties);

/* What a text may refer to, and who hears of what is wrong with it. Nothing is owned. */
struct scope {
	const struct properties *properties; /* $(Name) */
	const struct properties *metadata;   /* %(Name), %(Type.Name); NULL leaves them alone */
	/* @(Type) and what may follow the type, as a list with ';'. NULL: none. The result is the
	 * caller's; NULL: not understood. */
	char *(*items)(const struct scope *scope, const char *reference);
	void *context;
	const char *folder; /* what relative paths in functions are below; NULL: "/" */
	const char *file;   /* the file that is read */
	/* Whole sentences about what is not known, said once each; may be NULL. */
	struct strings *notes;
	/* The first thing that is wrong, the caller's; may be NULL. */
	char **error;
	unsigned depth; /* of functions in arguments */
};

/* property_value() - $(Name): an unknown one is looked for in the environment; "" else. */
const char *property_value(const struct scope *scope, const char *name);

/*
 * properties_expand() - replace $(...), %(...) and @(...) by what they stand for, the caller's
 * %XX escapes stay, and what functions give is escaped: see properties_unescape().
 */
char *properties_expand(const struct scope *scope, const char *text);

/* properties_unescape() - %3B becomes ';', in place; after the text was split at its ';'. */
void properties_unescape(char *text);

#endif
