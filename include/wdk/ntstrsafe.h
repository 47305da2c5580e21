/* SPDX-License-Identifier: MIT */
/*
 * ntstrsafe.h - bounded string functions. Cch forms count characters, Cb forms bytes; both with the
 * terminating zero, which is always written, also for a size that is too large to be one. What does
 * not fit is cut, with STATUS_BUFFER_OVERFLOW.
 */
#ifndef NETCX_NTSTRSAFE_H
#define NETCX_NTSTRSAFE_H

#include <ntdef.h>
#include <ntstatus.h>

#define NTSTRSAFE_MAX_CCH 2147483647

EXTERN_C_START
/* printf as Windows has it: %lu is 32 bits, %I64u, %wZ, %S. Sizes in characters. */
NTSTATUS netcx_vprintf(PSTR Destination, size_t Size, PCSTR Format, va_list Arguments);
NTSTATUS netcx_vprintf_wide(PWSTR Destination, size_t Size, PCWSTR Format, va_list Arguments);
EXTERN_C_END

#define NETCX_STRSAFE(suffix, character)                                                        \
	FORCEINLINE NTSTATUS RtlStringCchLength##suffix(const character *Text, size_t Maximum,  \
							size_t *Length)                         \
	{                                                                                       \
		size_t at = 0;                                                                  \
		if (Text == NULL || Maximum > NTSTRSAFE_MAX_CCH)                                \
			Maximum = 0;                                                            \
		while (at < Maximum && Text[at] != 0)                                           \
			at++;                                                                   \
		if (Length != NULL)                                                             \
			*Length = at < Maximum ? at : 0;                                        \
		return at < Maximum ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;                \
	}                                                                                       \
	FORCEINLINE NTSTATUS RtlStringCbLength##suffix(const character *Text, size_t Maximum,   \
						       size_t *Length)                          \
	{                                                                                       \
		NTSTATUS status =                                                               \
			RtlStringCchLength##suffix(Text, Maximum / sizeof(character), Length);  \
		if (Length != NULL)                                                             \
			*Length *= sizeof(character);                                           \
		return status;                                                                  \
	}                                                                                       \
	FORCEINLINE NTSTATUS RtlStringCchCopy##suffix(character *Destination, size_t Size,      \
						      const character *Source)                  \
	{                                                                                       \
		size_t at = 0;                                                                  \
		if (Size > NTSTRSAFE_MAX_CCH)                                                   \
			Destination[0] = 0;                                                     \
		if (Size == 0 || Size > NTSTRSAFE_MAX_CCH)                                      \
			return STATUS_INVALID_PARAMETER;                                        \
		while (at < Size - 1 && Source[at] != 0) {                                      \
			Destination[at] = Source[at];                                           \
			at++;                                                                   \
		}                                                                               \
		Destination[at] = 0;                                                            \
		return Source[at] == 0 ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;               \
	}                                                                                       \
	FORCEINLINE NTSTATUS RtlStringCbCopy##suffix(character *Destination, size_t Size,       \
						     const character *Source)                   \
	{                                                                                       \
		return RtlStringCchCopy##suffix(Destination, Size / sizeof(character), Source); \
	}                                                                                       \
	FORCEINLINE NTSTATUS RtlStringCchCat##suffix(character *Destination, size_t Size,       \
						     const character *Source)                   \
	{                                                                                       \
		size_t length;                                                                  \
		NTSTATUS status = RtlStringCchLength##suffix(Destination, Size, &length);       \
		if (!NT_SUCCESS(status))                                                        \
			return status;                                                          \
		return RtlStringCchCopy##suffix(Destination + length, Size - length, Source);   \
	}                                                                                       \
	FORCEINLINE NTSTATUS RtlStringCbCat##suffix(character *Destination, size_t Size,        \
						    const character *Source)                    \
	{                                                                                       \
		return RtlStringCchCat##suffix(Destination, Size / sizeof(character), Source);  \
	}

NETCX_STRSAFE(A, CHAR)
NETCX_STRSAFE(W, WCHAR)

/* Not forced inline: a function with "..." cannot be. */
#define NETCX_STRSAFE_PRINTF(name, character, text, format, size, print)                          \
	FORCEINLINE NTSTATUS RtlStringC##name##VPrintf##text(character *Destination, size_t Size, \
							     format Format, va_list Arguments)    \
	{                                                                                         \
		return print(Destination, Size / (size), Format, Arguments);                      \
	}                                                                                         \
	__attribute__((unused)) static NTSTATUS RtlStringC##name##Printf##text(                   \
		character *Destination, size_t Size, format Format, ...)                          \
	{                                                                                         \
		va_list arguments;                                                                \
		NTSTATUS status;                                                                  \
                                                                                                  \
		va_start(arguments, Format);                                                      \
		status = print(Destination, Size / (size), Format, arguments);                    \
		va_end(arguments);                                                                \
		return status;                                                                    \
	}

NETCX_STRSAFE_PRINTF(b, CHAR, A, PCSTR, sizeof(CHAR), netcx_vprintf)
NETCX_STRSAFE_PRINTF(ch, CHAR, A, PCSTR, 1, netcx_vprintf)
NETCX_STRSAFE_PRINTF(b, WCHAR, W, PCWSTR, sizeof(WCHAR), netcx_vprintf_wide)
NETCX_STRSAFE_PRINTF(ch, WCHAR, W, PCWSTR, 1, netcx_vprintf_wide)

/* A counted string for all of @Source; NULL: an empty one. Longer than one can be: an error. */
FORCEINLINE NTSTATUS RtlUnicodeStringInit(PUNICODE_STRING Destination, PCWSTR Source)
{
	size_t length = 0;

	Destination->Length = Destination->MaximumLength = 0;
	Destination->Buffer = NULL;
	if (!Source)
		return STATUS_SUCCESS;
	if (RtlStringCbLengthW(Source, UNICODE_STRING_MAX_BYTES + sizeof(WCHAR), &length) !=
	    STATUS_SUCCESS)
		return STATUS_INVALID_PARAMETER;
	Destination->Length = (USHORT)length;
	Destination->MaximumLength =
		(USHORT)(length == UNICODE_STRING_MAX_BYTES ? length : length + sizeof(WCHAR));
	Destination->Buffer = (PWCH)(ULONG_PTR)Source;
	return STATUS_SUCCESS;
}

#endif
