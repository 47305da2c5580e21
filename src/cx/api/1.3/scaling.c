/* SPDX-License-Identifier: MIT */
/* Receive scaling's callbacks. Source: DDI pages of netreceivescaling.h, 1809. */
#include "cx/api/1.3/scaling.h"

#include <stdio.h>

#include "cx/api/1.3/queue.h"
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
	       "the core's flags are 1.3's");

void cx13_declare_scaling(struct cx13_adapter *a,
			  const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *capabilities)
{
	const struct cx_scaling_caps caps = {
		.queues = capabilities->NumberOfQueues,
		.table_entries = capabilities->IndirectionTableSize,
		.toeplitz = (ULONG)capabilities->ReceiveScalingHashTypes &
			    NetAdapterReceiveScalingHashTypeToeplitz,
		.protocols = (uint32_t)capabilities->ReceiveScalingProtocolTypes,
	};

	a->scaling = *capabilities;
	cx_scaling_declare(&a->core.scaling, &caps);
}

/* 1809 calls what is NULL when its time has come. Here it is said before. */
void cx13_check_scaling(struct cx_adapter *a)
{
	const NET_ADAPTER_RECEIVE_SCALING_CAPABILITIES *h = &cx13_adapter(a)->scaling;
	const char *missing = !h->EvtAdapterReceiveScalingEnable ? "EvtAdapterReceiveScalingEnable"
			      : !h->EvtAdapterReceiveScalingDisable
				      ? "EvtAdapterReceiveScalingDisable"
			      : !h->EvtAdapterReceiveScalingSetHashSecretKey
				      ? "EvtAdapterReceiveScalingSetHashSecretKey"
			      : !h->EvtAdapterReceiveScalingSetIndirectionEntries
				      ? "EvtAdapterReceiveScalingSetIndirectionEntries"
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

NTSTATUS cx13_set_hash_key(struct cx_adapter *a, const uint8_t *bytes, size_t length)
{
	static const char name[] = "EvtAdapterReceiveScalingSetHashSecretKey";
	const NET_ADAPTER_RECEIVE_SCALING_HASH_SECRET_KEY key = { .Key = (UINT8 *)bytes,
								  .Length = length };
	struct nt_callback frame;
	NTSTATUS status;

	nt_callback_begin(&frame, a->name, name);
	status = cx13_adapter(a)->scaling.EvtAdapterReceiveScalingSetHashSecretKey(
		cx13_adapter_handle(a), &key);
	NT_CALLBACK_END(&frame, NT_UINT("length", key.Length), NT_STATUS("status", status));
	return status;
}

NTSTATUS cx13_enable_scaling(struct cx_adapter *a, uint32_t protocols)
{
	static const char name[] = "EvtAdapterReceiveScalingEnable";
	const NET_ADAPTER_RECEIVE_SCALING_HASH_TYPE hash = NetAdapterReceiveScalingHashTypeToeplitz;
	struct nt_callback frame;
	NTSTATUS status;

	nt_callback_begin(&frame, a->name, name);
	status = cx13_adapter(a)->scaling.EvtAdapterReceiveScalingEnable(
		cx13_adapter_handle(a), hash, (NET_ADAPTER_RECEIVE_SCALING_PROTOCOL_TYPE)protocols);
	NT_CALLBACK_END(&frame, NT_UINT("hash_type", hash), NT_UINT("protocol_type", protocols),
			NT_STATUS("status", status));
	return status;
}

void cx13_disable_scaling(struct cx_adapter *a)
{
	static const char name[] = "EvtAdapterReceiveScalingDisable";
	struct nt_callback frame;

	nt_callback_begin(&frame, a->name, name);
	cx13_adapter(a)->scaling.EvtAdapterReceiveScalingDisable(cx13_adapter_handle(a));
	nt_callback_end_fields(&frame, NULL, 0);
}

NTSTATUS cx13_set_entries(struct cx_adapter *a, struct cx_scaling_entry *entries, size_t count,
			  unsigned queues)
{
	static const char name[] = "EvtAdapterReceiveScalingSetIndirectionEntries";
	NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRY own[CX_SCALING_ENTRIES];
	NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRIES list = { .Entries = own, .Length = count };
	struct nt_callback frame;
	NTSTATUS status;

	for (size_t i = 0; i < count; i++)
		own[i] = (NET_ADAPTER_RECEIVE_SCALING_INDIRECTION_ENTRY){
			.Queue = cx13_queue_handle(entries[i].queue),
			.Status = STATUS_SUCCESS,
			.Index = entries[i].index,
		};
	nt_callback_begin(&frame, a->name, name);
	status = cx13_adapter(a)->scaling.EvtAdapterReceiveScalingSetIndirectionEntries(
		cx13_adapter_handle(a), &list);
	NT_CALLBACK_END(&frame, NT_UINT("entries", count), NT_UINT("queues", queues),
			NT_STATUS("status", status));
	for (size_t i = 0; i < count; i++)
		entries[i].status = own[i].Status;
	return status;
}
