/* SPDX-License-Identifier: MIT */
/*
 * wchar.h - the wide half of string.h. A wide character has 16 bits on Windows and 32 in the
 * process's own library, so each function is here and none of them is linked.
 */
#ifndef NETCX_CRT_WCHAR_H
#define NETCX_CRT_WCHAR_H

#include <stddef.h>

/* C++'s library wants the type; what would convert with it is not here. */
typedef struct {
	int unused;
} mbstate_t;
typedef unsigned short wint_t, wctype_t;

#define WEOF ((wint_t)0xffff)

static inline size_t wcsnlen(const wchar_t *text, size_t most)
{
	size_t length = 0;

	while (length < most && text[length])
		length++;
	return length;
}

static inline size_t wcslen(const wchar_t *text)
{
	return wcsnlen(text, (size_t)-1);
}

static inline wchar_t *wmemcpy(wchar_t *destination, const wchar_t *source, size_t count)
{
	for (size_t i = 0; i < count; i++)
		destination[i] = source[i];
	return destination;
}

static inline wchar_t *wmemmove(wchar_t *destination, const wchar_t *source, size_t count)
{
	return (wchar_t *)__builtin_memmove(destination, source, count * sizeof(*source));
}

static inline wchar_t *wmemset(wchar_t *destination, wchar_t value, size_t count)
{
	for (size_t i = 0; i < count; i++)
		destination[i] = value;
	return destination;
}

static inline int wmemcmp(const wchar_t *a, const wchar_t *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	}
	return 0;
}

static inline wchar_t *wmemchr(const wchar_t *block, wchar_t value, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (block[i] == value)
			return (wchar_t *)&block[i];
	}
	return 0;
}

static inline wchar_t *wcsncpy(wchar_t *destination, const wchar_t *source, size_t count)
{
	size_t length = wcsnlen(source, count);

	wmemcpy(destination, source, length);
	wmemset(destination + length, 0, count - length);
	return destination;
}

static inline wchar_t *wcscpy(wchar_t *destination, const wchar_t *source)
{
	return wmemcpy(destination, source, wcslen(source) + 1);
}

static inline wchar_t *wcscat(wchar_t *destination, const wchar_t *source)
{
	wcscpy(destination + wcslen(destination), source);
	return destination;
}

static inline wchar_t *wcsncat(wchar_t *destination, const wchar_t *source, size_t count)
{
	wchar_t *end = destination + wcslen(destination);
	size_t length = wcsnlen(source, count);

	wmemcpy(end, source, length);
	end[length] = 0;
	return destination;
}

static inline int wcsncmp(const wchar_t *a, const wchar_t *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
		if (!a[i])
			break;
	}
	return 0;
}

static inline int wcscmp(const wchar_t *a, const wchar_t *b)
{
	return wcsncmp(a, b, (size_t)-1);
}

/* In the C locale: letters of ASCII. */
static inline wchar_t netcx_wide_lower(wchar_t c)
{
	return c >= L'A' && c <= L'Z' ? (wchar_t)(c - L'A' + L'a') : c;
}

static inline int _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		wchar_t one = netcx_wide_lower(a[i]), other = netcx_wide_lower(b[i]);

		if (one != other)
			return one < other ? -1 : 1;
		if (!one)
			break;
	}
	return 0;
}

static inline int _wcsicmp(const wchar_t *a, const wchar_t *b)
{
	return _wcsnicmp(a, b, (size_t)-1);
}

static inline wchar_t *wcschr(const wchar_t *text, wchar_t character)
{
	return wmemchr(text, character, wcslen(text) + 1);
}

static inline wchar_t *wcsrchr(const wchar_t *text, wchar_t character)
{
	for (size_t i = wcslen(text) + 1; i > 0; i--) {
		if (text[i - 1] == character)
			return (wchar_t *)&text[i - 1];
	}
	return 0;
}

static inline wchar_t *wcsstr(const wchar_t *text, const wchar_t *wanted)
{
	size_t length = wcslen(wanted);

	for (;; text++) {
		if (wcsncmp(text, wanted, length) == 0)
			return (wchar_t *)text;
		if (!*text)
			return 0;
	}
}

#endif
