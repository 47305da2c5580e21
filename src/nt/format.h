/* SPDX-License-Identifier: MIT */
/*
 * printf as Windows drivers use it: long is 32 bits, I64 and w are prefixes, %Z and %wZ print
 * counted strings, %S and %ws UTF-16.
 */
#ifndef NT_FORMAT_H
#define NT_FORMAT_H

#include <ntddk.h>
#include <stdarg.h>
#include <stddef.h>

/*
 * nt_format() - always terminated; @size in bytes, at least 1
 * Return: bytes of the whole text without the terminator, more than fit when it is @size or above.
 */
size_t nt_format(char *buffer, size_t size, const char *format, va_list arguments);

/*
 * nt_format_wide() - the same in UTF-16: there %s is UTF-16 too, and %S and %hs are not
 * @units: of the buffer, at least 1. Return: units of the whole text; SIZE_MAX: no memory.
 */
size_t nt_format_wide(WCHAR *buffer, size_t units, const WCHAR *format, va_list arguments);

#endif
