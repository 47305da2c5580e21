/* SPDX-License-Identifier: MIT */
/* What the edges say: why one does not open, and what ended one. */
#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "edge/private.h"

void edge_end(struct edge *edge, const char *format, ...)
{
	enum edge_end_state open = EDGE_OPEN;
	va_list args;
	int used;

	if (!atomic_compare_exchange_strong(&edge->end_state, &open, EDGE_ENDING))
		return;
	used = snprintf(edge->end, sizeof(edge->end), "%s: ", edge->name);
	va_start(args, format);
	vsnprintf(edge->end + used, sizeof(edge->end) - (size_t)used, format, args);
	va_end(args);
	atomic_store(&edge->end_state, EDGE_ENDED);
}

const char *edge_ended(const struct edge *edge)
{
	return atomic_load(&edge->end_state) == EDGE_ENDED ? edge->end : NULL;
}

bool edge_interface_name(char name[static IFNAMSIZ], const char *text, size_t length,
			 struct error *error)
{
	if (!length) {
		error_set(error, "the interface's name is missing");
		return false;
	}
	if (length >= IFNAMSIZ) {
		error_set(error, "an interface's name has at most %d characters, this one %zu",
			  IFNAMSIZ - 1, length);
		return false;
	}
	memcpy(name, text, length);
	name[length] = 0;
	/* The kernel's dev_valid_name(); and it would replace %d by a number. */
	for (const char *c = name; *c; c++) {
		if (*c == '/' || *c == ':' || *c == '%' || !isgraph((unsigned char)*c)) {
			error_set(error, "an interface's name has no blanks, '/', ':' or '%%'");
			return false;
		}
	}
	if (!strcmp(name, ".") || !strcmp(name, "..")) {
		error_set(error, "'%s' cannot be an interface's name", name);
		return false;
	}
	return true;
}
