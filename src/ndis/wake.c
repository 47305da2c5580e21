/* SPDX-License-Identifier: MIT */
#include "ndis/wake.h"

#include <stdlib.h>
#include <string.h>

#include "cx/adapter.h"
#include "ndis/ndis.h"

static NTSTATUS undeclared(struct error *error, const char *what)
{
	error_set(error, "the driver has not declared that %s", what);
	return STATUS_NOT_SUPPORTED;
}

static NTSTATUS check_patterns(const struct cx_power_caps *caps, const struct ndis_wake *wanted,
			       struct error *error)
{
	if (wanted->pattern_count && !(caps->wake_patterns & CX_WAKE_BITMAP_PATTERN))
		return undeclared(error, "a bitmap pattern can wake the adapter");
	for (size_t i = 0; i < wanted->pattern_count; i++) {
		if (wanted->patterns[i].length <= caps->pattern_size)
			continue;
		error_set(error, "pattern %zu has %zu bytes, the driver takes %zu at most", i + 1,
			  wanted->patterns[i].length, caps->pattern_size);
		return STATUS_BUFFER_OVERFLOW;
	}
	return STATUS_SUCCESS;
}

/* The magic packet is left out where it is not there. */
static NTSTATUS check(const struct cx_power_caps *caps, const struct ndis_wake *wanted,
		      struct error *error)
{
	if (wanted->eapol && !(caps->wake_patterns & CX_WAKE_EAPOL_PACKET))
		return undeclared(error, "an EAPOL packet can wake the adapter");
	if (wanted->connect && !(caps->wake_up_events & CX_WAKE_ON_CONNECT))
		return undeclared(error, "a cable that is plugged in can wake the adapter");
	if (wanted->disconnect && !(caps->wake_up_events & CX_WAKE_ON_DISCONNECT))
		return undeclared(error, "a cable that is pulled can wake the adapter");
	if (wanted->filter && !(caps->wake_up_events & CX_WAKE_ON_FILTER))
		return undeclared(error, "a packet of its filter can wake the adapter");
	if (wanted->arp_count && !(caps->protocol_offloads & CX_OFFLOAD_ARP))
		return undeclared(error, "the adapter answers ARP requests in its sleep");
	if (wanted->ns_count && !(caps->protocol_offloads & CX_OFFLOAD_NS))
		return undeclared(error,
				  "the adapter answers neighbour solicitations in its sleep");
	return check_patterns(caps, wanted, error);
}

static NTSTATUS refused(NTSTATUS status, struct error *error, const char *what, size_t number)
{
	if (!NT_SUCCESS(status))
		error_set(error, "%s %zu was refused", what, number);
	return status;
}

static NDIS_OBJECT_HEADER header(UCHAR revision, size_t size)
{
	return (NDIS_OBJECT_HEADER){ NDIS_OBJECT_TYPE_DEFAULT, revision, (USHORT)size };
}

static NDIS_PM_WOL_PATTERN pattern_of(NDIS_PM_WOL_PACKET type, ULONG id)
{
	return (NDIS_PM_WOL_PATTERN){
		.Header = header(NDIS_PM_WOL_PATTERN_REVISION_2, sizeof(NDIS_PM_WOL_PATTERN)),
		.Priority = NDIS_PM_WOL_PRIORITY_NORMAL,
		.WoLPacketType = type,
		.PatternId = id,
	};
}

