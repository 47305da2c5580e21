/* SPDX-License-Identifier: MIT */
#include "cx/power.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "cx/adapter.h"
#include "cx/client.h"
#include "cx/verifier.h"
#include "nt/event.h"

void cx_power_lock(struct cx_device *device)
{
	pthread_mutex_lock(&device->power_lock);
}

void cx_power_unlock(struct cx_device *device)
{
	pthread_mutex_unlock(&device->power_lock);
}

/* ---- entries ---- */

/* Locked. A driver holds nothing that was taken off a list: what it kept of one is out of date. */
static void take_off(struct cx_power_entry *entry)
{
	struct cx_power_list *list = entry->list;
	size_t i = 0;

	if (!list)
		return;
	while (list->items[i] != entry)
		i++;
	list->count--;
	memmove(&list->items[i], &list->items[i + 1],
		(list->count - i) * sizeof(struct cx_power_entry *));
	entry->list = NULL;
	entry->adapter->owner->power_changes++;
}

/* The lock also waits for a thread that reads what is about to be freed. */
static void unlink_entry(struct wdf_object *object)
{
	struct cx_power_entry *entry = (struct cx_power_entry *)object;

	cx_power_lock(entry->adapter->owner);
	take_off(entry);
	cx_power_unlock(entry->adapter->owner);
}

static void release_entry(struct wdf_object *object)
{
	free(((struct cx_power_entry *)object)->data);
}

const struct wdf_class cx_wake_source_class = {
	.name = "NETWAKESOURCE",
	.size = sizeof(struct cx_power_entry),
	.dispose = unlink_entry,
	.release = release_entry,
	.may_delete = cx_refuse_delete,
};

const struct wdf_class cx_power_offload_class = {
	.name = "NETPOWEROFFLOAD",
	.size = sizeof(struct cx_power_entry),
	.dispose = unlink_entry,
	.release = release_entry,
	.may_delete = cx_refuse_delete,
};

/* Locked. */
static NTSTATUS append(struct cx_power_list *list, struct cx_power_entry *entry)
{
	struct cx_power_entry **items =
		realloc(list->items, (list->count + 1) * sizeof(struct cx_power_entry *));

	if (!items)
		return STATUS_INSUFFICIENT_RESOURCES;
	list->items = items;
	items[list->count++] = entry;
	entry->list = list;
	entry->adapter->owner->power_changes++;
	return STATUS_SUCCESS;
}

/* Not on a list yet. @data: copied; NULL: none */
static NTSTATUS create_entry(struct cx_adapter *a, const struct wdf_class *class, int type,
			     ULONG id, const void *data, size_t length,
			     struct cx_power_entry **made)
{
	struct cx_power_entry *entry;
	void *object;
	NTSTATUS status;

	status = wdf_object_create(class, a->object.driver, &a->object, NULL, &object);
	if (!NT_SUCCESS(status))
		return status;
	entry = object;
	entry->adapter = a;
	entry->type = type;
	entry->id = id;
	entry->length = length;
	*made = entry;
	if (!data)
		return STATUS_SUCCESS;
	entry->data = malloc(length ? length : 1);
	if (!entry->data) {
		wdf_object_delete(&entry->object);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	memcpy(entry->data, data, length);
	return STATUS_SUCCESS;
}

/* The last, no longer on the list: nobody else deletes it. NULL: the list is empty. */
static struct cx_power_entry *take_last(struct cx_adapter *a, struct cx_power_list *list)
{
	struct cx_power_entry *entry = NULL;

	cx_power_lock(a->owner);
	if (list->count) {
		entry = list->items[list->count - 1];
		take_off(entry);
	} else {
		free(list->items);
		*list = (struct cx_power_list){ 0 };
	}
	cx_power_unlock(a->owner);
	return entry;
}

static void clear_list(struct cx_adapter *a, struct cx_power_list *list)
{
	struct cx_power_entry *entry;

	while ((entry = take_last(a, list)))
		wdf_object_delete(&entry->object);
}

/* ---- what is declared ---- */

void cx_power_halt(struct cx_adapter *a)
{
	clear_list(a, &a->power.patterns);
	clear_list(a, &a->power.offloads);
	cx_power_enable(a, &(const struct cx_power_flags){ 0 });
}

void cx_power_forget(struct cx_adapter *a)
{
	cx_power_halt(a);
	clear_list(a, &a->power.events);
	cx_power_lock(a->owner);
	a->power.declared = false;
	a->power.caps = (struct cx_power_caps){ 0 };
	cx_power_unlock(a->owner);
}

static struct cx_power_entry *find_type(const struct cx_power_list *list, int type)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i]->type == type)
			return list->items[i];
	return NULL;
}

