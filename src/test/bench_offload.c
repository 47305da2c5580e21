/* SPDX-License-Identifier: MIT */
/* What of the offloads is active, and changing it as an administrator does. */
#include "ndis/offload.h"
#include "test/bench.h"

struct offload_picture bench_offload(struct bench *b)
{
	struct offload_picture picture;

	pthread_mutex_lock(&b->nic->lock);
	picture = b->nic->first.status.offload;
	pthread_mutex_unlock(&b->nic->lock);
	return picture;
}

struct change {
	struct bench *bench;
	const struct cx_offload_request *request;
	NTSTATUS status;
	struct error error;
};

static void set_offloads(void *change)
{
	struct change *c = change;

	c->status =
		ndis_set_offloads(&c->bench->nic->first.ndis, c->request, NDIS_FROM_OID, &c->error);
}

void bench_set_offloads(struct bench *b, const struct cx_offload_request *request)
{
	struct change c = { .bench = b, .request = request };

	bench_worker(b, set_offloads, &c);
	if (!NT_SUCCESS(c.status))
		bench_fail(b, RULE_SwitchedOffIsOff, "OID_TCP_OFFLOAD_PARAMETERS: %s",
			   c.error.text);
}
