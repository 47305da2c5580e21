/* SPDX-License-Identifier: MIT */
/*
 * The two OIDs that set what an adapter receives, as the driver's callbacks. Source: DDI pages of
 * netadapter.h, OID_GEN_CURRENT_PACKET_FILTER, OID_802_3_MULTICAST_LIST.
 */
#include "cx/api/2/filter.h"

#include <stdlib.h>
#include <string.h>

#include "cx/api/2/adapter.h"
#include "cx/api/2/verifier.h"
#include "nt/callback.h"
#include "nt/event.h"

#define ADDRESS_BYTES 6 /* of a list's entry */
#define ALL_FILTERS                                                               \
	((ULONG)(NetPacketFilterFlagDirected | NetPacketFilterFlagMulticast |     \
		 NetPacketFilterFlagAllMulticast | NetPacketFilterFlagBroadcast | \
		 NetPacketFilterFlagPromiscuous))

/* ---- what is declared ---- */

void cx2_declare_receive_filter(struct cx2_adapter *a,
				const NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES *caps)
{
	SIZE_T addresses = caps->MaximumMulticastAddresses;

	a->filter.set_receive_filter = caps->EvtSetReceiveFilter;
	a->core.filter = (struct cx_filter_caps){
		.packet_filters = (uint32_t)caps->SupportedPacketFilters,
		.multicast_list = addresses < UINT32_MAX ? (uint32_t)addresses : UINT32_MAX,
	};
}

void cx2_declare_packet_filter(struct cx2_adapter *a,
			       const NET_ADAPTER_PACKET_FILTER_CAPABILITIES *caps)
{
	a->filter.set_packet_filter = caps->EvtSetPacketFilter;
	a->core.filter.packet_filters = (uint32_t)caps->SupportedPacketFilters;
}

void cx2_declare_multicast(struct cx2_adapter *a, const NET_ADAPTER_MULTICAST_CAPABILITIES *caps)
{
	a->filter.set_multicast_list = caps->EvtSetMulticastList;
	a->core.filter.multicast_list = caps->MaxMulticastAddresses;
}

static void verify_flags(const struct cx_site *at, enum cx_rule rule, ULONG filters)
{
	if (filters & ~ALL_FILTERS)
		cx_violation(at, rule, 0, filters,
			     "SupportedPacketFilters holds NET_PACKET_FILTER_FLAGS only.",
			     "SupportedPacketFilters is 0x%x.", filters);
}

void cx2_verify_receive_filter(const struct cx_site *at,
			       const NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES *caps)
{
	static const char demand[] =
		"Multicast in SupportedPacketFilters goes with MaximumMulticastAddresses, and an adapter has at least one of all filters.";
	ULONG filters = (ULONG)caps->SupportedPacketFilters;
	SIZE_T addresses = caps->MaximumMulticastAddresses;
	bool multicast = filters & NetPacketFilterFlagMulticast;

	if (filters && !caps->EvtSetReceiveFilter)
		cx_violation(at, CX_INVALID_SET_RECEIVE_FILTER_CALL_BACK, 0, 0,
			     "An adapter that filters is told by EvtSetReceiveFilter what.",
			     "SupportedPacketFilters is 0x%x and EvtSetReceiveFilter is NULL.",
			     filters);
	verify_flags(at, CX_INVALID_RECEIVE_FILTER_CAPABILITIES, filters);
	if ((!filters && !addresses) || multicast != (addresses != 0))
		cx_violation(at, CX_INVALID_RECEIVE_FILTER_CAPABILITIES, filters, addresses, demand,
			     "SupportedPacketFilters is 0x%x, MaximumMulticastAddresses is %zu.",
			     filters, addresses);
}

void cx2_verify_packet_filter(const struct cx_site *at,
			      const NET_ADAPTER_PACKET_FILTER_CAPABILITIES *caps)
{
	ULONG filters = (ULONG)caps->SupportedPacketFilters;

	if (filters && !caps->EvtSetPacketFilter)
		cx_violation(at, CX_INVALID_SET_PACKET_FILTER_CALL_BACK, 0, 0,
			     "An adapter that filters is told by EvtSetPacketFilter what.",
			     "SupportedPacketFilters is 0x%x and EvtSetPacketFilter is NULL.",
			     filters);
	verify_flags(at, CX_INVALID_PACKET_FILTER_CAPABILITIES, filters);
}

/* ---- the driver's callbacks ---- */

