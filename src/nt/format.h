/* SPDX-License-Identifier: MIT */
/*
 * printf as Windows drivers use it: long is 32 bits, I64 and w are prefixes, %Z and %wZ print
 * counted strings, %S and %ws UTF-16.
 */
#ifndef NT_FORMAT_H
#define NT_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* Always terminated. Return: what was written, without the terminator. */
size_t nt_format(char *buffer, size_t size, const char *format, va_list arguments);

#endif
