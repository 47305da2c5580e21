/* SPDX-License-Identifier: MIT */
#include "cx/api/2/power.h"

#include <string.h>

#include "cx/api/2/adapter.h"
#include "cx/api/2/client.h"
#include "cx/api/2/device.h"
#include "nt/callback.h"
#include "nt/fault.h"
#include "nt/violation.h"

NT_FAULT_NAMES("EvtDevicePreviewArpOffload", "EvtDevicePreviewNSOffload");

/* The NDIS structures and ours have the same addresses. */
_Static_assert(sizeof(NET_IPV6_ADDRESS[2]) == sizeof(((NDIS_PM_PROTOCOL_OFFLOAD *)0)
							     ->ProtocolOffloadParameters
							     .IPv6NSParameters.TargetIPv6Addresses),
	       "two target addresses");
_Static_assert(sizeof(struct cx2_power_list) ==
		       sizeof(NET_WAKE_SOURCE_LIST) - offsetof(NET_WAKE_SOURCE_LIST, Reserved),
	       "a list fits in Reserved");

/* ---- handles ---- */

static _Noreturn void wrong_type(const struct cx_site *at, const char *what, int type, int wanted)
{
	nt_violation_say(0x7E, (uint32_t)STATUS_ACCESS_VIOLATION, "WrongPowerEntryType", at->call,
			 at->object, "It is called for the type whose parameters it has.",
			 "The %s has type %d, it is for type %d.", what, type, wanted);
}

struct cx_power_entry *cx2_wake_source_of(const struct cx_site *at, NETWAKESOURCE handle, int type)
{
	struct cx_power_entry *entry = wdf_object_of(handle, &cx_wake_source_class, at->call);
	int is = (int)cx2_wake_source_type(entry);

	if (type && is != type)
		wrong_type(at, "wake source", is, type);
	return entry;
}

struct cx_power_entry *cx2_power_offload_of(const struct cx_site *at, NETPOWEROFFLOAD handle,
					    int type)
{
	struct cx_power_entry *entry = wdf_object_of(handle, &cx_power_offload_class, at->call);
	int is = (int)cx2_power_offload_type(entry);

	if (type && is != type)
		wrong_type(at, "power offload", is, type);
	return entry;
}

NET_WAKE_SOURCE_TYPE cx2_wake_source_type(const struct cx_power_entry *entry)
{
	switch (entry->type) {
	case NdisPMWoLPacketMagicPacket:
		return NetWakeSourceTypeMagicPacket;
	case NdisPMWoLPacketEapolRequestIdMessage:
		return NetWakeSourceTypeEapolPacket;
	case CX_SOURCE_MEDIA_CHANGE:
		return NetWakeSourceTypeMediaChange;
	case CX_SOURCE_FILTER:
		return NetWakeSourceTypePacketFilterMatch;
	default:
		return NetWakeSourceTypeBitmapPattern;
	}
}

NET_POWER_OFFLOAD_TYPE cx2_power_offload_type(const struct cx_power_entry *entry)
{
	return entry->type == NdisPMProtocolOffloadIdIPv6NS ? NetPowerOffloadTypeNS
							    : NetPowerOffloadTypeArp;
}

/* ---- parameters; Size is the driver's and stays ---- */

/* What an entry has is there until the lock is let go: its removal waits for the lock. */
static void lock_entry(const struct cx_site *at, struct cx_power_entry *entry)
{
	struct cx_device *owner = entry->adapter->owner;

	cx_power_lock(owner);
	if (!entry->object.deleted)
		return;
	cx_power_unlock(owner);
	nt_violation_say(
		0x10D, 5, "WDF_VIOLATION", at->call, at->object,
		"A wake source or power offload is used in the callback that was given it.",
		"%p is removed at the same time.", (void *)entry);
}

static void unlock_entry(struct cx_power_entry *entry)
{
	cx_power_unlock(entry->adapter->owner);
}

void cx2_bitmap_parameters(const struct cx_site *at, struct cx_power_entry *entry,
			   NET_WAKE_SOURCE_BITMAP_PARAMETERS *parameters)
{
	struct _WOL_BITMAP_PATTERN bitmap;
	const UCHAR *base;

	lock_entry(at, entry);
	base = entry->data;
	bitmap = ((const NDIS_PM_WOL_PATTERN *)entry->data)->WoLPattern.WoLBitMapPattern;
	unlock_entry(entry);
	parameters->Id = entry->id;
	parameters->Pattern = base + bitmap.PatternOffset;
	parameters->PatternSize = bitmap.PatternSize;
	parameters->Mask = base + bitmap.MaskOffset;
	parameters->MaskSize = bitmap.MaskSize;
}

