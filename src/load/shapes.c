/* SPDX-License-Identifier: MIT */
#include "load/shapes.h"

#include <stdio.h>
#include <string.h>

#include "load/names.h"

#define LONGEST 128 /* bytes of a name that are kept */

struct seen {
	char first[LONGEST], other[LONGEST]; /* symbols; "": none yet */
};

/* Bytes of "netcx_1_3_" or "netcx_2_"; 0: the name is of no version. */
static size_t shape_of(const char *symbol)
{
	return (size_t)(load_public_name(symbol) - symbol);
}

static void note(void *context, const char *name)
{
	struct seen *s = context;
	size_t shape = shape_of(name);

	if (shape == 0 || s->other[0])
		return;
	if (!s->first[0])
		snprintf(s->first, sizeof(s->first), "%s", name);
	else if (strncmp(s->first, name, shape) != 0)
		snprintf(s->other, sizeof(s->other), "%s", name);
}

/* "1.3" of "netcx_1_3_NetAdapterStart", "2" of "netcx_2_NetAdapterStart". */
static const char *version_of(const char *symbol, char *room, size_t size)
{
	int length = (int)shape_of(symbol) - (int)sizeof("netcx_");

	snprintf(room, size, "%.*s", length, symbol + sizeof("netcx_") - 1);
	for (char *c = room; *c; c++)
		*c = *c == '_' ? '.' : *c;
	return room;
}

bool shapes_check(const struct elf_file *file, struct error *error)
{
	struct seen seen = { "", "" };
	char first[16], other[16];

	elf_each_undefined(file, note, &seen);
	if (!seen.other[0])
		return true;
	error_set(
		error,
		"it calls functions of NetAdapterCx %s (%s) and of %s (%s): all files of a driver are compiled for one version",
		version_of(seen.first, first, sizeof(first)), load_public_name(seen.first),
		version_of(seen.other, other, sizeof(other)), load_public_name(seen.other));
	return false;
}
