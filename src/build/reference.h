/* SPDX-License-Identifier: MIT */
/* References to items: @(Type), @(Type, 'between'), @(Type->'%(Filename).obj'), @(Type->Count()).
 */
#ifndef BUILD_REFERENCE_H
#define BUILD_REFERENCE_H

#include "build/msbuild.h"

/* One item that a reference gives. */
struct referred {
	const struct item *item; /* whose metadata it has; not owned */
	char *text;
};

/* Owns its texts. {0} is empty. */
struct referral {
	struct referred *at;
	size_t count;
	char *between; /* ";" unless something else is said */
};

/*
 * reference_read() - what @reference, the text within the parentheses, gives
 * @scope: for $(...) in a transform, and who hears of what is wrong
 * Return: false when it is not understood; @referral is the caller's to referral_free() either way.
 */
bool reference_read(const struct msbuild *msbuild, const struct scope *scope, const char *reference,
		    struct referral *referral);
void referral_free(struct referral *referral);

/* referral_text() - all of it in a row, the caller's. */
char *referral_text(const struct referral *referral);

#endif
