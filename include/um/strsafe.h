/* SPDX-License-Identifier: MIT */
/*
 * strsafe.h - bounded string functions, as ntstrsafe.h has them for the kernel, with results as
 * HRESULTs. Cch forms count characters, Cb forms bytes; both with the terminating zero, which is
 * always written. What does not fit is cut, with STRSAFE_E_INSUFFICIENT_BUFFER.
 */
#ifndef NETCX_STRSAFE_H
#define NETCX_STRSAFE_H

#include <ntstrsafe.h>
#include <stdio.h>

#define STRSAFE_MAX_CCH               2147483647
#define STRSAFE_MAX_LENGTH            (STRSAFE_MAX_CCH - 1)
#define STRSAFE_E_INSUFFICIENT_BUFFER ((HRESULT)0x8007007A)
#define STRSAFE_E_INVALID_PARAMETER   ((HRESULT)0x80070057)
#define STRSAFE_E_END_OF_FILE         ((HRESULT)0x80070026)

typedef CHAR *STRSAFE_LPSTR;
typedef const CHAR *STRSAFE_LPCSTR;
typedef const CHAR *STRSAFE_PCNZCH;
typedef WCHAR *STRSAFE_LPWSTR;
typedef const WCHAR *STRSAFE_LPCWSTR;
typedef const WCHAR *STRSAFE_PCNZWCH;
#define STRSAFEAPI FORCEINLINE HRESULT

/* The three that ntstrsafe.h's functions end with. */
FORCEINLINE HRESULT netcx_strsafe_result(NTSTATUS Status)
{
	if (Status == STATUS_SUCCESS)
		return 0;
	return Status == STATUS_INVALID_PARAMETER ? STRSAFE_E_INVALID_PARAMETER
						  : STRSAFE_E_INSUFFICIENT_BUFFER;
}

#define NETCX_STRSAFE_CALL(name, kernel, character)                                            \
	FORCEINLINE HRESULT name(character *Destination, size_t Size, const character *Source) \
	{                                                                                      \
		return netcx_strsafe_result(kernel(Destination, Size, Source));                \
	}
#define NETCX_STRSAFE_LENGTH(name, kernel, character)                                   \
	FORCEINLINE HRESULT name(const character *Text, size_t Maximum, size_t *Length) \
	{                                                                               \
		return netcx_strsafe_result(kernel(Text, Maximum, Length));             \
	}
/* Not forced inline: a function with "..." cannot be. */
#define NETCX_STRSAFE_FORMAT(c, text, character)                                                  \
	FORCEINLINE HRESULT StringC##c##VPrintf##text(character *Destination, size_t Size,        \
						      const character *Format, va_list Arguments) \
	{                                                                                         \
		return netcx_strsafe_result(                                                      \
			RtlStringC##c##VPrintf##text(Destination, Size, Format, Arguments));      \
	}                                                                                         \
	__attribute__((unused)) static HRESULT StringC##c##Printf##text(                          \
		character *Destination, size_t Size, const character *Format, ...)                \
	{                                                                                         \
		va_list arguments;                                                                \
		HRESULT result;                                                                   \
                                                                                                  \
		va_start(arguments, Format);                                                      \
		result = StringC##c##VPrintf##text(Destination, Size, Format, arguments);         \
		va_end(arguments);                                                                \
		return result;                                                                    \
	}
#define NETCX_STRSAFE_ALL(c, text, character)                                                  \
	NETCX_STRSAFE_LENGTH(StringC##c##Length##text, RtlStringC##c##Length##text, character) \
	NETCX_STRSAFE_CALL(StringC##c##Copy##text, RtlStringC##c##Copy##text, character)       \
	NETCX_STRSAFE_CALL(StringC##c##Cat##text, RtlStringC##c##Cat##text, character)         \
	NETCX_STRSAFE_FORMAT(c, text, character)

NETCX_STRSAFE_ALL(ch, A, CHAR)
NETCX_STRSAFE_ALL(ch, W, WCHAR)
NETCX_STRSAFE_ALL(b, A, CHAR)
NETCX_STRSAFE_ALL(b, W, WCHAR)

/* @Count characters of @Source at most. */
FORCEINLINE HRESULT StringCchCopyNW(WCHAR *Destination, size_t Size, const WCHAR *Source,
				    size_t Count)
{
	size_t at = 0;

	if (!Size || Size > STRSAFE_MAX_CCH || Count > STRSAFE_MAX_LENGTH)
		return STRSAFE_E_INVALID_PARAMETER;
	while (at < Size - 1 && at < Count && Source[at]) {
		Destination[at] = Source[at];
		at++;
	}
	Destination[at] = 0;
	return at < Count && Source[at] ? STRSAFE_E_INSUFFICIENT_BUFFER : 0;
}

#endif
