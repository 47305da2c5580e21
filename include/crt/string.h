/* SPDX-License-Identifier: MIT */
/*
 * string.h - of the run-time library that Windows gives a driver. What works on bytes is the
 * process's own. wchar.h has the wide half, as Microsoft's header includes it.
 */
#ifndef NETCX_CRT_STRING_H
#define NETCX_CRT_STRING_H

#include <stddef.h>

#ifdef __cplusplus
#define NETCX_CRT_NOTHROW noexcept
extern "C" {
#else
#define NETCX_CRT_NOTHROW
#endif

void *memcpy(void *__restrict destination, const void *__restrict source,
	     size_t size) NETCX_CRT_NOTHROW;
void *memmove(void *destination, const void *source, size_t size) NETCX_CRT_NOTHROW;
void *memset(void *destination, int value, size_t size) NETCX_CRT_NOTHROW;
int memcmp(const void *a, const void *b, size_t size) NETCX_CRT_NOTHROW;
void *memchr(const void *block, int value, size_t size) NETCX_CRT_NOTHROW;

size_t strlen(const char *text) NETCX_CRT_NOTHROW;
size_t strnlen(const char *text, size_t most) NETCX_CRT_NOTHROW;
char *strcpy(char *__restrict destination, const char *__restrict source) NETCX_CRT_NOTHROW;
char *strncpy(char *__restrict destination, const char *__restrict source,
	      size_t size) NETCX_CRT_NOTHROW;
char *strcat(char *__restrict destination, const char *__restrict source) NETCX_CRT_NOTHROW;
char *strncat(char *__restrict destination, const char *__restrict source,
	      size_t size) NETCX_CRT_NOTHROW;
int strcmp(const char *a, const char *b) NETCX_CRT_NOTHROW;
int strncmp(const char *a, const char *b, size_t size) NETCX_CRT_NOTHROW;
int strcoll(const char *a, const char *b) NETCX_CRT_NOTHROW;
size_t strxfrm(char *__restrict destination, const char *__restrict source,
	       size_t size) NETCX_CRT_NOTHROW;
char *strchr(const char *text, int character) NETCX_CRT_NOTHROW;
char *strrchr(const char *text, int character) NETCX_CRT_NOTHROW;
char *strstr(const char *text, const char *wanted) NETCX_CRT_NOTHROW;
char *strpbrk(const char *text, const char *characters) NETCX_CRT_NOTHROW;
size_t strspn(const char *text, const char *characters) NETCX_CRT_NOTHROW;
size_t strcspn(const char *text, const char *characters) NETCX_CRT_NOTHROW;
char *strtok(char *__restrict text, const char *__restrict characters) NETCX_CRT_NOTHROW;
char *strerror(int number) NETCX_CRT_NOTHROW;
int strcasecmp(const char *a, const char *b) NETCX_CRT_NOTHROW;
int strncasecmp(const char *a, const char *b, size_t size) NETCX_CRT_NOTHROW;
#ifdef UMDF_VERSION_MAJOR
char *strdup(const char *text) NETCX_CRT_NOTHROW; /* of the heap in stdlib.h */
#endif

#ifdef __cplusplus
}
#endif

/* Microsoft's names. */
#ifdef UMDF_VERSION_MAJOR
static inline char *_strdup(const char *text)
{
	return strdup(text);
}
#endif

static inline int _stricmp(const char *a, const char *b)
{
	return strcasecmp(a, b);
}

static inline int _strnicmp(const char *a, const char *b, size_t size)
{
	return strncasecmp(a, b, size);
}

/*
 * The bounded ones: what does not fit is an error, with a destination that is zeros or empty. There
 * is no invalid parameter handler that would end the driver before.
 */
typedef int errno_t;
#ifndef EINVAL
#define EINVAL 22
#endif
#ifndef ERANGE
#define ERANGE 34
#endif
#define _TRUNCATE ((size_t)-1)

static inline errno_t memcpy_s(void *destination, size_t size, const void *source, size_t count)
{
	if (!count)
		return 0;
	if (!destination)
		return EINVAL;
	if (source && count <= size) {
		memcpy(destination, source, count);
		return 0;
	}
	memset(destination, 0, size);
	return source ? ERANGE : EINVAL;
}

static inline errno_t memmove_s(void *destination, size_t size, const void *source, size_t count)
{
	if (!count)
		return 0;
	if (!destination || !source)
		return EINVAL;
	if (count > size)
		return ERANGE;
	memmove(destination, source, count);
	return 0;
}

#include <wchar.h>

#define NETCX_CRT_BOUNDED(character, length_of, copy, append, copy_some)                           \
	static inline errno_t copy(character *destination, size_t size, const character *source)   \
	{                                                                                          \
		if (!destination || !size)                                                         \
			return EINVAL;                                                             \
		if (source && length_of(source) < size) {                                          \
			memcpy(destination, source, (length_of(source) + 1) * sizeof(character));  \
			return 0;                                                                  \
		}                                                                                  \
		destination[0] = 0;                                                                \
		return source ? ERANGE : EINVAL;                                                   \
	}                                                                                          \
	static inline errno_t append(character *destination, size_t size, const character *source) \
	{                                                                                          \
		size_t at = 0;                                                                     \
		errno_t error;                                                                     \
                                                                                                   \
		while (destination && at < size && destination[at])                                \
			at++;                                                                      \
		error = destination && at < size ? copy(destination + at, size - at, source)       \
						 : EINVAL;                                         \
		if (error && destination && size)                                                  \
			destination[0] = 0;                                                        \
		return error;                                                                      \
	}                                                                                          \
	static inline errno_t copy_some(character *destination, size_t size,                       \
					const character *source, size_t count)                     \
	{                                                                                          \
		size_t length = 0;                                                                 \
                                                                                                   \
		if (!destination || !size || (!source && count))                                   \
			return destination || size || count ? EINVAL : 0;                          \
		while (length < count && length < size && source[length])                          \
			length++;                                                                  \
		if (length == size && count != _TRUNCATE) {                                        \
			destination[0] = 0;                                                        \
			return ERANGE;                                                             \
		}                                                                                  \
		length -= length == size;                                                          \
		memcpy(destination, source, length * sizeof(character));                           \
		destination[length] = 0;                                                           \
		return count == _TRUNCATE && source[length] ? 80 /* STRUNCATE */ : 0;              \
	}

NETCX_CRT_BOUNDED(char, strlen, strcpy_s, strcat_s, strncpy_s)
NETCX_CRT_BOUNDED(wchar_t, wcslen, wcscpy_s, wcscat_s, wcsncpy_s)
#undef NETCX_CRT_BOUNDED

#endif