/* The mask lies behind the structure, the pattern behind the mask. */
static NTSTATUS add_bitmap(struct cx_adapter *a, ULONG id, const struct ndis_wake_pattern *wanted)
{
	struct {
		NDIS_PM_WOL_PATTERN pattern;
		uint8_t data[sizeof(wanted->mask) + sizeof(wanted->bytes)];
	} whole = { .pattern = pattern_of(NdisPMWoLPacketBitmapPattern, id) };
	size_t masked = (wanted->length + 7) / 8;

	whole.pattern.WoLPattern.WoLBitMapPattern = (struct _WOL_BITMAP_PATTERN){
		.MaskOffset = sizeof(whole.pattern),
		.MaskSize = (ULONG)masked,
		.PatternOffset = (ULONG)(sizeof(whole.pattern) + masked),
		.PatternSize = (ULONG)wanted->length,
	};
	memcpy(whole.data, wanted->mask, masked);
	memcpy(whole.data + masked, wanted->bytes, wanted->length);
	return cx_power_add_wake_pattern(a, NdisPMWoLPacketBitmapPattern, id, &whole,
					 sizeof(whole.pattern) + masked + wanted->length);
}

static NTSTATUS add_typed(struct cx_adapter *a, NDIS_PM_WOL_PACKET type, ULONG id)
{
	NDIS_PM_WOL_PATTERN pattern = pattern_of(type, id);

	return cx_power_add_wake_pattern(a, (int)type, id, &pattern, sizeof(pattern));
}

static NTSTATUS add_patterns(struct cx_adapter *a, const struct ndis_wake *wanted, uint32_t enabled,
			     struct error *error)
{
	ULONG id = 0;
	NTSTATUS status = STATUS_SUCCESS;

	for (size_t i = 0; i < wanted->pattern_count && NT_SUCCESS(status); i++)
		status =
			refused(add_bitmap(a, ++id, &wanted->patterns[i]), error, "pattern", i + 1);
	/* These have no number of the user's. */
	if (NT_SUCCESS(status) && enabled & CX_WAKE_MAGIC_PACKET)
		(void)add_typed(a, NdisPMWoLPacketMagicPacket, ++id);
	if (NT_SUCCESS(status) && enabled & CX_WAKE_EAPOL_PACKET) {
		status = add_typed(a, NdisPMWoLPacketEapolRequestIdMessage, ++id);
		if (!NT_SUCCESS(status))
			error_set(error, "the EAPOL pattern was refused");
	}
	return status;
}

static NDIS_PM_PROTOCOL_OFFLOAD offload_of(NDIS_PM_PROTOCOL_OFFLOAD_TYPE type, ULONG id)
{
	return (NDIS_PM_PROTOCOL_OFFLOAD){
		.Header = header(NDIS_PM_PROTOCOL_OFFLOAD_REVISION_1,
				 NDIS_SIZEOF_NDIS_PM_PROTOCOL_OFFLOAD_REVISION_1),
		.Priority = NDIS_PM_PROTOCOL_OFFLOAD_PRIORITY_NORMAL,
		.ProtocolOffloadType = type,
		.ProtocolOffloadId = id,
	};
}

static NTSTATUS add_arp(struct cx_adapter *a, ULONG id, const struct ndis_arp_offload *wanted)
{
	NDIS_PM_PROTOCOL_OFFLOAD offload = offload_of(NdisPMProtocolOffloadIdIPv4ARP, id);
	struct _IPV4_ARP_PARAMETERS *arp = &offload.ProtocolOffloadParameters.IPv4ARPParameters;

	memcpy(arp->HostIPv4Address, wanted->host, 4);
	memcpy(arp->RemoteIPv4Address, wanted->remote, 4);
	memcpy(arp->MacAddress, a->current_address.bytes, 6);
	return cx_power_add_protocol_offload(a, NdisPMProtocolOffloadIdIPv4ARP, id, &offload,
					     sizeof(offload));
}

/* RFC 4291 2.7.1: ff02::1:ff and the last three bytes of the address. */
static void put_solicited_node(uint8_t to[16], const uint8_t target[16])
{
	static const uint8_t prefix[13] = { 0xff, 2, [11] = 1, 0xff };

	memcpy(to, prefix, sizeof(prefix));
	memcpy(to + 13, target + 13, 3);
}

