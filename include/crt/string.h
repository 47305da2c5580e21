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

#ifdef __cplusplus
}
#endif

/* Microsoft's names. */
static inline int _stricmp(const char *a, const char *b)
{
	return strcasecmp(a, b);
}

static inline int _strnicmp(const char *a, const char *b, size_t size)
{
	return strncasecmp(a, b, size);
}

#include <wchar.h>

#endif
