// SPDX-License-Identifier: MIT
/*
 * ntstrsafe.h - bounded string functions. Cch forms count characters, Cb forms bytes; both with the
 * terminating zero, which is always written. What does not fit is cut, with STATUS_BUFFER_OVERFLOW.
 */
#ifndef NETCX_NTSTRSAFE_H
#define NETCX_NTSTRSAFE_H

#include <ntdef.h>
#include <ntstatus.h>

#define NTSTRSAFE_MAX_CCH 2147483647

EXTERN_C_START
int vsnprintf(char *__restrict text, size_t size, const char *__restrict format,
	      va_list arguments) NETCX_NOTHROW;
EXTERN_C_END

#define NETCX_STRSAFE(suffix, character)                                                        \
	FORCEINLINE NTSTATUS RtlStringCchLength##suffix(const character *Text, size_t Maximum,  \
							size_t *Length)                         \
	{                                                                                       \
		size_t at = 0;                                                                  \
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

FORCEINLINE NTSTATUS RtlStringCbVPrintfA(PSTR Destination, size_t Size, PCSTR Format,
					 va_list Arguments)
{
	int length;

	if (Size == 0 || Size > NTSTRSAFE_MAX_CCH)
		return STATUS_INVALID_PARAMETER;
	length = vsnprintf(Destination, Size, Format, Arguments);
	return length >= 0 && (size_t)length < Size ? STATUS_SUCCESS : STATUS_BUFFER_OVERFLOW;
}

/* Not forced inline: a function with "..." cannot be. */
__attribute__((unused)) static NTSTATUS RtlStringCbPrintfA(PSTR Destination, size_t Size,
							   PCSTR Format, ...)
{
	va_list arguments;
	NTSTATUS status;

	va_start(arguments, Format);
	status = RtlStringCbVPrintfA(Destination, Size, Format, arguments);
	va_end(arguments);
	return status;
}

#define RtlStringCchPrintfA  RtlStringCbPrintfA
#define RtlStringCchVPrintfA RtlStringCbVPrintfA

#endif