void cx2_media_change_parameters(const struct cx_site *at, struct cx_power_entry *entry,
				 NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS *parameters)
{
	const struct cx_power *power = &entry->adapter->power;
	uint32_t events;

	lock_entry(at, entry);
	events = power->enabled.wake_up_events & power->caps.wake_up_events;
	unlock_entry(entry);
	parameters->MediaConnect = !!(events & CX_WAKE_ON_CONNECT);
	parameters->MediaDisconnect = !!(events & CX_WAKE_ON_DISCONNECT);
}

static void put_mac(NET_ADAPTER_LINK_LAYER_ADDRESS *to, const UCHAR mac[6])
{
	memset(to, 0, sizeof(*to));
	to->Length = 6;
	memcpy(to->Address, mac, 6);
}

static NDIS_PM_PROTOCOL_OFFLOAD offload_of(const struct cx_site *at, struct cx_power_entry *entry)
{
	NDIS_PM_PROTOCOL_OFFLOAD offload;

	lock_entry(at, entry);
	offload = *(const NDIS_PM_PROTOCOL_OFFLOAD *)entry->data;
	unlock_entry(entry);
	return offload;
}

void cx2_arp_parameters(const struct cx_site *at, struct cx_power_entry *entry,
			NET_POWER_OFFLOAD_ARP_PARAMETERS *parameters)
{
	const NDIS_PM_PROTOCOL_OFFLOAD offload = offload_of(at, entry);
	const struct _IPV4_ARP_PARAMETERS *arp =
		&offload.ProtocolOffloadParameters.IPv4ARPParameters;

	parameters->Id = entry->id;
	memcpy(&parameters->RemoteIPv4Address, arp->RemoteIPv4Address, 4);
	memcpy(&parameters->HostIPv4Address, arp->HostIPv4Address, 4);
	put_mac(&parameters->LinkLayerAddress, arp->MacAddress);
}

void cx2_ns_parameters(const struct cx_site *at, struct cx_power_entry *entry,
		       NET_POWER_OFFLOAD_NS_PARAMETERS *parameters)
{
	const NDIS_PM_PROTOCOL_OFFLOAD offload = offload_of(at, entry);
	const struct _IPV6_NS_PARAMETERS *ns = &offload.ProtocolOffloadParameters.IPv6NSParameters;

	parameters->Id = entry->id;
	memcpy(&parameters->RemoteIPv6Address, ns->RemoteIPv6Address, 16);
	memcpy(&parameters->SolicitedNodeIPv6Address, ns->SolicitedNodeIPv6Address, 16);
	memcpy(parameters->TargetIPv6Addresses, ns->TargetIPv6Addresses, 32);
	put_mac(&parameters->LinkLayerAddress, ns->MacAddress);
}

/* ---- lists ---- */

/* The addresses of two objects of ours: what was never filled does not have them. */
static const char wake_source_list, power_offload_list;

static uintptr_t signature_of(enum cx2_power_kind kind)
{
	return (uintptr_t)(kind == CX2_WAKE_SOURCES ? &wake_source_list : &power_offload_list);
}

/* Locked. One adapter's entries in the order in which Windows puts each in front of the list. */
static struct cx_power_entry *pushed(struct cx_adapter *a, enum cx2_power_kind kind, size_t index)
{
	const struct cx_power *power = &a->power;
	const struct cx_power_list *list =
		kind == CX2_WAKE_SOURCES ? &power->patterns : &power->offloads;

	if (index < list->count)
		return list->items[list->count - 1 - index];
	index -= list->count;
	if (kind == CX2_WAKE_SOURCES && index < power->events.count)
		return power->events.items[index];
	return NULL;
}

/* Locked. Counts the entries that belong to the list; @wanted: the one to be returned, of all
 * adapters. */
static struct cx_power_entry *walk(struct cx_device *owner, enum cx2_power_kind kind,
				   bool in_transition, size_t wanted, size_t *count)
{
	*count = 0;
	for (struct cx_adapter *a = owner->adapters; a; a = a->next) {
		struct cx_power_entry *entry;

		for (size_t i = 0; (entry = pushed(a, kind, i)); i++) {
			if (in_transition && !cx_power_entry_enabled(entry))
				continue;
			if ((*count)++ == wanted)
				return entry;
		}
	}
	return NULL;
}

