/* SPDX-License-Identifier: MIT */
/*
 * OID requests: from NDIS (the host) to the driver's NETREQUEST queues and back. Cx keeps the ones
 * that are its own (OID_TCP_OFFLOAD_PARAMETERS); what nobody handles is not supported.
 */
#ifndef CX_REQUEST_H
#define CX_REQUEST_H

#include <ndis.h>
#include <netadaptercx.h>
#include <stdbool.h>

#include "cx/api/1.3/verifier.h"
#include "wdf/object.h"

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
 * cx_request_send() - hand a request to the adapter
 * It is dispatched later on the device's worker; done() tells the end in every case:
 * STATUS_NOT_SUPPORTED when neither Cx nor the driver has a handler, STATUS_NDIS_ADAPTER_NOT_READY
 * when the adapter is not started, STATUS_NDIS_REQUEST_ABORTED when it was stopped first,
 * STATUS_NDIS_BUFFER_TOO_SHORT (bytes_needed is set) below a handler's minimum.
 */
void cx_request_send(struct cx_adapter *adapter, struct cx_oid *oid);

/* cx_request_call() - send, and wait for the end. Not on the device's worker. Return: the status.
 */
NTSTATUS cx_request_call(struct cx_adapter *adapter, struct cx_oid *oid);

/* ---- cx/ only ---- */

enum { CX_QUEUE_SEQUENTIAL, CX_QUEUE_PARALLEL, CX_REQUEST_QUEUES };

/* One OID the driver handles itself. */
struct cx_request_handler {
	NDIS_OID oid;
	ULONG minimum_input, minimum_output;
	union {
		PFN_NET_REQUEST_SET_DATA set;
		PFN_NET_REQUEST_QUERY_DATA query;
		PFN_NET_REQUEST_METHOD method;
	};
};

struct cx_request_handlers {
	struct cx_request_handler *items;
	size_t count;
};

/* A NETREQUESTQUEUE. Owned by its adapter; unchanged after it was made. */
struct cx_request_queue {
	struct wdf_object object;
	struct cx_adapter *adapter;
	NET_REQUEST_QUEUE_CONFIG config;
	struct cx_request_handlers set, query, method;
};

/* A NETREQUEST: in the driver from dispatch to completion. */
struct cx_request {
	struct wdf_object object;
	struct cx_adapter *adapter;
	struct cx_oid *oid;
	bool sequential;         /* keeps the sequential queue busy */
	struct cx_request *next; /* waits for the sequential queue */
};

/* An adapter's requests. Sequential ones go to the driver one at a time. */
struct cx_requests {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct cx_request_queue *queues[CX_REQUEST_QUEUES];
	WDF_OBJECT_ATTRIBUTES attributes; /* of each NETREQUEST */
	bool have_attributes;
	PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST preprocess;
	bool open; /* the adapter is started */
	bool sequential_busy;
	unsigned pending; /* requests made and not completed */
	struct cx_request *waiting, **waiting_end;
};

void cx_requests_init(struct cx_requests *requests, const WDF_OBJECT_ATTRIBUTES *attributes,
		      PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST preprocess);
void cx_requests_destroy(struct cx_requests *requests);
void cx_requests_open(struct cx_requests *requests);

/* cx_requests_drain() - halt: abort what waits, wait for what is in the driver. On the worker. */
void cx_requests_drain(struct cx_requests *requests, const char *name);

/* cx_request_dispatch() - to the driver's queue. For the first time or after its preprocessing. */
void cx_request_dispatch(struct cx_request *request);

/* cx_request_complete() - the driver is done: the object is deleted, done() called. */
void cx_request_complete(struct cx_request *request, NTSTATUS status);

struct cx_request *cx_request_of(NETREQUEST handle, const char *call);
struct cx_request_queue *cx_request_queue_of(NETREQUESTQUEUE handle, const char *call);

/* cx_request_queue_create() - a verified configuration, copied with its handlers. */
NTSTATUS cx_request_queue_create(struct cx_adapter *adapter, const NET_REQUEST_QUEUE_CONFIG *config,
				 PWDF_OBJECT_ATTRIBUTES attributes,
				 struct cx_request_queue **queue);

/*
 * cx_request_queue_call() - run the driver's handler for a request
 * Return: false when the queue has none; otherwise the driver (or a too short buffer) completes it.
 */
bool cx_request_queue_call(struct cx_request_queue *queue, struct cx_request *request);

#endif