/* Locked. Media change comes before the filter. */
static void sort_events(struct cx_power_list *list)
{
	struct cx_power_entry *first = list->count == 2 ? list->items[0] : NULL;

	if (!first || first->type != CX_SOURCE_FILTER)
		return;
	list->items[0] = list->items[1];
	list->items[1] = first;
}

/*
 * Locked. Puts @spare on the list, or takes off what is there, as the declaration wants it.
 * Return: what is on no list now and is to be deleted; NULL: nothing.
 */
static struct cx_power_entry *follow(struct cx_adapter *a, int type, uint32_t flags,
				     struct cx_power_entry *spare)
{
	struct cx_power_list *list = &a->power.events;
	struct cx_power_entry *entry = find_type(list, type);
	bool declared = a->power.caps.wake_up_events & flags;

	if (entry && !declared) {
		take_off(entry);
		return entry;
	}
	if (entry || !declared || !spare || !NT_SUCCESS(append(list, spare)))
		return spare;
	sort_events(list);
	return NULL;
}

static bool is_missing(struct cx_adapter *a, int type, uint32_t flags)
{
	bool missing;

	cx_power_lock(a->owner);
	missing = a->power.caps.wake_up_events & flags && !find_type(&a->power.events, type);
	cx_power_unlock(a->owner);
	return missing;
}

/* Objects are made and deleted without the lock: the driver may have a callback for that. */
static void declare_event(struct cx_adapter *a, int type, uint32_t flags)
{
	struct cx_power_entry *entry = NULL, *rest;

	if (is_missing(a, type, flags) &&
	    !NT_SUCCESS(create_entry(a, &cx_wake_source_class, type, 0, NULL, 0, &entry)))
		return;
	cx_power_lock(a->owner);
	rest = follow(a, type, flags, entry);
	cx_power_unlock(a->owner);
	if (rest)
		wdf_object_delete(&rest->object);
}

void cx_power_declare(struct cx_adapter *a, cx_power_edit *edit, const void *from)
{
	cx_power_lock(a->owner);
	edit(&a->power.caps, from);
	a->power.declared = true;
	cx_power_unlock(a->owner);
	declare_event(a, CX_SOURCE_MEDIA_CHANGE, CX_WAKE_ON_CONNECT | CX_WAKE_ON_DISCONNECT);
	declare_event(a, CX_SOURCE_FILTER, CX_WAKE_ON_FILTER);
}

struct cx_power_caps cx_power_declared(struct cx_adapter *a)
{
	struct cx_power_caps caps;

	cx_power_lock(a->owner);
	caps = a->power.caps;
	cx_power_unlock(a->owner);
	return caps;
}

/* ---- for a sleep ---- */

/* What is as it was takes no list from who reads it: an adapter with nothing may come and go. */
void cx_power_enable(struct cx_adapter *a, const struct cx_power_flags *flags)
{
	struct cx_power_flags *now = &a->power.enabled;

	cx_power_lock(a->owner);
	if (memcmp(now, flags, sizeof(*now)) != 0)
		a->owner->power_changes++;
	*now = *flags;
	cx_power_unlock(a->owner);
}

static bool pattern_enabled(const struct cx_power *power, int type)
{
	static const uint32_t flags[NdisPMWoLPacketMaximum] = {
		[NdisPMWoLPacketBitmapPattern] = NDIS_PM_WOL_BITMAP_PATTERN_ENABLED,
		[NdisPMWoLPacketMagicPacket] = NDIS_PM_WOL_MAGIC_PACKET_ENABLED,
		[NdisPMWoLPacketIPv4TcpSyn] = NDIS_PM_WOL_IPV4_TCP_SYN_ENABLED,
		[NdisPMWoLPacketIPv6TcpSyn] = NDIS_PM_WOL_IPV6_TCP_SYN_ENABLED,
		[NdisPMWoLPacketEapolRequestIdMessage] =
			NDIS_PM_WOL_EAPOL_REQUEST_ID_MESSAGE_ENABLED,
	};

	return (unsigned)type < NdisPMWoLPacketMaximum &&
	       (power->enabled.wake_patterns & flags[type]);
}

static bool offload_enabled(const struct cx_power *power, int type)
{
	switch (type) {
	case NdisPMProtocolOffloadIdIPv4ARP:
		return power->enabled.protocol_offloads & CX_OFFLOAD_ARP;
	case NdisPMProtocolOffloadIdIPv6NS:
		return power->enabled.protocol_offloads & CX_OFFLOAD_NS;
	case NdisPMProtocolOffload80211RSNRekey:
		return power->enabled.protocol_offloads & 0x80;
	default:
		return false;
	}
}

