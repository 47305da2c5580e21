/* SPDX-License-Identifier: MIT */
#include "cx/power.h"

#include <stdlib.h>
#include <string.h>

#include "cx/adapter.h"
#include "cx/client.h"

static void clear_list(struct cx_power_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].data);
	free(list->items);
	*list = (struct cx_power_list){ 0 };
}

void cx_power_forget(struct cx_adapter *a)
{
	clear_list(&a->power.patterns);
	clear_list(&a->power.offloads);
	a->power = (struct cx_power){ 0 };
}

void cx_power_enable(struct cx_adapter *a, const struct cx_power_flags *flags)
{
	a->power.enabled = *flags;
}

static NTSTATUS append(struct cx_power_list *list, int type, ULONG id, void *data)
{
	struct cx_power_entry *items = realloc(list->items, (list->count + 1) * sizeof(*items));

	if (!items)
		return STATUS_INSUFFICIENT_RESOURCES;
	list->items = items;
	items[list->count++] = (struct cx_power_entry){ .type = type, .id = id, .data = data };
	return STATUS_SUCCESS;
}

/* @preview: the driver's say; NULL: it has none */
static NTSTATUS add(struct cx_adapter *a, struct cx_power_list *list,
		    NTSTATUS (*preview)(struct cx_adapter *, int, void *), int type, ULONG id,
		    const void *data, size_t length)
{
	void *own = malloc(length ? length : 1);
	NTSTATUS status;

	if (!own)
		return STATUS_INSUFFICIENT_RESOURCES;
	memcpy(own, data, length);
	status = preview ? preview(a, type, own) : STATUS_SUCCESS;
	if (NT_SUCCESS(status))
		status = append(list, type, id, own);
	if (!NT_SUCCESS(status))
		free(own);
	return status;
}

NTSTATUS cx_power_add_wake_pattern(struct cx_adapter *a, int type, ULONG id, const void *data,
				   size_t length)
{
	return add(a, &a->power.patterns, a->owner->client->preview_wake_pattern, type, id, data,
		   length);
}

NTSTATUS cx_power_add_protocol_offload(struct cx_adapter *a, int type, ULONG id, const void *data,
				       size_t length)
{
	return add(a, &a->power.offloads, a->owner->client->preview_protocol_offload, type, id,
		   data, length);
}

static NTSTATUS remove_id(struct cx_power_list *list, ULONG id)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].id != id)
			continue;
		free(list->items[i].data);
		list->count--;
		memmove(&list->items[i], &list->items[i + 1],
			(list->count - i) * sizeof(list->items[0]));
		return STATUS_SUCCESS;
	}
	return STATUS_NOT_FOUND;
}

NTSTATUS cx_power_remove_wake_pattern(struct cx_adapter *a, ULONG id)
{
	return remove_id(&a->power.patterns, id);
}

NTSTATUS cx_power_remove_protocol_offload(struct cx_adapter *a, ULONG id)
{
	return remove_id(&a->power.offloads, id);
}

const struct cx_power_entry *cx_power_find(const struct cx_power_list *list, const void *data)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].data == data)
			return &list->items[i];
	return NULL;
}

ULONG cx_power_count(const struct cx_power_list *list, int type)
{
	ULONG count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += list->items[i].type == type;
	return count;
}
