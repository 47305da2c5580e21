/* SPDX-License-Identifier: MIT */
#ifndef NT_STATUS_H
#define NT_STATUS_H

#include <stddef.h>
#include <stdint.h>

/* status_text() - "STATUS_UNSUCCESSFUL (0xC0000001)", or the number alone. Return: @text. */
const char *status_text(uint32_t status, char *text, size_t size);

/* status_name() - "STATUS_UNSUCCESSFUL"; NULL when it has none here. */
const char *status_name(uint32_t status);

#endif
