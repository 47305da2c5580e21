/* SPDX-License-Identifier: MIT */
/*
 * OID requests: from NDIS to the driver, when its shape of API knows them, and back. What nobody
 * handles is not supported. OID_TCP_OFFLOAD_PARAMETERS is none of them: NDIS asks the offload
 * manager instead (offload.h, src/ndis/offload.h).
 */
#ifndef CX_OID_H
#define CX_OID_H

#include <ndis.h>
#include <ntddk.h>
#include <stdbool.h>

struct cx_adapter;

/* One OID request of NDIS. The caller's, until done() was called. */
struct cx_oid {
	NDIS_REQUEST_TYPE type;
	NDIS_OID oid;
	bool direct; /* NDIS does not serialise it: to the parallel queue */
	NDIS_PORT_NUMBER port;
	NDIS_NIC_SWITCH_ID switch_id;
	NDIS_NIC_SWITCH_VPORT_ID vport_id;
	void *buffer;                     /* input, then output; NULL when both lengths are 0 */
	UINT input_length, output_length; /* bytes */

	/* result */
	NTSTATUS status;
	UINT bytes_read, bytes_written, bytes_needed;
	/* IRQL <= DISPATCH_LEVEL, any thread; the last access to the request */
	void (*done)(struct cx_oid *oid);
	void *context;
};

/*
 * cx_oid_send() - hand a request to the adapter
 * It is dispatched later on the device's worker; done() tells the end in every case:
 * STATUS_NOT_SUPPORTED when the driver has no handler, STATUS_NDIS_ADAPTER_NOT_READY when the
 * adapter is not started, STATUS_NDIS_REQUEST_ABORTED when it was stopped first,
 * STATUS_NDIS_BUFFER_TOO_SHORT (bytes_needed is set) below a handler's minimum.
 */
void cx_oid_send(struct cx_adapter *adapter, struct cx_oid *oid);

/* cx_oid_call() - send, and wait for the end. Not on the device's worker. Return: the status. */
NTSTATUS cx_oid_call(struct cx_adapter *adapter, struct cx_oid *oid);

#endif
