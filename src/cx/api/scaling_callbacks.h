/* SPDX-License-Identifier: MIT */
/*
 * Receive scaling's callbacks. All versions of NetAdapterCx have the same ones, each with types of
 * its own, so this is compiled into each shape: it comes after the version's netadaptercx.h.
 * Source: DDI pages of netreceivescaling.h.
 */
#ifndef CX_API_SCALING_CALLBACKS_H
#define CX_API_SCALING_CALLBACKS_H

#include <stdio.h>

#include "cx/adapter.h"
#include "cx/client.h"
#include "cx/verify_declared.h"
#include "nt/callback.h"
#include "nt/event.h"
#include "nt/violation.h"

_Static_assert(CX_HASH_IPV4 == NetAdapterReceiveScalingProtocolTypeIPv4 &&
		       CX_HASH_IPV4_OPTIONS == NetAdapterReceiveScalingProtocolTypeIPv4Options &&
		       CX_HASH_IPV6 == NetAdapterReceiveScalingProtocolTypeIPv6 &&
		       CX_HASH_IPV6_EXTENSIONS ==
			       NetAdapterReceiveScalingProtocolTypeIPv6Extensions &&
		       CX_HASH_TCP == NetAdapterReceiveScalingProtocolTypeTcp &&
		       CX_HASH_UDP == NetAdapterReceiveScalingProtocolTypeUdp,
	       "the core's flags are the driver's");

#define CX_SET_HASH_KEY_NAME        "EvtAdapterReceiveScalingSetHashSecretKey"
#define CX_ENABLE_SCALING_NAME      "EvtAdapterReceiveScalingEnable"
#define CX_DISABLE_SCALING_NAME     "EvtAdapterReceiveScalingDisable"
#define CX_SET_SCALING_ENTRIES_NAME "EvtAdapterReceiveScalingSetIndirectionEntries"

static inline struct cx_scaling_caps cx_scaling_caps_of(
	const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *declared)
{
	return (struct cx_scaling_caps){
		.queues = declared->NumberOfQueues,
		.table_entries = declared->IndirectionTableSize,
		.toeplitz = (ULONG)declared->ReceiveScalingHashTypes &
			    NetAdapterReceiveScalingHashTypeToeplitz,
		.protocols = (uint32_t)declared->ReceiveScalingProtocolTypes,
	};
}

static inline void cx_verify_scaling_capabilities(
	const struct cx_site *at, const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *caps)
{
	cx_verify_scaling(at, &(struct cx_scaling_fields){
				      caps->IndirectionTableSize, caps->NumberOfQueues,
				      (ULONG)caps->ReceiveScalingHashTypes,
				      (ULONG)caps->ReceiveScalingProtocolTypes,
				      (ULONG)caps->ReceiveScalingEncapsulationTypes.Outer,
				      (ULONG)caps->ReceiveScalingEncapsulationTypes.Inner });
}

/* Windows calls what is NULL when its time has come. Here it is said before. */
static inline void cx_verify_scaling_callbacks(const struct cx_adapter *a,
					       const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *h)
{
	const char *missing = !h->EvtAdapterReceiveScalingEnable    ? CX_ENABLE_SCALING_NAME
			      : !h->EvtAdapterReceiveScalingDisable ? CX_DISABLE_SCALING_NAME
			      : !h->EvtAdapterReceiveScalingSetHashSecretKey ? CX_SET_HASH_KEY_NAME
			      : !h->EvtAdapterReceiveScalingSetIndirectionEntries
				      ? CX_SET_SCALING_ENTRIES_NAME
				      : NULL;
	char passed[96];

	if (!missing)
		return;
	snprintf(passed, sizeof(passed), "%s is NULL.", missing);
	nt_violation(&(struct nt_violation){
		.bugcheck = 0x7E, /* SYSTEM_THREAD_EXCEPTION_NOT_HANDLED */
		.parameter = { (uint32_t)STATUS_ACCESS_VIOLATION, 0, 0, 0 },
		.rule = "ReceiveScalingCallbackNull",
		.call = "NetAdapterSetReceiveScalingCapabilities",
		.object = a->name,
		.passed = passed,
		.demand = "A driver that declares receive scaling has all four of its callbacks.",
	});
}

/* The four calls, of an adapter that declared @h. */
static inline NTSTATUS cx_call_set_hash_key(struct cx_adapter *a,
					    const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *h,
					    const uint8_t *bytes, size_t length)
{
	const NET_ADAPTER_RECEIVE_SCALING_HASH_SECRET_KEY key = { .Key = (UINT8 *)bytes,
								  .Length = length };
	struct nt_callback frame;
	NTSTATUS status;

	nt_callback_begin(&frame, a->name, CX_SET_HASH_KEY_NAME);
	status = h->EvtAdapterReceiveScalingSetHashSecretKey((NETADAPTER)a, &key);
	NT_CALLBACK_END(&frame, NT_UINT("length", key.Length), NT_STATUS("status", status));
	return status;
}

static inline NTSTATUS cx_call_enable_scaling(struct cx_adapter *a,
					      const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *h,
					      uint32_t protocols)
{
	const NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE hash = NetAdapterReceiveScalingHashTypeToeplitz;
	struct nt_callback frame;
	NTSTATUS status;

	nt_callback_begin(&frame, a->name, CX_ENABLE_SCALING_NAME);
	status = h->EvtAdapterReceiveScalingEnable(
		(NETADAPTER)a, hash, (NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE)protocols);
	NT_CALLBACK_END(&frame, NT_UINT("hash_type", hash), NT_UINT("protocol_type", protocols),
			NT_STATUS("status", status));
	return status;
}

static inline void cx_call_disable_scaling(struct cx_adapter *a,
					   const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *h)
{
	struct nt_callback frame;

	nt_callback_begin(&frame, a->name, CX_DISABLE_SCALING_NAME);
	h->EvtAdapterReceiveScalingDisable((NETADAPTER)a);
	nt_callback_end_fields(&frame, NULL, 0);
}

static inline NTSTATUS cx_call_set_entries(struct cx_adapter *a,
					   const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *h,
					   struct cx_scaling_entry *entries, size_t count,
					   unsigned queues)
{
	NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRY own[CX_SCALING_ENTRIES];
	NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRIES list = { .Entries = own, .Length = count };
	struct nt_callback frame;
	NTSTATUS status;

	/* The queue comes first; its name is each version's own. */
	for (size_t i = 0; i < count; i++)
		own[i] = (NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRY){
			(NETPACKETQUEUE)entries[i].queue, STATUS_SUCCESS, entries[i].index
		};
	nt_callback_begin(&frame, a->name, CX_SET_SCALING_ENTRIES_NAME);
	status = h->EvtAdapterReceiveScalingSetIndirectionEntries((NETADAPTER)a, &list);
	NT_CALLBACK_END(&frame, NT_UINT("entries", count), NT_UINT("queues", queues),
			NT_STATUS("status", status));
	for (size_t i = 0; i < count; i++)
		entries[i].status = own[i].Status;
	return status;
}

#endif
