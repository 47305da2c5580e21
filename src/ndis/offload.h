/* SPDX-License-Identifier: MIT */
/*
 * The one door for a change of the active offloads, whoever asks for it. What is on is said in one
 * place, cx_adapter.offload.active, in the words of cx/offload.h; the driver, the stack and the
 * keywords follow it from here.
 */
#ifndef NDIS_OFFLOAD_H
#define NDIS_OFFLOAD_H

#include "base/error.h"
#include "cx/offload.h"
#include "ndis/ndis.h"

/* Who asks. */
enum ndis_origin {
	NDIS_FROM_STACK,         /* the protocol stack (ethtool): it has changed already */
	NDIS_FROM_ADMINISTRATOR, /* `netcx offload` */
	NDIS_FROM_OID,           /* an OID_TCP_OFFLOAD_PARAMETERS that somebody sent */
};

/*
 * ndis_set_offloads() - change the active offloads of an adapter, on its worker
 * @request: each setting on, off, or as it is
 * @origin:  a stack that asked is not told again
 * @error:   one sentence after a failure
 *
 * What goes off is first kept from the driver: the stack stops, the datapath cuts what is still on
 * its way and waits until the driver has returned the LSO packets it has (half a second at most).
 * Then the driver's callbacks run, the stack is offered what is active now, and the adapter's
 * keywords follow, so that the change outlives a restart.
 *
 * Return: STATUS_SUCCESS; STATUS_NOT_SUPPORTED when the hardware cannot do what is to be on;
 * STATUS_INVALID_DEVICE_STATE when the adapter is not started. After a failure nothing has changed.
 */
NTSTATUS ndis_set_offloads(struct ndis_port *port, const struct cx_offload_request *request,
			   enum ndis_origin origin, struct error *error);

#endif
