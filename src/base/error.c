/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdio.h>

void error_set_list(struct error *error, const char *format, va_list list)
{
	if (error)
		vsnprintf(error->text, sizeof(error->text), format, list);
}

void error_set(struct error *error, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	error_set_list(error, format, list);
	va_end(list);
}
