/* SPDX-License-Identifier: MIT */
/*
 * Declarations that only int and long tell apart: f(int) beside f(long), template<> struct s<int>
 * beside s<long>. With a long that is read as int both would be one, so there it stays what it is
 * here, a type of its own: nothing that the kit calls LONG is one, and the other is taken.
 */
#ifndef BUILD_LONG_TWINS_H
#define BUILD_LONG_TWINS_H

#include <stdbool.h>
#include <stddef.h>

/* Places in a text, ascending. */
struct long_twins {
	const char **at; /* each a `long` that stays */
	size_t count;
};

/* long_twins_find() - those of @text. Both of a pair are in it, in one scope. */
void long_twins_find(struct long_twins *twins, const char *text, size_t length);
bool long_twins_has(const struct long_twins *twins, const char *at);
void long_twins_free(struct long_twins *twins);

#endif
