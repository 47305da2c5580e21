/* SPDX-License-Identifier: MIT */
/* The way of an OID request: worker, preprocessing, queue, driver, completion. */
#include "cx/request.h"

#include "base/clock.h"
#include "cx/adapter.h"
#include "nt/callback.h"
#include "nt/event.h"
#include "nt/worker.h"

/* Between two complaints about a request that the driver does not complete. */
#define PATIENCE_NS (5 * NS_PER_S)

static void post_next(struct cx_adapter *a);

static const struct wdf_class request_class = {
	.name = "NETREQUEST",
	.size = sizeof(struct cx_request),
	.may_delete = cx_refuse_delete,
};

void cx_requests_init(struct cx_requests *requests)
{
	pthread_mutex_init(&requests->lock, NULL);
	clock_condition_init(&requests->changed);
	requests->waiting_end = &requests->waiting;
}

void cx_requests_set_attributes(struct cx_requests *requests,
				const WDF_OBJECT_ATTRIBUTES *attributes)
{
	requests->have_attributes = true;
	requests->attributes = *attributes;
}

void cx_requests_destroy(struct cx_requests *requests)
{
	pthread_cond_destroy(&requests->changed);
	pthread_mutex_destroy(&requests->lock);
}

/* The driver is done with it, or never saw it: the object ends, then NDIS hears. */
void cx_request_complete(struct cx_request *request, NTSTATUS status)
{
	struct cx_adapter *a = request->adapter;
	struct cx_requests *requests = &a->requests;
	struct cx_oid *oid = request->oid;
	bool sequential = request->sequential;
	bool more;

	wdf_object_reference(&a->object);
	wdf_object_delete(&request->object);
	oid->status = status == STATUS_CANCELLED ? STATUS_NDIS_REQUEST_ABORTED : status;
	oid->done(oid);

	pthread_mutex_lock(&requests->lock);
	requests->pending--;
	if (sequential)
		requests->sequential_busy = false;
	more = sequential && requests->waiting;
	pthread_cond_broadcast(&requests->changed);
	pthread_mutex_unlock(&requests->lock);
	if (more)
		post_next(a);
	wdf_object_dereference(&a->object);
}

static struct cx_request *take_waiting(struct cx_requests *requests)
{
	struct cx_request *first = requests->waiting;

	if (first) {
		requests->waiting = first->next;
		if (!requests->waiting)
			requests->waiting_end = &requests->waiting;
	}
	return first;
}

/* On the worker. Gives the driver the next request when its sequential queue is free. */
static void dispatch_next(void *context)
{
	struct cx_adapter *a = context;
	struct cx_requests *requests = &a->requests;
	struct cx_request *next = NULL;

	pthread_mutex_lock(&requests->lock);
	if (!requests->sequential_busy) {
		next = take_waiting(requests);
		if (next)
			next->sequential = requests->sequential_busy = true;
	}
	pthread_mutex_unlock(&requests->lock);
	if (next && !cx_request_queue_call(requests->queues[CX_QUEUE_SEQUENTIAL], next))
		cx_request_complete(next, STATUS_NOT_SUPPORTED);
	wdf_object_dereference(&a->object);
}

/* Not at once: the completion may come at DISPATCH_LEVEL, or from inside the driver's handler. */
static void post_next(struct cx_adapter *a)
{
	wdf_object_reference(&a->object);
	if (nt_worker_post(a->owner->worker, dispatch_next, a)) {
		nt_log(a->name, "no memory: an OID request waits until the next one is sent");
		wdf_object_dereference(&a->object);
	}
}

void cx_request_dispatch(struct cx_request *request)
{
	struct cx_adapter *a = request->adapter;
	struct cx_requests *requests = &a->requests;
	bool direct = request->oid->direct;
	struct cx_request_queue *queue =
		requests->queues[direct ? CX_QUEUE_PARALLEL : CX_QUEUE_SEQUENTIAL];

	if (!queue || (direct && !cx_request_queue_call(queue, request))) {
		cx_request_complete(request, STATUS_NOT_SUPPORTED);
		return;
	}
	if (direct)
		return;
	pthread_mutex_lock(&requests->lock);
	request->next = NULL;
	*requests->waiting_end = request;
	requests->waiting_end = &request->next;
	pthread_mutex_unlock(&requests->lock);
	wdf_object_reference(&a->object);
	dispatch_next(a);
}

/* A NETREQUEST for the driver; NULL, and the reason in the request's status. */
static struct cx_request *make_request(struct cx_adapter *a, struct cx_oid *oid)
{
	struct cx_requests *requests = &a->requests;
	WDF_OBJECT_ATTRIBUTES attributes = requests->attributes;
	struct cx_request *request;
	void *object;

	oid->status = wdf_object_create(&request_class, a->object.driver, &a->object,
					requests->have_attributes ? &attributes : NULL, &object);
	if (!NT_SUCCESS(oid->status))
		return NULL;
	request = object;
	request->adapter = a;
	request->oid = oid;
	pthread_mutex_lock(&requests->lock);
	requests->pending++;
	pthread_mutex_unlock(&requests->lock);
	return request;
}