static NTSTATUS add_ns(struct cx_adapter *a, ULONG id, const struct ndis_ns_offload *wanted)
{
	NDIS_PM_PROTOCOL_OFFLOAD offload = offload_of(NdisPMProtocolOffloadIdIPv6NS, id);
	struct _IPV6_NS_PARAMETERS *ns = &offload.ProtocolOffloadParameters.IPv6NSParameters;

	memcpy(ns->RemoteIPv6Address, wanted->remote, 16);
	memcpy(ns->TargetIPv6Addresses, wanted->targets, 32);
	put_solicited_node(ns->SolicitedNodeIPv6Address, wanted->targets[0]);
	memcpy(ns->MacAddress, a->current_address.bytes, 6);
	return cx_power_add_protocol_offload(a, NdisPMProtocolOffloadIdIPv6NS, id, &offload,
					     sizeof(offload));
}

static NTSTATUS add_offloads(struct cx_adapter *a, const struct ndis_wake *wanted,
			     struct error *error)
{
	ULONG id = 0;
	NTSTATUS status = STATUS_SUCCESS;

	for (size_t i = 0; i < wanted->arp_count && NT_SUCCESS(status); i++)
		status = refused(add_arp(a, ++id, &wanted->arp[i]), error, "ARP offload", i + 1);
	for (size_t i = 0; i < wanted->ns_count && NT_SUCCESS(status); i++)
		status = refused(add_ns(a, ++id, &wanted->ns[i]), error, "NS offload", i + 1);
	return status;
}

/* Selective suspend: control sources that are declared wake too, patterns do not. */
static struct cx_power_flags flags_of(const struct cx_power_caps *caps,
				      const struct ndis_wake *wanted)
{
	struct cx_power_flags flags = { 0 };

	if (wanted->magic)
		flags.wake_patterns = caps->wake_patterns & CX_WAKE_MAGIC_PACKET;
	if (wanted->eapol)
		flags.wake_patterns |= CX_WAKE_EAPOL_PACKET;
	if (wanted->pattern_count)
		flags.wake_patterns |= CX_WAKE_BITMAP_PATTERN;
	if (wanted->connect)
		flags.wake_up_events |= CX_WAKE_ON_CONNECT;
	if (wanted->disconnect)
		flags.wake_up_events |= CX_WAKE_ON_DISCONNECT;
	if (wanted->arp_count)
		flags.protocol_offloads |= CX_OFFLOAD_ARP;
	if (wanted->ns_count)
		flags.protocol_offloads |= CX_OFFLOAD_NS;
	if (wanted->filter) {
		flags.wake_patterns = 0;
		flags.wake_up_events =
			CX_WAKE_ON_FILTER |
			(caps->wake_up_events & (CX_WAKE_ON_CONNECT | CX_WAKE_ON_DISCONNECT));
	}
	return flags;
}

static void remove_all(struct cx_adapter *a)
{
	while (a->power.patterns.count)
		cx_power_remove_wake_pattern(a, a->power.patterns.items[0]->id);
	while (a->power.offloads.count)
		cx_power_remove_protocol_offload(a, a->power.offloads.items[0]->id);
	cx_power_enable(a, &(const struct cx_power_flags){ 0 });
}

NTSTATUS ndis_prepare_sleep(struct ndis_port *port, const struct ndis_wake *wanted,
			    struct error *error)
{
	struct cx_adapter *a = port->adapter;
	struct cx_power_flags flags;
	struct cx_power_caps caps;
	NTSTATUS status;

	if (!a)
		return STATUS_SUCCESS;
	caps = cx_power_declared(a);
	status = check(&caps, wanted, error);
	if (!NT_SUCCESS(status))
		return status;
	remove_all(a);
	flags = flags_of(&caps, wanted);
	status = add_patterns(a, wanted, flags.wake_patterns, error);
	if (NT_SUCCESS(status))
		status = add_offloads(a, wanted, error);
	if (NT_SUCCESS(status))
		cx_power_enable(a, &flags);
	else
		remove_all(a);
	return status;
}
