/* SPDX-License-Identifier: MIT */
#include "load/objects.h"

#include <stdio.h>
#include <string.h>
#ifndef NETCX_HOST
#define NETCX_HOST
#endif
#include <parts/netcxdriverapi.h>

/* One file's note. @file is in the ELF file, @length bytes without the zero at its end. */
struct object {
	struct netcx_driver_api api;
	const char *file;
	int length;
};

/* A linker may leave room between two notes. Return: what is behind it; NULL: none is left. */
static const unsigned char *next_object(const unsigned char *at, const unsigned char *end,
					struct object *object)
{
	struct netcx_driver_api *api = &object->api;

	for (; (size_t)(end - at) >= sizeof(*api); at += sizeof(api->magic)) {
		memcpy(api, at, sizeof(*api));
		if (api->magic != NETCX_DRIVER_API_MAGIC || api->size < sizeof(*api) ||
		    api->size > (size_t)(end - at))
			continue;
		object->file = (const char *)at + sizeof(*api);
		object->length = (int)strnlen(object->file, api->size - sizeof(*api));
		return at + sizeof(*api);
	}
	return NULL;
}

/* "KMDF 1.33" */
static const char *framework(const struct netcx_driver_api *api, char *text, size_t size)
{
	bool user = api->umdf_major != 0;

	snprintf(text, size, "%s %u.%u", user ? "UMDF" : "KMDF",
		 user ? api->umdf_major : api->kmdf_major,
		 user ? api->umdf_minor : api->kmdf_minor);
	return text;
}

/* Return: false, with both files in @error, when they are not for the same. */
static bool go_together(const struct object *first, const struct object *other, struct error *error)
{
	const struct netcx_driver_api *a = &first->api, *b = &other->api;
	char one[32], another[32];

	if (a->net_major != b->net_major || a->net_minor != b->net_minor)
		return error_set(
			error,
			"%.*s is compiled for NetAdapterCx %u.%u and %.*s for %u.%u: all files of a driver are compiled for one version",
			first->length, first->file, a->net_major, a->net_minor, other->length,
			other->file, b->net_major, b->net_minor);
	framework(a, one, sizeof(one));
	framework(b, another, sizeof(another));
	if (strcmp(one, another) == 0)
		return true;
	return error_set(
		error,
		"%.*s is compiled for %s and %.*s for %s: all files of a driver are compiled for one framework",
		first->length, first->file, one, other->length, other->file, another);
}

bool objects_check(const struct elf_file *file, struct error *error)
{
	struct object first, other;
	size_t length = 0;
	const unsigned char *at = elf_section(file, NETCX_OBJECTS_SECTION, &length);
	const unsigned char *end = at ? at + length : NULL;

	if (!at || !(at = next_object(at, end, &first)))
		return true;
	while ((at = next_object(at, end, &other))) {
		if (!go_together(&first, &other, error))
			return false;
	}
	return true;
}
