/* SPDX-License-Identifier: MIT */
#include "cx/power.h"

#include <stdlib.h>
#include <string.h>

#include "cx/adapter.h"
#include "cx/api/1.3/verifier.h"
#include "nt/callback.h"

static void clear_list(struct cx_power_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->items[i].data);
	free(list->items);
	*list = (struct cx_power_list){ 0 };
}

static void settings_release(struct wdf_object *object)
{
	struct cx_power_settings *settings = (struct cx_power_settings *)object;

	clear_list(&settings->patterns);
	clear_list(&settings->offloads);
}

static const struct wdf_class settings_class = {
	.name = "NETPOWERSETTINGS",
	.size = sizeof(struct cx_power_settings),
	.release = settings_release,
	.may_delete = cx_refuse_delete,
};

struct cx_power_settings *cx_power_settings_of(NETPOWERSETTINGS handle, const char *call)
{
	return wdf_object_of(handle, &settings_class, call);
}

NTSTATUS cx_power_create(struct cx_adapter *a, PWDF_OBJECT_ATTRIBUTES attributes)
{
	void *object;
	NTSTATUS status;

	status = wdf_object_create(&settings_class, a->object.driver, &a->object, attributes,
				   &object);
	if (!NT_SUCCESS(status))
		return status;
	a->power.settings = object;
	a->power.settings->adapter = a;
	return STATUS_SUCCESS;
}

void cx_power_forget(struct cx_adapter *a)
{
	struct cx_power_settings *settings = a->power.settings;

	memset(&a->power.capabilities, 0, sizeof(a->power.capabilities));
	a->power.declared = false;
	/* The object is a child: when the adapter is being deleted it went before. */
	if (!settings || settings->object.deleted)
		return;
	memset(&settings->enabled, 0, sizeof(settings->enabled));
	clear_list(&settings->patterns);
	clear_list(&settings->offloads);
}

void cx_power_declare(struct cx_adapter *a, const NET_ADAPTER_POWER_CAPABILITIES *caps)
{
	a->power.capabilities = *caps;
	a->power.declared = true;
}

void cx_power_enable(struct cx_adapter *a, const struct cx_power_flags *flags)
{
	a->power.settings->enabled = *flags;
}

static NTSTATUS add(struct cx_power_list *list, int type, ULONG id, void *data)
{
	struct cx_power_entry *items = realloc(list->items, (list->count + 1) * sizeof(*items));

	if (!items)
		return STATUS_INSUFFICIENT_RESOURCES;
	list->items = items;
	items[list->count++] = (struct cx_power_entry){ .type = type, .id = id, .data = data };
	return STATUS_SUCCESS;
}

static void *copy(const void *data, size_t length)
{
	void *own = malloc(length ? length : 1);

	if (own)
		memcpy(own, data, length);
	return own;
}

NTSTATUS cx_power_add_wake_pattern(struct cx_adapter *a, NDIS_PM_WOL_PACKET type, ULONG id,
				   const void *data, size_t length)
{
	PFN_NET_ADAPTER_PREVIEW_WAKE_PATTERN preview =
		a->power.capabilities.EvtAdapterPreviewWakePattern;
	struct cx_power_settings *settings = a->power.settings;
	NTSTATUS status = STATUS_SUCCESS;
	void *own = copy(data, length);
	struct nt_callback frame;

	if (!own)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (preview) {
		nt_callback_begin(&frame, a->name, "EvtAdapterPreviewWakePattern");
		settings->preview = true;
		status = preview(cx_adapter_handle(a), (NETPOWERSETTINGS)settings, type, own);
		settings->preview = false;
		nt_callback_end_status(&frame, status);
	}
	if (NT_SUCCESS(status))
		status = add(&settings->patterns, (int)type, id, own);
	if (!NT_SUCCESS(status))
		free(own);
	return status;
}

NTSTATUS cx_power_add_protocol_offload(struct cx_adapter *a, NDIS_PM_PROTOCOL_OFFLOAD_TYPE type,
				       ULONG id, const void *data, size_t length)
{
	PFN_NET_ADAPTER_PREVIEW_PROTOCOL_OFFLOAD preview =
		a->power.capabilities.EvtAdapterPreviewProtocolOffload;
	struct cx_power_settings *settings = a->power.settings;
	NTSTATUS status = STATUS_SUCCESS;
	void *own = copy(data, length);
	struct nt_callback frame;

	if (!own)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (preview) {
		nt_callback_begin(&frame, a->name, "EvtAdapterPreviewProtocolOffload");
		settings->preview = true;
		status = preview(cx_adapter_handle(a), (NETPOWERSETTINGS)settings, type, own);
		settings->preview = false;
		nt_callback_end_status(&frame, status);
	}
	if (NT_SUCCESS(status))
		status = add(&settings->offloads, (int)type, id, own);
	if (!NT_SUCCESS(status))
		free(own);
	return status;
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
	return remove_id(&a->power.settings->patterns, id);
}

NTSTATUS cx_power_remove_protocol_offload(struct cx_adapter *a, ULONG id)
{
	return remove_id(&a->power.settings->offloads, id);
}

/* Return: the entry with this data, or NULL. */
static const struct cx_power_entry *find(const struct cx_power_list *list, const void *data)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].data == data)
			return &list->items[i];
	return NULL;
}

bool cx_power_pattern_enabled(const struct cx_power_settings *settings, const void *data)
{
	static const ULONG flags[NdisPMWoLPacketMaximum] = {
		[NdisPMWoLPacketBitmapPattern] = NET_ADAPTER_WAKE_BITMAP_PATTERN,
		[NdisPMWoLPacketMagicPacket] = NET_ADAPTER_WAKE_MAGIC_PACKET,
		[NdisPMWoLPacketIPv4TcpSyn] = NET_ADAPTER_WAKE_IPV4_TCP_SYN,
		[NdisPMWoLPacketIPv6TcpSyn] = NET_ADAPTER_WAKE_IPV6_TCP_SYN,
		[NdisPMWoLPacketEapolRequestIdMessage] = NET_ADAPTER_WAKE_EAPOL_REQUEST_ID_MESSAGE,
	};
	const struct cx_power_entry *entry = find(&settings->patterns, data);

	return entry && (unsigned)entry->type < NdisPMWoLPacketMaximum &&
	       (settings->enabled.wake_patterns & flags[entry->type]);
}

bool cx_power_offload_enabled(const struct cx_power_settings *settings, const void *data)
{
	static const ULONG flags[NdisPMProtocolOffloadIdMaximum] = {
		[NdisPMProtocolOffloadIdIPv4ARP] = NET_ADAPTER_PROTOCOL_OFFLOAD_ARP,
		[NdisPMProtocolOffloadIdIPv6NS] = NET_ADAPTER_PROTOCOL_OFFLOAD_NS,
		[NdisPMProtocolOffload80211RSNRekey] = NET_ADAPTER_PROTOCOL_OFFLOAD_80211_RSN_REKEY,
	};
	const struct cx_power_entry *entry = find(&settings->offloads, data);

	return entry && (unsigned)entry->type < NdisPMProtocolOffloadIdMaximum &&
	       (settings->enabled.protocol_offloads & flags[entry->type]);
}

ULONG cx_power_count(const struct cx_power_list *list, int type)
{
	ULONG count = 0;

	for (size_t i = 0; i < list->count; i++)
		count += list->items[i].type == type;
	return count;
}
