/* SPDX-License-Identifier: MIT */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>

void *error_set(struct error *error, const char *format, ...)
{
	va_list list;

	if (!error)
		return NULL;
	va_start(list, format);
	vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	return NULL;
}

int error_number(struct error *error, int number, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	if (error)
		vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	return number;
}

void error_prefix(struct error *error, const char *format, ...)
{
	struct error before;
	va_list list;
	size_t used;
	int n;

	if (!error)
		return;
	before = *error;
	va_start(list, format);
	n = vsnprintf(error->text, sizeof(error->text), format, list);
	va_end(list);
	used = n < 0 ? 0 : (size_t)n;
	if (used < sizeof(error->text))
		snprintf(error->text + used, sizeof(error->text) - used, "%s", before.text);
}