static void set_receive_filter(struct cx2_adapter *a)
{
	struct cx2_filter *f = &a->filter;
	struct nt_callback frame;

	nt_callback_begin(&frame, a->core.name, "EvtSetReceiveFilter");
	f->thread = pthread_self();
	f->in_callback = true;
	f->set_receive_filter(cx2_adapter_handle(&a->core), (NETRECEIVEFILTER)f);
	f->in_callback = false;
	NT_CALLBACK_END(&frame, NT_UINT("packet_filter", f->packet_filter),
			NT_UINT("multicast_addresses", f->address_count));
}

static void set_packet_filter(struct cx2_adapter *a)
{
	struct nt_callback frame;

	nt_callback_begin(&frame, a->core.name, "EvtSetPacketFilter");
	a->filter.set_packet_filter(cx2_adapter_handle(&a->core),
				    (NET_PACKET_FILTER_FLAGS)a->filter.packet_filter);
	NT_CALLBACK_END(&frame, NT_UINT("packet_filter", a->filter.packet_filter));
}

static void set_multicast_list(struct cx2_adapter *a)
{
	struct nt_callback frame;

	nt_callback_begin(&frame, a->core.name, "EvtSetMulticastList");
	a->filter.set_multicast_list(cx2_adapter_handle(&a->core), (ULONG)a->filter.address_count,
				     a->filter.addresses);
	NT_CALLBACK_END(&frame, NT_UINT("multicast_addresses", a->filter.address_count));
}

/* ---- from NDIS ---- */

/* A filter that was not declared is refused, and the driver is not called. */
NTSTATUS cx2_take_packet_filter(struct cx2_adapter *a, const void *data, size_t length)
{
	ULONG filter;

	if (length < sizeof(filter))
		return STATUS_NDIS_INVALID_LENGTH;
	memcpy(&filter, data, sizeof(filter));
	if (!a->core.filter.packet_filters || filter & ~a->core.filter.packet_filters)
		return STATUS_NOT_SUPPORTED;
	a->filter.packet_filter = filter;
	if (a->filter.set_receive_filter)
		set_receive_filter(a);
	else
		set_packet_filter(a);
	return STATUS_SUCCESS;
}

NTSTATUS cx2_take_multicast_list(struct cx2_adapter *a, const uint8_t *data, size_t length)
{
	NET_ADAPTER_LINK_LAYER_ADDRESS *addresses = NULL;
	size_t count = length / ADDRESS_BYTES;

	if (!a->core.filter.multicast_list ||
	    (!a->filter.set_receive_filter && !a->filter.set_multicast_list))
		return STATUS_NOT_SUPPORTED;
	if (length % ADDRESS_BYTES)
		return STATUS_NDIS_INVALID_LENGTH;
	if (count > a->core.filter.multicast_list)
		return STATUS_NDIS_MULTICAST_FULL;
	if (count) {
		addresses = calloc(count, sizeof(*addresses));
		if (!addresses)
			return STATUS_INSUFFICIENT_RESOURCES;
	}
	for (size_t i = 0; i < count; i++) {
		addresses[i].Length = ADDRESS_BYTES;
		memcpy(addresses[i].Address, data + i * ADDRESS_BYTES, ADDRESS_BYTES);
	}
	free(a->filter.addresses);
	a->filter.addresses = addresses;
	a->filter.address_count = count;
	if (a->filter.set_receive_filter)
		set_receive_filter(a);
	else
		set_multicast_list(a);
	return STATUS_SUCCESS;
}

const struct cx2_filter *cx2_filter_of(const struct cx_site *at, NETRECEIVEFILTER handle)
{
	struct cx2_filter *f = (struct cx2_filter *)handle;

	cx_verify_dispatch(at);
	cx_verify_not_null(at, f, "ReceiveFilter");
	if (!f->in_callback || !pthread_equal(f->thread, pthread_self()))
		cx_violation(
			at, CX_SET_RECEIVE_FILTER_FROM_WRONG_THREAD, 0, 0,
			"A NETRECEIVEFILTER is good inside EvtSetReceiveFilter, on its thread.",
			f->in_callback ? "It is used on another thread."
				       : "EvtSetReceiveFilter has returned.");
	return f;
}

void cx2_forget_filter(struct cx2_adapter *a)
{
	a->filter.set_receive_filter = NULL;
	a->filter.set_packet_filter = NULL;
	a->filter.set_multicast_list = NULL;
}

void cx2_filter_halt(struct cx2_adapter *a)
{
	free(a->filter.addresses);
	a->filter.addresses = NULL;
	a->filter.address_count = 0;
	a->filter.packet_filter = 0;
}
