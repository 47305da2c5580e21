/* SPDX-License-Identifier: MIT */
/* The way of an OID to the device's worker, and from there to the driver. */
#include "cx/oid.h"

#include <stdlib.h>

#include "cx/adapter.h"
#include "cx/client.h"
#include "nt/worker.h"

struct sending {
	struct cx_adapter *adapter;
	struct cx_oid *oid;
};

/* On the worker. The request's way ends here, or it is in the driver's hands. */
static void arrive(void *context)
{
	struct sending *sending = context;
	struct cx_adapter *a = sending->adapter;
	struct cx_oid *oid = sending->oid;

	free(sending);
	oid->status = STATUS_NDIS_ADAPTER_NOT_READY;
	/* The device may be gone, but not below an adapter that is started. */
	if (cx_adapter_state(a) != CX_ADAPTER_STARTED) {
		oid->done(oid);
	} else if (a->owner->client->send_oid) {
		a->owner->client->send_oid(a, oid);
	} else {
		oid->status = STATUS_NOT_SUPPORTED;
		oid->done(oid);
	}
	wdf_object_dereference(&a->object);
}

void cx_oid_send(struct cx_adapter *a, struct cx_oid *oid)
{
	struct sending *sending = malloc(sizeof(*sending));

	oid->bytes_read = oid->bytes_written = oid->bytes_needed = 0;
	if (sending) {
		*sending = (struct sending){ .adapter = a, .oid = oid };
		wdf_object_reference(&a->object);
		if (nt_worker_post(a->owner->worker, arrive, sending) == 0)
			return;
		wdf_object_dereference(&a->object);
		free(sending);
	}
	oid->status = STATUS_INSUFFICIENT_RESOURCES;
	oid->done(oid);
}

struct waiter {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool done;
};

static void wake(struct cx_oid *oid)
{
	struct waiter *waiter = oid->context;

	pthread_mutex_lock(&waiter->lock);
	waiter->done = true;
	pthread_cond_signal(&waiter->changed);
	pthread_mutex_unlock(&waiter->lock);
}

NTSTATUS cx_oid_call(struct cx_adapter *a, struct cx_oid *oid)
{
	struct waiter waiter = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false };

	oid->done = wake;
	oid->context = &waiter;
	cx_oid_send(a, oid);
	pthread_mutex_lock(&waiter.lock);
	while (!waiter.done)
		pthread_cond_wait(&waiter.changed, &waiter.lock);
	pthread_mutex_unlock(&waiter.lock);
	pthread_cond_destroy(&waiter.changed);
	pthread_mutex_destroy(&waiter.lock);
	return oid->status;
}
