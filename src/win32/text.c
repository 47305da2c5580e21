/* SPDX-License-Identifier: MIT */
/*
 * Text of eight bits and of sixteen. Every code page but UTF-7 and those with a number of a country
 * is UTF-8 here. Source: the pages of stringapiset.h.
 */
#include <string.h>

#include "base/utf.h"
#include "win32/private.h"

#define ANSI_TO_WIDE (MB_PRECOMPOSED | MB_COMPOSITE | MB_USEGLYPHCHARS | MB_ERR_INVALID_CHARS)
#define WIDE_TO_ANSI \
	(WC_DISCARDNS | WC_SEPCHARS | WC_DEFAULTCHAR | WC_COMPOSITECHECK | WC_NO_BEST_FIT_CHARS)

/* Where the characters go: counted when there is no room at all. Of one call. */
struct target {
	void *to;
	int room, used;   /* in units of the target */
	bool full, wrong; /* one did not fit; one was no character */
};

static bool is_ansi(UINT page)
{
	return page == CP_ACP || page == CP_OEMCP || page == CP_MACCP || page == CP_THREAD_ACP;
}

/* Return: whether code page and flags are ones that there are; else with the last error. */
static bool check_page(UINT page, DWORD flags, DWORD ansi_flags, DWORD utf8_flags)
{
	if (!is_ansi(page) && page != CP_UTF8) {
		w32_fail(ERROR_INVALID_PARAMETER);
		return false;
	}
	if (flags & ~(page == CP_UTF8 ? utf8_flags : ansi_flags)) {
		w32_fail(ERROR_INVALID_FLAGS);
		return false;
	}
	return true;
}

static void put(struct target *target, const void *units, int count, size_t size)
{
	if (target->room && target->used + count > target->room)
		target->full = true;
	else if (target->room)
		memcpy((char *)target->to + (size_t)target->used * size, units,
		       (size_t)count * size);
	target->used += count;
}

static int result(const struct target *target, bool strict)
{
	if (strict && target->wrong)
		return w32_fail(ERROR_NO_UNICODE_TRANSLATION), 0;
	if (target->full)
		return w32_fail(ERROR_INSUFFICIENT_BUFFER), 0;
	return target->used;
}

static bool is_high(WCHAR unit)
{
	return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(WCHAR unit)
{
	return unit >= 0xDC00 && unit < 0xE000;
}

NETCX_EXPORT int WINAPI WideCharToMultiByte(UINT CodePage, DWORD dwFlags, LPCWCH lpWideCharStr,
					    int cchWideChar, LPSTR lpMultiByteStr, int cbMultiByte,
					    LPCCH lpDefaultChar, LPBOOL lpUsedDefaultChar)
{
	struct target target = { .to = lpMultiByteStr, .room = cbMultiByte };

	if (!lpWideCharStr || !cchWideChar || cbMultiByte < 0 || (cbMultiByte && !lpMultiByteStr) ||
	    (CodePage == CP_UTF8 && (lpDefaultChar || lpUsedDefaultChar)))
		return w32_fail(ERROR_INVALID_PARAMETER), 0;
	if (!check_page(CodePage, dwFlags, WIDE_TO_ANSI, WC_ERR_INVALID_CHARS))
		return 0;
	for (int count = 0; cchWideChar < 0; count++)
		if (!lpWideCharStr[count])
			cchWideChar = count + 1;
	for (int i = 0; i < cchWideChar; i++) {
		uint32_t character = lpWideCharStr[i];
		char bytes[UTF8_MOST];

		if (is_high(lpWideCharStr[i]) && i + 1 < cchWideChar &&
		    is_low(lpWideCharStr[i + 1])) {
			character = 0x10000 + ((character - 0xD800) << 10) +
				    (lpWideCharStr[++i] - 0xDC00u);
		} else if (is_high(lpWideCharStr[i]) || is_low(lpWideCharStr[i])) {
			character = UTF_REPLACEMENT;
			target.wrong = true;
		}
		put(&target, bytes, (int)utf8_put(bytes, character), 1);
	}
	/* UTF-8 has every character. */
	if (lpUsedDefaultChar)
		*lpUsedDefaultChar = FALSE;
	return result(&target, dwFlags & WC_ERR_INVALID_CHARS);
}

/* Return: the bytes that are taken. */
static int put_wide(struct target *target, const char *from, int left)
{
	size_t length = utf8_sequence(from, (size_t)left);
	char one[UTF8_MOST + 1] = { 0 };
	const char *at = one;
	uint32_t character = UTF_REPLACEMENT;
	WCHAR units[2];
	int count = 1;

	if (length) {
		memcpy(one, from, length);
		character = *from ? utf8_get(&at) : 0;
	} else {
		target->wrong = true;
	}
	units[0] = (WCHAR)character;
	if (character >= 0x10000) {
		units[0] = (WCHAR)(0xD800 + ((character - 0x10000) >> 10));
		units[1] = (WCHAR)(0xDC00 + ((character - 0x10000) & 0x3FF));
		count = 2;
	}
	put(target, units, count, sizeof(WCHAR));
	return length ? (int)length : 1;
}

NETCX_EXPORT int WINAPI MultiByteToWideChar(UINT CodePage, DWORD dwFlags, LPCCH lpMultiByteStr,
					    int cbMultiByte, LPWSTR lpWideCharStr, int cchWideChar)
{
	struct target target = { .to = lpWideCharStr, .room = cchWideChar };

	if (!lpMultiByteStr || !cbMultiByte || cchWideChar < 0 || (cchWideChar && !lpWideCharStr) ||
	    (const void *)lpMultiByteStr == (const void *)lpWideCharStr)
		return w32_fail(ERROR_INVALID_PARAMETER), 0;
	if (!check_page(CodePage, dwFlags, ANSI_TO_WIDE, MB_ERR_INVALID_CHARS))
		return 0;
	if (cbMultiByte < 0)
		cbMultiByte = (int)strlen(lpMultiByteStr) + 1;
	for (int i = 0; i < cbMultiByte;)
		i += put_wide(&target, lpMultiByteStr + i, cbMultiByte - i);
	return result(&target, dwFlags & MB_ERR_INVALID_CHARS);
}
