/* SPDX-License-Identifier: MIT */
/* The stage's part as a host: the operations that NetAdapterCx calls. */
#include "ndis/scaling.h"
#include "stage.h"

static void *adapter_created(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	if (!s->adapter)
		s->adapter = adapter;
	journal_line(&s->journal, "host created %s", adapter->name);
	return s;
}

static void adapter_deleted(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	if (s->adapter == adapter)
		s->adapter = NULL;
	journal_line(&s->journal, "host deleted");
}

static void adapter_started(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	journal_line(&s->journal, "host started mtu=%u", adapter->mtu);
}

static void adapter_halted(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	journal_line(&s->journal, "host halted");
}

static void notified(void *context)
{
	(*(int *)context)++;
}

static NTSTATUS create_queue(struct cx_adapter *adapter, enum cx_queue_kind kind, unsigned id,
			     uint32_t packets, uint32_t fragments, struct cx_queue **queue)
{
	const struct cx_queue_request request = {
		.kind = kind, .id = id, .packet_count = packets, .fragment_count = fragments
	};

	return cx_queue_create(adapter, &request, queue);
}

static NTSTATUS create_queues(struct stage *s, struct cx_adapter *adapter)
{
	NTSTATUS status = s->datapath_status;
	ULONG fragments = s->tx_fragments ? s->tx_fragments : s->ring;

	if (NT_SUCCESS(status))
		status = create_queue(adapter, CX_QUEUE_TX, 0, s->ring, fragments, &s->tx);
	if (NT_SUCCESS(status))
		status = create_queue(adapter, CX_QUEUE_RX, 0, s->ring, s->ring, &s->rx);
	return status;
}

static NTSTATUS datapath_create(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;
	NTSTATUS status = create_queues(s, adapter);

	if (NT_SUCCESS(status)) {
		s->tx->notify = s->rx->notify = notified;
		s->tx->notify_context = &s->tx_notifies;
		s->rx->notify_context = &s->rx_notifies;
		return status;
	}
	if (s->tx)
		cx_queue_delete(s->tx);
	s->tx = NULL;
	return status;
}

static NTSTATUS datapath_start(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	journal_line(&s->journal, "host datapath start");
	return STATUS_SUCCESS;
}

static void datapath_stop(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	journal_line(&s->journal, "host datapath stop");
}

static void delete_further(struct stage *s)
{
	for (unsigned id = 1; id < CX_RX_QUEUES; id++) {
		if (s->further[id])
			cx_queue_delete(s->further[id]);
		s->further[id] = NULL;
	}
}

static void datapath_destroy(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	journal_line(&s->journal, "host datapath destroy");
	cx_queue_delete(s->tx);
	cx_queue_delete(s->rx);
	delete_further(s);
	s->tx = s->rx = NULL;
}

static NTSTATUS scaling_create(void *context, struct cx_adapter *adapter, unsigned queues)
{
	struct stage *s = context;
	NTSTATUS status = STATUS_SUCCESS;

	for (unsigned id = 1; id < queues && NT_SUCCESS(status); id++)
		status = create_queue(adapter, CX_QUEUE_RX, id, s->ring, s->ring, &s->further[id]);
	if (!NT_SUCCESS(status))
		delete_further(s);
	return status;
}

static void scaling_destroy(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	journal_line(&s->journal, "host scaling destroy");
	delete_further(s);
}

static void scaling_setup(void *context, struct cx_adapter *adapter, unsigned queues,
			  struct cx_scaling_setup *setup)
{
	ndis_set_up_scaling(adapter->scaling.hardware.table_entries, queues, setup);
}

static void scaling_changed(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	journal_line(&s->journal, "host scaling enabled=%d queues=%u %s", adapter->scaling.enabled,
		     adapter->scaling.queues, adapter->scaling.off);
}

static void offload_indicated(void *context, struct cx_adapter *adapter,
			      const struct cx_offload_state *active)
{
	struct stage *s = context;

	s->indicated = *active;
	s->indications++;
}

static void offload_drain(void *context, struct cx_adapter *adapter, int timeout_ms)
{
	struct stage *s = context;

	if (s->dp)
		dp_drain(s->dp, timeout_ms);
}

static void link_changed(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	pthread_mutex_lock(&s->lock);
	s->link_changes++;
	pthread_cond_broadcast(&s->link_changed);
	pthread_mutex_unlock(&s->lock);
}

static void mtu_changed(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	s->mtu_changes++;
	journal_line(&s->journal, "host mtu %u", adapter->mtu);
}

static void address_changed(void *context, struct cx_adapter *adapter)
{
	struct stage *s = context;

	s->address_changes++;
}

static void count_traffic(void *context, struct cx_adapter *adapter, struct cx_traffic *traffic)
{
	struct stage *s = context;

	if (s->dp)
		dp_count_traffic(s->dp, traffic);
}

static void reset_device(void *context)
{
	struct stage *s = context;

	journal_line(&s->journal, "host reset");
}

const struct cx_host_ops stage_default_ops = {
	.adapter_created = adapter_created,
	.adapter_deleted = adapter_deleted,
	.adapter_started = adapter_started,
	.adapter_halted = adapter_halted,
	.datapath_create = datapath_create,
	.datapath_start = datapath_start,
	.datapath_stop = datapath_stop,
	.datapath_destroy = datapath_destroy,
	.scaling_create = scaling_create,
	.scaling_destroy = scaling_destroy,
	.scaling_setup = scaling_setup,
	.scaling_changed = scaling_changed,
	.offload_indicated = offload_indicated,
	.offload_drain = offload_drain,
	.link_changed = link_changed,
	.mtu_changed = mtu_changed,
	.count_traffic = count_traffic,
	.reset_device = reset_device,
	.address_changed = address_changed,
};
