/* SPDX-License-Identifier: MIT */
#include "cx/extension.h"

#include <stdlib.h>
#include <string.h>

static size_t name_units(PCWSTR name)
{
	size_t units = 0;

	while (name[units])
		units++;
	return units;
}

bool cx_name_equal(PCWSTR name, PCWSTR other)
{
	while (*name && *name == *other) {
		name++;
		other++;
	}
	return *name == *other;
}

bool cx_name_has_prefix(PCWSTR name, PCWSTR prefix)
{
	while (*prefix && *name == *prefix) {
		name++;
		prefix++;
	}
	return !*prefix;
}

static struct cx_extension *find_name(const struct cx_extensions *set, PCWSTR name)
{
	for (size_t i = 0; i < set->count; i++)
		if (cx_name_equal(set->items[i].name, name))
			return &set->items[i];
	return NULL;
}

NTSTATUS cx_extensions_add(struct cx_extensions *set, const struct cx_extension *extension)
{
	size_t bytes = (name_units(extension->name) + 1) * sizeof(WCHAR);
	struct cx_extension *items;
	WCHAR *name;

	if (find_name(set, extension->name))
		return STATUS_DUPLICATE_NAME;
	name = malloc(bytes);
	items = realloc(set->items, (set->count + 1) * sizeof(*items));
	if (items)
		set->items = items;
	if (!name || !items) {
		free(name);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	memcpy(name, extension->name, bytes);
	items[set->count] = *extension;
	items[set->count++].name = name;
	return STATUS_SUCCESS;
}

const struct cx_extension *cx_extensions_find(const struct cx_extensions *set, PCWSTR name,
					      ULONG version)
{
	const struct cx_extension *found = find_name(set, name);

	return found && found->version == version ? found : NULL;
}

void cx_extensions_clear(struct cx_extensions *set)
{
	for (size_t i = 0; i < set->count; i++)
		free((void *)set->items[i].name);
	free(set->items);
	*set = (struct cx_extensions){ 0 };
}
