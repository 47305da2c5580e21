/* SPDX-License-Identifier: MIT */
/*
 * Which frames an adapter is to receive: what its driver declared it can filter, and what NDIS has
 * set. From 2.1 on one callback is told of both the packet filter and the multicast list, through a
 * NETRECEIVEFILTER; the preview of 2.0 has a callback for each.
 */
#ifndef CX_API_2_FILTER_H
#define CX_API_2_FILTER_H

#include <pthread.h>

#include "cx/api/2/public.h"
#include "cx/verifier.h"

struct cx2_adapter;

/* Part of an adapter; the device's worker's. */
struct cx2_filter {
	/* as declared; no callback: none */
	PFN_NET_ADAPTER_SET_RECEIVE_FILTER set_receive_filter;
	PFN_NET_ADAPTER_SET_PACKET_FILTER set_packet_filter;   /* preview of 2.0 */
	PFN_NET_ADAPTER_SET_MULTICAST_LIST set_multicast_list; /* likewise */

	/* set by NDIS since the start */
	ULONG packet_filter; /* NET_PACKET_FILTER_FLAGS */
	NET_ADAPTER_LINK_LAYER_ADDRESS *addresses;
	SIZE_T address_count;

	/* While the driver's callback runs: it is the NETRECEIVEFILTER. */
	_Atomic bool in_callback;
	pthread_t thread;
};

/* What the driver declares; the last call before the start wins. */
void cx2_declare_receive_filter(struct cx2_adapter *adapter,
				const NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES *caps);
void cx2_declare_packet_filter(struct cx2_adapter *adapter,
			       const NET_ADAPTER_PACKET_FILTER_CAPABILITIES *caps);
void cx2_declare_multicast(struct cx2_adapter *adapter,
			   const NET_ADAPTER_MULTICAST_CAPABILITIES *caps);

void cx2_verify_receive_filter(const struct cx_site *at,
			       const NET_ADAPTER_RECEIVE_FILTER_CAPABILITIES *caps);
void cx2_verify_packet_filter(const struct cx_site *at,
			      const NET_ADAPTER_PACKET_FILTER_CAPABILITIES *caps);

/*
 * cx2_take_packet_filter(), _multicast_list() - an OID's data, for the driver
 * @data: not necessarily aligned; @length bytes
 * Return: STATUS_SUCCESS; STATUS_NOT_SUPPORTED for what was not declared,
 * STATUS_NDIS_INVALID_LENGTH, STATUS_NDIS_MULTICAST_FULL, STATUS_INSUFFICIENT_RESOURCES, and then
 * the driver is not called.
 */
NTSTATUS cx2_take_packet_filter(struct cx2_adapter *adapter, const void *data, size_t length);
NTSTATUS cx2_take_multicast_list(struct cx2_adapter *adapter, const uint8_t *data, size_t length);

/*
 * cx2_filter_of() - what a driver's NETRECEIVEFILTER holds
 * It is good on the thread of EvtSetReceiveFilter until that returns: else a violation.
 */
const struct cx2_filter *cx2_filter_of(const struct cx_site *at, NETRECEIVEFILTER handle);

/*
 * cx2_forget_filter() - nothing is declared
 * cx2_filter_halt() - nothing is set: NDIS does that anew after the next start
 */
void cx2_forget_filter(struct cx2_adapter *adapter);
void cx2_filter_halt(struct cx2_adapter *adapter);

#endif