static uintptr_t time_of(const struct cx_device *owner)
{
	return (uintptr_t)owner->power_changes << 1 | owner->power_transition;
}

void cx2_fill_power_list(enum cx2_power_kind kind, WDFDEVICE device, struct cx_device *owner,
			 void *reserved)
{
	struct cx2_power_list list = { .signature = signature_of(kind), .device = device };

	cx_power_lock(owner);
	list.time = time_of(owner);
	walk(owner, kind, list.time & 1, SIZE_MAX, &list.count);
	cx_power_unlock(owner);
	memcpy(reserved, &list, sizeof(list));
}

static enum cx_rule signature_rule(enum cx2_power_kind kind)
{
	return kind == CX2_WAKE_SOURCES ? CX_INVALID_WAKE_SOURCE_LIST_SIGNATURE
					: CX_INVALID_POWER_OFFLOAD_LIST_SIGNATURE;
}

/* A driver's memory: what was filled in may be anything by now. */
static struct cx2_power_list filled_list(const struct cx_site *at, enum cx2_power_kind kind,
					 const void *reserved, struct cx_device **owner)
{
	const struct cx2_power_list list = *(const volatile struct cx2_power_list *)reserved;

	if (list.signature != signature_of(kind))
		cx_violation(
			at, signature_rule(kind), (uintptr_t)reserved, 0,
			kind == CX2_WAKE_SOURCES
				? "NetDeviceGetWakeSourceList fills the list before it is read."
				: "NetDeviceGetPowerOffloadList fills the list before it is read.",
			"The list was not filled.");
	*owner = cx2_device_of(list.device, at->call);
	return list;
}

/*
 * The element, if the list is not out of date. Windows does not look; it reads what was freed.
 * The last that was put in front is the first.
 */
static struct cx_power_entry *look_up(const struct cx_site *at, enum cx2_power_kind kind,
				      const void *reserved, size_t index, size_t *count)
{
	struct cx_device *owner;
	const struct cx2_power_list list = filled_list(at, kind, reserved, &owner);
	struct cx_power_entry *entry = NULL;
	bool current;
	size_t walked;

	cx_power_lock(owner);
	current = list.time >> 1 == time_of(owner) >> 1;
	if (current && index < list.count)
		entry = walk(owner, kind, list.time & 1, list.count - 1 - index, &walked);
	cx_power_unlock(owner);
	if (!current)
		cx_violation(at, signature_rule(kind), (uintptr_t)reserved, 0,
			     "A list is used in the callback that filled it.",
			     "What the list holds has changed since it was filled.");
	*count = list.count;
	return entry;
}

size_t cx2_power_list_count(const struct cx_site *at, enum cx2_power_kind kind,
			    const void *reserved)
{
	size_t count;

	look_up(at, kind, reserved, SIZE_MAX, &count);
	return count;
}

struct cx_power_entry *cx2_power_list_element(const struct cx_site *at, enum cx2_power_kind kind,
					      const void *reserved, size_t index)
{
	size_t count;

	return look_up(at, kind, reserved, index, &count);
}

/* ---- what NDIS is about to add ---- */

static bool inside(const struct cx_power_entry *entry, ULONG offset, ULONG size)
{
	return offset <= entry->length && size <= entry->length - offset;
}

static NTSTATUS check_bitmap(const struct cx_power_entry *entry)
{
	const NDIS_PM_WOL_PATTERN *pattern = entry->data;
	const struct _WOL_BITMAP_PATTERN *bitmap = &pattern->WoLPattern.WoLBitMapPattern;

	return inside(entry, bitmap->MaskOffset, bitmap->MaskSize) &&
			       inside(entry, bitmap->PatternOffset, bitmap->PatternSize)
		       ? STATUS_SUCCESS
		       : STATUS_INVALID_PARAMETER;
}

