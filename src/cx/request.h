/* SPDX-License-Identifier: MIT */
/*
 * NETREQUEST and NETREQUESTQUEUE: how OIDs reach a 1.3 driver and come back. Other shapes have none
 * of it.
 */
#ifndef CX_REQUEST_H
#define CX_REQUEST_H

#include <ndis.h>
#include <netadaptercx.h>
#include <stdbool.h>

#include "cx/oid.h"
#include "wdf/object.h"

struct cx_adapter;

enum { CX_QUEUE_SEQUENTIAL, CX_QUEUE_PARALLEL, CX_REQUEST_QUEUES };

/* One OID the driver handles itself. */
struct cx13_request_handler {
	NDIS_OID oid;
	ULONG minimum_input, minimum_output;
	union {
		PFN_NET_REQUEST_SET_DATA set;
		PFN_NET_REQUEST_QUERY_DATA query;
		PFN_NET_REQUEST_METHOD method;
	};
};

struct cx13_request_handlers {
	struct cx13_request_handler *items;
	size_t count;
};

/* A NETREQUESTQUEUE. Owned by its adapter; unchanged after it was made. */
struct cx13_request_queue {
	struct wdf_object object;
	struct cx_adapter *adapter;
	NET_REQUEST_QUEUE_CONFIG config;
	struct cx13_request_handlers set, query, method;
};

/* A NETREQUEST: in the driver from dispatch to completion. */
struct cx13_request {
	struct wdf_object object;
	struct cx_adapter *adapter;
	struct cx_oid *oid;
	bool sequential;           /* keeps the sequential queue busy */
	struct cx13_request *next; /* waits for the sequential queue */
};

/* An adapter's requests. Sequential ones go to the driver one at a time. */
struct cx13_requests {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct cx13_request_queue *queues[CX_REQUEST_QUEUES];
	WDF_OBJECT_ATTRIBUTES attributes; /* of each NETREQUEST */
	bool have_attributes;
	PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST preprocess;
	bool sequential_busy;
	unsigned pending; /* requests made and not completed */
	struct cx13_request *waiting, **waiting_end;
};

void cx13_requests_init(struct cx13_requests *requests, const WDF_OBJECT_ATTRIBUTES *attributes,
			PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST preprocess);
void cx13_requests_destroy(struct cx13_requests *requests);

/* cx13_request_dispatch() - to the driver's queue. For the first time or after its preprocessing.
 */
void cx13_request_dispatch(struct cx13_request *request);

/* cx13_request_complete() - the driver is done: the object is deleted, done() called. */
void cx13_request_complete(struct cx13_request *request, NTSTATUS status);

struct cx13_request *cx13_request_of(NETREQUEST handle, const char *call);
struct cx13_request_queue *cx13_request_queue_of(NETREQUESTQUEUE handle, const char *call);

/* cx13_request_queue_create() - a verified configuration, copied with its handlers. */
NTSTATUS cx13_request_queue_create(struct cx_adapter *adapter,
				   const NET_REQUEST_QUEUE_CONFIG *config,
				   PWDF_OBJECT_ATTRIBUTES attributes,
				   struct cx13_request_queue **queue);

/*
 * cx13_request_queue_call() - run the driver's handler for a request
 * Return: false when the queue has none; otherwise the driver (or a too short buffer) completes it.
 */
bool cx13_request_queue_call(struct cx13_request_queue *queue, struct cx13_request *request);

#endif
