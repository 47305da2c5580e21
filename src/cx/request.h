/* SPDX-License-Identifier: MIT */
/*
 * NETREQUEST and NETREQUESTQUEUE: how OIDs reach a driver that handles them, and come back. 1.3 and
 * the preview of 2.0 have them; the public structures are each shape's (api/request_config.h).
 */
#ifndef CX_REQUEST_H
#define CX_REQUEST_H

#include <ndis.h>
#include <pthread.h>
#include <stdbool.h>

#include "cx/oid.h"
#include "cx/verifier.h"
#include "wdf/object.h"

struct cx_adapter;
struct cx_request;
struct cx_request_queue;

enum cx_request_queue_kind { CX_QUEUE_SEQUENTIAL, CX_QUEUE_PARALLEL, CX_REQUEST_QUEUES };

enum cx_request_kind { CX_SET_DATA, CX_QUERY_DATA, CX_METHOD, CX_REQUEST_KINDS };

/* A callback of the driver's, of the type that the shape has for its kind. */
typedef void cx_request_callback(void);

/* Which of a queue's callbacks one is. */
enum cx_request_call { CX_CALL_HANDLER, CX_CALL_DEFAULT, CX_CALL_DEFAULT_OF_ALL };

/* One OID that the driver handles itself. */
struct cx_request_handler {
	NDIS_OID oid;
	UINT minimum_input, minimum_output; /* bytes */
	cx_request_callback *callback;
};

struct cx_request_handlers {
	struct cx_request_handler *items;
	size_t count;
};

/* A NETREQUESTQUEUE. Owned by its adapter; unchanged after it was made. */
struct cx_request_queue {
	struct wdf_object object;
	struct cx_adapter *adapter;
	struct cx_request_handlers handlers[CX_REQUEST_KINDS];
	cx_request_callback *defaults[CX_REQUEST_KINDS], *default_of_all; /* NULL: none */
	/* call() - the shape calls one of those */
	void (*call)(struct cx_request_queue *queue, struct cx_request *request,
		     cx_request_callback *callback, enum cx_request_kind kind,
		     enum cx_request_call which);
};

/* A NETREQUEST: in the driver from dispatch to completion. */
struct cx_request {
	struct wdf_object object;
	struct cx_adapter *adapter;
	struct cx_oid *oid;
	bool sequential;         /* keeps the sequential queue busy */
	struct cx_request *next; /* waits for the sequential queue */
};

/* Part of an adapter. Sequential requests go to the driver one at a time. */
struct cx_requests {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct cx_request_queue *queues[CX_REQUEST_QUEUES]; /* NULL: the driver made none */
	WDF_OBJECT_ATTRIBUTES attributes;                   /* of each NETREQUEST */
	bool have_attributes;
	/* A media class extension sees each request first; NULL: there is none. */
	void (*preprocess)(struct cx_adapter *adapter, struct cx_request *request);
	bool sequential_busy;
	unsigned pending; /* requests made and not completed */
	struct cx_request *waiting, **waiting_end;
};

void cx_requests_init(struct cx_requests *requests);
void cx_requests_destroy(struct cx_requests *requests);

/* cx_requests_set_attributes() - of each NETREQUEST to come; copied */
void cx_requests_set_attributes(struct cx_requests *requests,
				const WDF_OBJECT_ATTRIBUTES *attributes);

/* cx_request_send(), cx_requests_halt() - what a shape's client table has for these drivers. */
void cx_request_send(struct cx_adapter *adapter, struct cx_oid *oid);
void cx_requests_halt(struct cx_adapter *adapter);

/* cx_request_dispatch() - to the driver's queue. For the first time or after its preprocessing.
 */
void cx_request_dispatch(struct cx_request *request);

/* cx_request_complete() - the driver is done: the object is deleted, done() called. */
void cx_request_complete(struct cx_request *request, NTSTATUS status);

/* cx_request_kind_of() - CX_REQUEST_KINDS: one that no driver handles */
enum cx_request_kind cx_request_kind_of(const struct cx_oid *oid);

/* ---- what a driver does with a NETREQUEST, at IRQL <= DISPATCH_LEVEL ---- */

/* cx_request_of() - the request behind a handle; a bad one is a violation. */
struct cx_request *cx_request_of(const struct cx_site *at, void *handle);

/*
 * cx_request_end() - NetRequestCompleteWithoutInformation: the handle is gone afterwards
 * cx_request_end_of_kind() - the same, of a request of this kind, with what its buffer was used for
 * @read, @written: bytes
 */
void cx_request_end(const struct cx_site *at, void *handle, NTSTATUS status);
void cx_request_end_of_kind(const struct cx_site *at, void *handle, enum cx_request_kind kind,
			    NTSTATUS status, UINT read, UINT written);

/*
 * cx_request_buffer() - NetRequestRetrieveInputOutputBuffer
 * @input, @output: room for the lengths, which may be NULL
 * Return: STATUS_SUCCESS, or STATUS_BUFFER_TOO_SMALL below one of the lengths required, with all
 * set to nothing.
 */
NTSTATUS cx_request_buffer(const struct cx_site *at, void *handle, UINT minimum_input,
			   UINT minimum_output, void **buffer, UINT *input, UINT *output);

/* cx_request_set_needed() - NetRequestSetBytesNeeded, before a completion that says "too short" */
void cx_request_set_needed(const struct cx_site *at, void *handle, UINT bytes);

/* ---- queues ---- */

/* cx_request_queue_of() - the queue behind a handle, at IRQL <= DISPATCH_LEVEL. */
struct cx_request_queue *cx_request_queue_of(const struct cx_site *at, void *handle);

/*
 * cx_request_queue_allocate() - without a handler, and not yet the adapter's
 * cx_request_queue_add() - one more handler. Return: whether there was memory.
 * cx_request_queue_install() - from now on it is the adapter's one of its kind
 */
NTSTATUS cx_request_queue_allocate(struct cx_adapter *adapter, PWDF_OBJECT_ATTRIBUTES attributes,
				   struct cx_request_queue **queue);
bool cx_request_queue_add(struct cx_request_queue *queue, enum cx_request_kind kind,
			  const struct cx_request_handler *handler);
void cx_request_queue_install(struct cx_request_queue *queue, enum cx_request_queue_kind kind);

/*
 * cx_request_queue_call() - run the driver's handler for a request
 * Return: false when the queue has none; otherwise the driver (or a too short buffer) completes it.
 */
bool cx_request_queue_call(struct cx_request_queue *queue, struct cx_request *request);

#endif
