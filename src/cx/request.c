/* SPDX-License-Identifier: MIT */
/* The way of an OID request: worker, preprocessing, queue, driver, completion. */
#include "cx/request.h"

#include <stdlib.h>

#include "base/clock.h"
#include "cx/api/1.3/adapter.h"
#include "cx/api/1.3/client.h"
#include "cx/api/1.3/verifier.h"
#include "nt/callback.h"
#include "nt/event.h"
#include "nt/worker.h"

/* Between two complaints about a request that the driver does not complete. */
#define PATIENCE_NS (5 * NS_PER_S)

static void post_next(struct cx_adapter *a);

static const struct wdf_class request_class = {
	.name = "NETREQUEST",
	.size = sizeof(struct cx13_request),
	.may_delete = cx_refuse_delete,
};

struct cx13_request *cx13_request_of(NETREQUEST handle, const char *call)
{
	return wdf_object_of(handle, &request_class, call);
}

void cx13_requests_init(struct cx13_requests *requests, const WDF_OBJECT_ATTRIBUTES *attributes,
			PFN_NET_ADAPTER_PRE_PROCESS_NET_REQUEST preprocess)
{
	pthread_mutex_init(&requests->lock, NULL);
	clock_condition_init(&requests->changed);
	if (attributes) {
		requests->attributes = *attributes;
		requests->have_attributes = true;
	}
	requests->preprocess = preprocess;
	requests->waiting_end = &requests->waiting;
}

void cx13_requests_destroy(struct cx13_requests *requests)
{
	pthread_cond_destroy(&requests->changed);
	pthread_mutex_destroy(&requests->lock);
}

/* The driver is done with it, or never saw it: the object ends, then NDIS hears. */
void cx13_request_complete(struct cx13_request *request, NTSTATUS status)
{
	struct cx_adapter *a = request->adapter;
	struct cx13_requests *requests = &cx13_adapter(a)->requests;
	struct cx_oid *oid = request->oid;
	bool sequential = request->sequential;
	bool more;

	wdf_object_reference(&a->object);
	wdf_object_delete(&request->object);
	oid->status = status;
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

static struct cx13_request *take_waiting(struct cx13_requests *requests)
{
	struct cx13_request *first = requests->waiting;

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
	struct cx13_requests *requests = &cx13_adapter(a)->requests;
	struct cx13_request *next = NULL;

	pthread_mutex_lock(&requests->lock);
	if (!requests->sequential_busy) {
		next = take_waiting(requests);
		if (next)
			next->sequential = requests->sequential_busy = true;
	}
	pthread_mutex_unlock(&requests->lock);
	if (next && !cx13_request_queue_call(requests->queues[CX_QUEUE_SEQUENTIAL], next))
		cx13_request_complete(next, STATUS_NOT_SUPPORTED);
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

void cx13_request_dispatch(struct cx13_request *request)
{
	struct cx_adapter *a = request->adapter;
	struct cx13_requests *requests = &cx13_adapter(a)->requests;
	bool direct = request->oid->direct;
	struct cx13_request_queue *queue =
		requests->queues[direct ? CX_QUEUE_PARALLEL : CX_QUEUE_SEQUENTIAL];

	if (!queue || (direct && !cx13_request_queue_call(queue, request))) {
		cx13_request_complete(request, STATUS_NOT_SUPPORTED);
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

static void call_preprocess(struct cx13_request *request)
{
	static const char name[] = "EvtNetAdapterPreProcessNetRequest";
	struct cx_adapter *a = request->adapter;
	struct nt_callback frame;

	nt_callback_enter(&frame, a->name, name);
	cx13_adapter(a)->requests.preprocess(cx13_adapter_handle(a), (NETREQUEST)request);
	nt_callback_leave(&frame);
}

/* A NETREQUEST for the driver; NULL, and the reason in the request's status. */
static struct cx13_request *make_request(struct cx_adapter *a, struct cx_oid *oid)
{
	struct cx13_requests *requests = &cx13_adapter(a)->requests;
	WDF_OBJECT_ATTRIBUTES attributes = requests->attributes;
	struct cx13_request *request;
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

void cx13_send_oid(struct cx_adapter *a, struct cx_oid *oid)
{
	struct cx13_request *request = make_request(a, oid);

	if (!request)
		oid->done(oid);
	else if (cx13_adapter(a)->requests.preprocess)
		call_preprocess(request);
	else
		cx13_request_dispatch(request);
}

/* Abort what waits, wait for what is in the driver. NDIS too waits for ever; a driver that forgets
 * a request is named every five seconds. */
void cx13_halting(struct cx_adapter *a)
{
	struct cx13_requests *requests = &cx13_adapter(a)->requests;
	struct cx13_request *request;

	pthread_mutex_lock(&requests->lock);
	while ((request = take_waiting(requests))) {
		pthread_mutex_unlock(&requests->lock);
		cx13_request_complete(request, STATUS_NDIS_REQUEST_ABORTED);
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
