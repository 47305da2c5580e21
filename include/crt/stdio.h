/* SPDX-License-Identifier: MIT */
/*
 * stdio.h - printf into memory, with Windows' formats, as ntstrsafe.h has it. There are no files
 * and no console. What does not fit is cut or an error, as each function's page has it; -1 tells of
 * both, as there is no invalid parameter handler that would end the driver before.
 */
#ifndef NETCX_CRT_STDIO_H
#define NETCX_CRT_STDIO_H

#include <ntstrsafe.h>
#include <stdarg.h>
#include <string.h>

#define EOF (-1)

#ifndef _KERNEL_MODE
/* A host process has no console, so that nothing is written. wil checks its messages' formats by
 * it. */
static inline int wprintf(const wchar_t *format, ...)
{
	(void)format;
	return 0;
}
#endif

/* @count characters at most and a zero; _TRUNCATE: as many as fit. */
#define NETCX_CRT_PRINT(character, length_of, print, some, some_list, all, all_list)          \
	static inline int some_list(character *buffer, size_t size, size_t count,             \
				    const character *format, va_list arguments)               \
	{                                                                                     \
		size_t most = count < size ? count + 1 : size;                                \
		NTSTATUS status;                                                              \
                                                                                              \
		if (!buffer || !size || !format)                                              \
			return -1;                                                            \
		status = print(buffer, most, format, arguments);                              \
		if (status == STATUS_SUCCESS)                                                 \
			return (int)length_of(buffer);                                        \
		if (count != _TRUNCATE && count >= size)                                      \
			buffer[0] = 0;                                                        \
		return -1;                                                                    \
	}                                                                                     \
	static inline int all_list(character *buffer, size_t size, const character *format,   \
				   va_list arguments)                                         \
	{                                                                                     \
		return some_list(buffer, size, size, format, arguments);                      \
	}                                                                                     \
	__attribute__((unused)) static int some(character *buffer, size_t size, size_t count, \
						const character *format, ...)                 \
	{                                                                                     \
		va_list arguments;                                                            \
		int length;                                                                   \
                                                                                              \
		va_start(arguments, format);                                                  \
		length = some_list(buffer, size, count, format, arguments);                   \
		va_end(arguments);                                                            \
		return length;                                                                \
	}                                                                                     \
	__attribute__((unused)) static int all(character *buffer, size_t size,                \
					       const character *format, ...)                  \
	{                                                                                     \
		va_list arguments;                                                            \
		int length;                                                                   \
                                                                                              \
		va_start(arguments, format);                                                  \
		length = all_list(buffer, size, format, arguments);                           \
		va_end(arguments);                                                            \
		return length;                                                                \
	}

NETCX_CRT_PRINT(char, strlen, netcx_vprintf, _snprintf_s, _vsnprintf_s, sprintf_s, vsprintf_s)
NETCX_CRT_PRINT(wchar_t, wcslen, netcx_vprintf_wide, _snwprintf_s, _vsnwprintf_s, swprintf_s,
		vswprintf_s)
#undef NETCX_CRT_PRINT

#endif
