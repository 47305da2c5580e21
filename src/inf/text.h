/* SPDX-License-Identifier: MIT */
#ifndef INF_TEXT_H
#define INF_TEXT_H

#include "inf/inf.h"

/* Of Windows where it speaks English or any other language of the West. */
#define INF_CODE_PAGE  1252
#define CODE_PAGE_UTF8 65001

/*
 * inf_decode() - a file's bytes as UTF-8 text without a mark
 * @code_page: of bytes without a mark; 0: INF_CODE_PAGE
 * Return: malloc'ed, terminated, *length set; NULL with *error filled.
 */
char *inf_decode(const void *bytes, size_t size, unsigned code_page, size_t *length,
		 struct inf_error *error);

/* inf_is_crlf_utf16() - UTF-16 into which git has put bytes for line ends; inf_decode() drops them
 */
bool inf_is_crlf_utf16(const void *bytes, size_t size);

/* inf_is_bare_utf8() - text that is no mere ASCII, and UTF-8 but for the mark that would say so? */
bool inf_is_bare_utf8(const void *bytes, size_t size);

#endif
