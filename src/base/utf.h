/* SPDX-License-Identifier: MIT */
/* UTF-8 and UTF-16 (RFC 3629). What is no character becomes U+FFFD. Allocates nothing, any IRQL. */
#ifndef BASE_UTF_H
#define BASE_UTF_H

#include <stddef.h>
#include <stdint.h>

#define UTF_REPLACEMENT 0xFFFD
#define UTF8_MOST       4 /* bytes of a character */

/* utf8_put() - one character. @to: room for UTF8_MOST bytes. Return: bytes written, no terminator.
 */
size_t utf8_put(char *to, uint32_t character);

/*
 * utf8_sequence() - the bytes of the well-formed sequence that @bytes begin with
 * @left: bytes there are, at least 1; UTF8_MOST for terminated text
 * Return: 1 to 4, or 0 when it is none.
 */
size_t utf8_sequence(const void *bytes, size_t left);

/* utf8_get() - one character of terminated text; *from moves on by at least one byte. */
uint32_t utf8_get(const char **from);

/*
 * utf8_from_utf16() - convert up to a terminator or @units units
 * @size: bytes of room; the result is terminated when there is any. A character that does not fit
 *        ends it.
 * Return: bytes written without the terminator.
 */
size_t utf8_from_utf16(char *to, size_t size, const uint16_t *from, size_t units);

/* utf16_from_utf8() - the same the other way. @units: room in units. Return: units written. */
size_t utf16_from_utf8(uint16_t *to, size_t units, const char *from);

#endif
