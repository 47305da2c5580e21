/* SPDX-License-Identifier: MIT */
#ifndef INF_TEXT_H
#define INF_TEXT_H

#include "inf/inf.h"

/*
 * inf_decode() - a file's bytes as UTF-8 text without a mark
 * Return: malloc'ed, terminated, *length set; NULL with *error filled.
 */
char *inf_decode(const void *bytes, size_t size, size_t *length, struct inf_error *error);

#endif
