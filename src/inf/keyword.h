/* SPDX-License-Identifier: MIT */
/*
 * An adapter's configuration keywords: which values they take. The standardized ones are known
 * here, a driver's own come from its INF (Ndi\params).
 */
#ifndef INF_KEYWORD_H
#define INF_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum keyword_type {
	KEYWORD_ENUM,    /* one of options */
	KEYWORD_NUMBER,  /* minimum..maximum, decimal */
	KEYWORD_ADDRESS, /* 12 hexadecimal digits */
	KEYWORD_TEXT,
};

struct keyword_option {
	long value;
	const char *text;
};

/* What a keyword takes. */
struct keyword {
	const char *name;
	enum keyword_type type;
	long minimum, maximum, step;          /* KEYWORD_NUMBER; step 0 counts as 1 */
	unsigned base;                        /* KEYWORD_NUMBER: 10, or 16 in an INF */
	const struct keyword_option *options; /* KEYWORD_ENUM */
	unsigned option_count;
};

#define KEYWORD_MAX_NAME  255 /* as Windows limits a registry value's name */
#define KEYWORD_MAX_VALUE 1023

/* One "KEYWORD=VALUE" taken apart. */
struct keyword_setting {
	char name[KEYWORD_MAX_NAME + 1];
	char value[KEYWORD_MAX_VALUE + 1];
};

/*
 * keyword_split() - take "KEYWORD=VALUE" apart
 * Return: false with one sentence in @error.
 */
bool keyword_split(const char *text, struct keyword_setting *setting, struct error *error);

/* keyword_standard() - a standardized keyword by name, without case. NULL: there is none. */
const struct keyword *keyword_standard(const char *name);

/* keyword_nearest() - the standardized keyword that @name may be a slip of; NULL. */
const char *keyword_nearest(const char *name);

/* keyword_check() - may it have this value? Return: false with one sentence in @error. */
bool keyword_check(const struct keyword *keyword, const char *value, struct error *error);

#endif