/* Is it declared, well formed, and is there room for one more. */
static NTSTATUS may_add_pattern(struct cx_adapter *a, const struct cx_power_entry *entry)
{
	const struct cx_power_caps caps = cx_power_declared(a);
	static const uint32_t flags[] = {
		[NdisPMWoLPacketBitmapPattern] = CX_WAKE_BITMAP_PATTERN,
		[NdisPMWoLPacketMagicPacket] = CX_WAKE_MAGIC_PACKET,
		[NdisPMWoLPacketEapolRequestIdMessage] = CX_WAKE_EAPOL_PACKET,
	};
	bool bitmap = entry->type == NdisPMWoLPacketBitmapPattern;

	if (entry->length < sizeof(NDIS_PM_WOL_PATTERN))
		return STATUS_INVALID_PARAMETER;
	if ((unsigned)entry->type >= RTL_NUMBER_OF(flags) ||
	    !(caps.wake_patterns & flags[entry->type]))
		return STATUS_NOT_SUPPORTED;
	if (bitmap && a->power.patterns.count >= caps.patterns)
		return STATUS_NDIS_PM_WOL_PATTERN_LIST_FULL;
	return bitmap ? check_bitmap(entry) : STATUS_SUCCESS;
}

static NTSTATUS may_add_offload(struct cx_adapter *a, const struct cx_power_entry *entry)
{
	const struct cx_power_caps caps = cx_power_declared(a);
	bool arp = entry->type == NdisPMProtocolOffloadIdIPv4ARP;
	uint32_t flag = arp                                            ? CX_OFFLOAD_ARP
			: entry->type == NdisPMProtocolOffloadIdIPv6NS ? CX_OFFLOAD_NS
								       : 0;

	if (entry->length < sizeof(NDIS_PM_PROTOCOL_OFFLOAD))
		return STATUS_INVALID_PARAMETER;
	if (!(caps.protocol_offloads & flag))
		return STATUS_NOT_SUPPORTED;
	if (cx_power_count(&a->power.offloads, entry->type) >=
	    (arp ? caps.arp_offloads : caps.ns_offloads))
		return STATUS_NDIS_PM_PROTOCOL_OFFLOAD_LIST_FULL;
	return STATUS_SUCCESS;
}

/* NDIS hears of a full list; every other refusal is the same to it. */
static NTSTATUS refusal(NTSTATUS status, NTSTATUS full)
{
	return status == STATUS_SUCCESS || status == full ? status : STATUS_UNSUCCESSFUL;
}

static WDFDEVICE device_handle(const struct cx_adapter *adapter)
{
	return (WDFDEVICE)wdf_device_object(adapter->device);
}

NTSTATUS cx2_preview_wake_pattern(struct cx_adapter *adapter, struct cx_power_entry *pattern)
{
	const NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS *callbacks =
		&cx2_device(adapter->owner)->power_policy;
	struct nt_callback frame;
	NTSTATUS status = may_add_pattern(adapter, pattern);

	/* The driver has no say about magic packets and EAPOL. */
	if (!NT_SUCCESS(status) || pattern->type != NdisPMWoLPacketBitmapPattern ||
	    !callbacks->EvtDevicePreviewBitmapPattern)
		return status;
	nt_callback_begin(&frame, adapter->name, "EvtDevicePreviewBitmapPattern");
	status = NT_FAULT_CALLBACK("EvtDevicePreviewBitmapPattern")
			 ? STATUS_INSUFFICIENT_RESOURCES
			 : callbacks->EvtDevicePreviewBitmapPattern(device_handle(adapter),
								    (NETWAKESOURCE)pattern);
	return refusal(nt_callback_end_status(&frame, status),
		       STATUS_NDIS_PM_WOL_PATTERN_LIST_FULL);
}

NTSTATUS cx2_preview_protocol_offload(struct cx_adapter *adapter, struct cx_power_entry *offload)
{
	const NET_DEVICE_POWER_POLICY_EVENT_CALLBACKS *callbacks =
		&cx2_device(adapter->owner)->power_policy;
	bool arp = offload->type == NdisPMProtocolOffloadIdIPv4ARP;
	PFN_NET_DEVICE_PREVIEW_POWER_OFFLOAD preview;
	struct nt_callback frame;
	NTSTATUS status = may_add_offload(adapter, offload);

	if (!NT_SUCCESS(status))
		return status;
	preview =
		arp ? callbacks->EvtDevicePreviewArpOffload : callbacks->EvtDevicePreviewNSOffload;
	if (!preview)
		return status;
	nt_callback_begin(&frame, adapter->name,
			  arp ? "EvtDevicePreviewArpOffload" : "EvtDevicePreviewNSOffload");
	status = nt_fault_callback(frame.name)
			 ? STATUS_INSUFFICIENT_RESOURCES
			 : preview(device_handle(adapter), (NETPOWEROFFLOAD)offload);
	return refusal(nt_callback_end_status(&frame, status),
		       STATUS_NDIS_PM_PROTOCOL_OFFLOAD_LIST_FULL);
}
