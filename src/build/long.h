/* SPDX-License-Identifier: MIT */
/*
 * On Windows `long` has 32 bits, on Linux 64. A driver's source is compiled as one of Windows:
 * where it says long, int is read, and 1UL is 1U. Each replacement is as long as what was there, so
 * lines and columns stay; long long and long double stay as well. The kit's headers and the
 * compiler's are not touched: what they mean has 32 bits by its own type. Where two declarations
 * would become one, long_twins.h has it stay. What attribute.h replaces goes into the same files.
 */
#ifndef BUILD_LONG_H
#define BUILD_LONG_H

#include "build/strings.h"

/*
 * long_replace() - in the text of a source or header
 * Return: whether anything was replaced.
 */
bool long_replace(char *text, size_t length);

/* Files that are read instead of others. @from and @to are in the same order, absolute. */
struct replacements {
	struct strings from, to;
	size_t longs; /* how many of them for a long's width */
};

/*
 * long_write() - write the files in which something is replaced
 * @folders: with all their folders; those files of C and C++ that are in them
 * @into:    a folder for the copies, made when there is one
 * Return: 0 or -errno.
 */
int long_write(struct replacements *replacements, const struct strings *folders, const char *into);

/* replacements_find() - the file that is read instead of @path, inside @replacements, or NULL. */
const char *replacements_find(const struct replacements *replacements, const char *path);
void replacements_free(struct replacements *replacements);

#endif
