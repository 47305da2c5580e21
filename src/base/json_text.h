/* SPDX-License-Identifier: MIT */
/* A text as JSON has it, for those who print so little of it that a library would be too much. */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <stdio.h>

/* json_text_print() - the text in quotation marks; what is no UTF-8 becomes U+FFFD. */
void json_text_print(FILE *to, const char *text);

#endif