bool cx_power_entry_enabled(const struct cx_power_entry *entry)
{
	const struct cx_power *power = &entry->adapter->power;
	uint32_t events = power->enabled.wake_up_events & power->caps.wake_up_events;

	if (entry->type == CX_SOURCE_MEDIA_CHANGE)
		return events & (CX_WAKE_ON_CONNECT | CX_WAKE_ON_DISCONNECT);
	if (entry->type == CX_SOURCE_FILTER)
		return events & CX_WAKE_ON_FILTER;
	return entry->object.class == &cx_wake_source_class ? pattern_enabled(power, entry->type)
							    : offload_enabled(power, entry->type);
}

/* @preview: the driver's say; NULL: it has none */
static NTSTATUS add(struct cx_adapter *a, struct cx_power_list *list, const struct wdf_class *class,
		    cx_preview *preview, int type, ULONG id, const void *data, size_t length)
{
	struct cx_power_entry *entry;
	NTSTATUS status = create_entry(a, class, type, id, data, length, &entry);

	if (!NT_SUCCESS(status))
		return status;
	if (preview)
		status = preview(a, entry);
	cx_power_lock(a->owner);
	if (NT_SUCCESS(status))
		status = append(list, entry);
	cx_power_unlock(a->owner);
	if (!NT_SUCCESS(status))
		wdf_object_delete(&entry->object);
	return status;
}

NTSTATUS cx_power_add_wake_pattern(struct cx_adapter *a, int type, ULONG id, const void *data,
				   size_t length)
{
	return add(a, &a->power.patterns, &cx_wake_source_class,
		   a->owner->client->preview_wake_pattern, type, id, data, length);
}

NTSTATUS cx_power_add_protocol_offload(struct cx_adapter *a, int type, ULONG id, const void *data,
				       size_t length)
{
	return add(a, &a->power.offloads, &cx_power_offload_class,
		   a->owner->client->preview_protocol_offload, type, id, data, length);
}

static NTSTATUS remove_id(struct cx_power_list *list, ULONG id)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i]->id != id)
			continue;
		wdf_object_delete(&list->items[i]->object);
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
		if (list->items[i]->data == data)
			return list->items[i];
	return NULL;
}

ULONG cx_power_count(const struct cx_power_list *list, int type)
{
	ULONG count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += list->items[i]->type == type;
	return count;
}

/* ---- why it was woken ---- */

struct cx_wake_reason cx_power_reason(struct cx_adapter *a)
{
	struct cx_wake_reason reason;

	cx_power_lock(a->owner);
	reason = a->power.reason;
	cx_power_unlock(a->owner);
	return reason;
}

void cx_power_set_reason(struct cx_adapter *a, const struct cx_wake_reason *reason)
{
	cx_power_lock(a->owner);
	a->power.reason = *reason;
	cx_power_unlock(a->owner);
}

const char *cx_wake_cause_name(const struct cx_wake_reason *reason)
{
	static const char *const names[] = {
		[CX_WOKEN_BY_OTHERS] = "none",
		[CX_WOKEN_BY_PATTERN] = "bitmap pattern",
		[CX_WOKEN_BY_MAGIC_PACKET] = "magic packet",
		[CX_WOKEN_BY_FILTER] = "packet filter match",
		[CX_WOKEN_BY_EAPOL_PACKET] = "EAPOL packet",
		[CX_WOKEN_BY_DEVICE] = "device",
	};

	if (reason->cause == CX_WOKEN_BY_MEDIA_CHANGE)
		return reason->connected ? "media connect" : "media disconnect";
	return names[reason->cause];
}

/* Of the packet as much as an event has room for: the headers. */
static void emit_packet(const struct cx_adapter *a, const struct cx_wake_reason *reason,
			const void *packet)
{
	uint32_t shown = reason->saved_size < 64 ? reason->saved_size : 64;
	char hex[2 * 64 + 1];

	hex_put(hex, packet, shown);
	NT_EMIT(NT_EVENT_INDICATION, a->name, "NDIS_STATUS_PM_WAKE_REASON",
		NT_TEXT("reason", cx_wake_cause_name(reason)),
		NT_UINT("pattern_id", reason->pattern_id),
		NT_UINT("original_size", reason->original_size),
		NT_UINT("saved_size", reason->saved_size), NT_TEXT("packet", hex));
}

void cx_power_woken(struct cx_adapter *a, const struct cx_wake_reason *reason, const void *packet)
{
	cx_power_set_reason(a, reason);
	if (reason->cause == CX_WOKEN_BY_MEDIA_CHANGE)
		NT_EMIT(NT_EVENT_INDICATION, a->name, "NDIS_STATUS_PM_WAKE_REASON",
			NT_TEXT("reason", cx_wake_cause_name(reason)));
	else if (packet)
		emit_packet(a, reason, packet);
	else
		nt_log(a->name,
		       "the driver gave no packet with its wake reason (%s): NDIS is told nothing",
		       cx_wake_cause_name(reason));
}