void cx_request_send(struct cx_adapter *a, struct cx_oid *oid)
{
	struct cx_request *request = make_request(a, oid);

	if (!request)
		oid->done(oid);
	else if (a->requests.preprocess)
		a->requests.preprocess(a, request);
	else
		cx_request_dispatch(request);
}

/* Abort what waits, wait for what is in the driver. NDIS too waits for ever; a driver that forgets
 * a request is named every five seconds. */
void cx_requests_halt(struct cx_adapter *a)
{
	struct cx_requests *requests = &a->requests;
	struct cx_request *request;

	pthread_mutex_lock(&requests->lock);
	while ((request = take_waiting(requests))) {
		pthread_mutex_unlock(&requests->lock);
		cx_request_complete(request, STATUS_NDIS_REQUEST_ABORTED);
		pthread_mutex_lock(&requests->lock);
	}
	while (requests->pending) {
		if (clock_wait(&requests->changed, &requests->lock, clock_ns() + PATIENCE_NS))
			continue;
		nt_log(a->name,
		       "the adapter cannot stop: the driver has not completed %u request(s)",
		       requests->pending);
	}
	pthread_mutex_unlock(&requests->lock);
}

/* ---- the driver's view ---- */

/* What follows is checked with the adapter's name. */
static struct cx_site named(const struct cx_site *at, const struct cx_adapter *a)
{
	struct cx_site site = *at;

	site.object = a->name;
	return site;
}

struct cx_request *cx_request_of(const struct cx_site *at, void *handle)
{
	struct cx_request *request = wdf_object_of(handle, &request_class, at->call);
	struct cx_site site = named(at, request->adapter);

	cx_verify_dispatch(&site);
	return request;
}

static void verify_not_pending(const struct cx_site *at, NTSTATUS status)
{
	if (status == STATUS_PENDING)
		cx_violation(at, CX_COMPLETING_NET_REQUEST_WITH_PENDING_STATUS, 0, 0,
			     "A request is completed with its final status.",
			     "CompletionStatus is STATUS_PENDING.");
}

enum cx_request_kind cx_request_kind_of(const struct cx_oid *oid)
{
	switch ((int)oid->type) {
	case NdisRequestSetInformation:
		return CX_SET_DATA;
	case NdisRequestQueryInformation:
	case NdisRequestQueryStatistics:
		return CX_QUERY_DATA;
	case NdisRequestMethod:
		return CX_METHOD;
	}
	return CX_REQUEST_KINDS;
}

static void verify_kind(const struct cx_site *at, const struct cx_request *request, bool right,
			const char *demand)
{
	NDIS_REQUEST_TYPE type = request->oid->type;

	if (!right)
		cx_violation(at, CX_INVALID_NET_REQUEST_TYPE, (ULONG)type, 0, demand,
			     "The request's type is %d.", (int)type);
}

void cx_request_end(const struct cx_site *at, void *handle, NTSTATUS status)
{
	struct cx_request *request = cx_request_of(at, handle);
	struct cx_site site = named(at, request->adapter);

	verify_not_pending(&site, status);
	cx_request_complete(request, status);
}

void cx_request_end_of_kind(const struct cx_site *at, void *handle, enum cx_request_kind kind,
			    NTSTATUS status, UINT read, UINT written)
{
	static const char *const demands[CX_REQUEST_KINDS] = {
		[CX_SET_DATA] = "It completes set requests (1) only.",
		[CX_QUERY_DATA] = "It completes query requests (0 and 2) only.",
		[CX_METHOD] = "It completes method requests (12) only.",
	};
	struct cx_request *request = cx_request_of(at, handle);
	struct cx_site site = named(at, request->adapter);

	verify_not_pending(&site, status);
	verify_kind(&site, request, cx_request_kind_of(request->oid) == kind, demands[kind]);
	request->oid->bytes_read = read;
	request->oid->bytes_written = written;
	cx_request_complete(request, status);
}

NTSTATUS cx_request_buffer(const struct cx_site *at, void *handle, UINT minimum_input,
			   UINT minimum_output, void **buffer, UINT *input, UINT *output)
{
	const struct cx_oid *oid = cx_request_of(at, handle)->oid;
	bool enough = oid->input_length >= minimum_input && oid->output_length >= minimum_output;

	*buffer = enough ? oid->buffer : NULL;
	if (input)
		*input = enough ? oid->input_length : 0;
	if (output)
		*output = enough ? oid->output_length : 0;
	return enough ? STATUS_SUCCESS : STATUS_BUFFER_TOO_SMALL;
}

void cx_request_set_needed(const struct cx_site *at, void *handle, UINT bytes)
{
	struct cx_request *request = cx_request_of(at, handle);
	struct cx_site site = named(at, request->adapter);

	verify_kind(&site, request, cx_request_kind_of(request->oid) != CX_REQUEST_KINDS,
		    "A request is a query (0 and 2), a set (1) or a method (12).");
	request->oid->bytes_needed = bytes;
}
