/* SPDX-License-Identifier: MIT */
/* What NetAdapterCx asks of the system around it: a datapath, and someone to play NDIS. */
#include "host/port.h"

#include <stdlib.h>
#include <string.h>

#include "host/nic.h"
#include "host/oid_value.h"
#include "ndis/scaling.h"

/* Another adapter of the same device: it has no network device and no part in the receive side. */
static struct port *add_port(struct nic *nic)
{
	struct edge_config config = { .role = EDGE_STACK };
	struct port *port = calloc(1, sizeof(*port)), *last = &nic->first;

	if (!port)
		return NULL;
	port->stack = edge_open("null", &config, NULL);
	if (!port->stack) {
		free(port);
		return NULL;
	}
	port_init(port, nic);
	port->taken = true;
	pthread_mutex_lock(&nic->lock);
	while (last->next)
		last = last->next;
	last->next = port;
	pthread_mutex_unlock(&nic->lock);
	return port;
}

/* One whose adapter was deleted, or a new one: taken by the caller, whoever else looks for one. */
static struct port *take_port(struct nic *nic)
{
	struct port *port = &nic->first;

	pthread_mutex_lock(&nic->lock);
	while (port && port->taken)
		port = port->next;
	if (port)
		port->taken = true;
	pthread_mutex_unlock(&nic->lock);
	return port ? port : add_port(nic);
}

static void give_port(struct port *port)
{
	pthread_mutex_lock(&port->nic->lock);
	port->taken = false;
	pthread_mutex_unlock(&port->nic->lock);
}

struct port *port_next(struct nic *nic, const struct port *after)
{
	struct port *port;

	pthread_mutex_lock(&nic->lock);
	port = after ? after->next : &nic->first;
	pthread_mutex_unlock(&nic->lock);
	return port;
}

static void finished(void *context)
{
	struct port *port = context;

	if (port != &port->nic->first)
		return;
	atomic_store(&port->nic->finished, true);
	host_news(port->nic->host, HOST_NEWS_FINISHED);
}

static int pump(void *context, int budget)
{
	return device_pump(((const struct nic *)context)->device, budget);
}

static bool pump_ready(void *context)
{
	return device_receive_ready(((const struct nic *)context)->device);
}

static bool pump_holds(void *context)
{
	return edge_holds(((const struct nic *)context)->wire, 0);
}

/* The device's receive side, for the thread that waits for it. */
static struct dp_pump pump_of(struct nic *nic)
{
	if (!nic->device || !nic->device->ops->pump)
		return (struct dp_pump){ .fd = -1 };
	return (struct dp_pump){
		.fd = nic->wire->fd,
		.pump = pump,
		.ready = pump_ready,
		.holds = pump_holds,
		.context = nic,
	};
}

static void edge_lost(void *context, int error)
{
	struct port *port = context;

	nic_edge_lost(port->nic, port->stack, -error);
}

/* ---- NDIS' view of us ---- */

static void offer(void *context, const struct cx_offload_state *state)
{
	stack_set_offloads(context, state);
}

static void limit_lso(void *context, bool ipv4, bool ipv6, int timeout_ms)
{
	struct port *port = context;

	dp_limit_lso(port->dp, ipv4, ipv6, timeout_ms);
}

/* A driver without a handler is the normal case, and nobody is told. */
static void oid_done(void *context, const char *adapter, const struct cx_oid *oid)
{
	const struct oid_info *info = oid_by_number(oid->oid);
	bool query = oid->type == NdisRequestQueryInformation;
	size_t length =
		oid->bytes_written < oid->output_length ? oid->bytes_written : oid->output_length;
	json_t *value = NULL;
	char *text = NULL;

	if (oid->status == STATUS_NOT_SUPPORTED || oid->status == STATUS_NDIS_ADAPTER_NOT_READY ||
	    oid->status == STATUS_NDIS_REQUEST_ABORTED)
		return;
	if (query && NT_SUCCESS(oid->status))
		value = oid_value(info->kind, oid->buffer, length);
	else if (!query)
		value = oid_value(info->kind, oid->buffer, oid->input_length);
	if (value)
		text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	NT_EMIT(NT_EVENT_INDICATION, adapter, info->name, NT_TEXT("type", query ? "query" : "set"),
		NT_STATUS("status", oid->status), NT_TEXT("value", text ? text : ""));
	free(text);
	json_decref(value);
}

static const struct ndis_ops ndis_ops = { .offer = offer,
					  .limit_lso = limit_lso,
					  .oid_done = oid_done };

/* A stack that never says what it wants gets what every stack listens to: all hosts. */
void port_init(struct port *port, struct nic *nic)
{
	static const struct ndis_filter all_hosts = {
		.count = 2,
		.groups = { { 0x01, 0x00, 0x5E, 0, 0, 1 }, { 0x33, 0x33, 0, 0, 0, 1 } },
	};

	port->nic = nic;
	port->ndis.ops = &ndis_ops;
	port->ndis.context = port;
	port->ndis.stack = port->stack->name;
	if (port->stack->change_fd < 0)
		ndis_filter(&port->ndis, &all_hosts);
}

/* ---- NetAdapterCx' view of us ---- */

/* By whatever thread makes it, while the worker and the main thread go on. */
static void *adapter_created(void *context, struct cx_adapter *cx)
{
	struct nic *nic = context;
	struct port *port = take_port(nic);
	struct dp_config config;
	struct dp *dp;

	if (!port)
		return NULL;
	config = (struct dp_config){ .machine = &nic->host->machine,
				     .dma = nic->device ? nic->device->bus.dma : NULL,
				     .stack = port->stack,
				     .watch = &port->watch,
				     .pump = { .fd = -1 },
				     .tx_queues = nic->tx_queues,
				     .uncut = nic->wire && nic->wire->super_packets,
				     .tx_fragment_size = nic->tx_fragment_size,
				     .received = nic->received,
				     .listener = nic->listener,
				     .finished = finished,
				     .edge_lost = edge_lost,
				     .context = port };
	if (port == &nic->first)
		config.pump = pump_of(nic);
	dp = dp_create(&config);
	if (!dp) {
		give_port(port);
		return NULL;
	}
	pthread_mutex_lock(&nic->lock);
	port->dp = dp;
	dp_set_coalesce(dp, atomic_load(&nic->coalesce));
	memset(&port->status, 0, sizeof(port->status));
	memcpy(port->status.name, cx->name, sizeof(port->status.name));
	port->status.client = cx->owner->client;
	pthread_mutex_unlock(&nic->lock);
	return port;
}

static void adapter_deleted(void *context, struct cx_adapter *cx)
{
	struct port *port = context;
	struct nic *nic = port->nic;
	struct dp *dp;

	pthread_mutex_lock(&nic->lock);
	dp = port->dp;
	port->dp = NULL;
	port->status.started = false;
	pthread_mutex_unlock(&nic->lock);
	dp_destroy(dp);
	atomic_store(&port->link_up, false);
	atomic_store(&port->link_dirty, true);
	host_news(nic->host, HOST_NEWS_STACK);
	give_port(port);
}

static void copy_mac(uint8_t mac[6], const struct cx_address *address)
{
	memset(mac, 0, 6);
	if (address->length == 6)
		memcpy(mac, address->bytes, 6);
}

static struct offload_picture picture_of(const struct cx_offload *offload)
{
	return (struct offload_picture){
		.hardware = offload->hardware,
		.capable = offload->capable,
		.defaults = offload->defaults,
		.active = offload->active,
		.driver = offload->driver,
		.fine = offload->fallback,
		.paused = offload->paused,
	};
}

void port_note_status(struct port *port)
{
	struct cx_adapter *cx = port->ndis.adapter;
	struct port_status *s = &port->status;

	pthread_mutex_lock(&port->nic->lock);
	s->started = true;
	s->mtu = cx->mtu;
	copy_mac(s->mac, &cx->current_address);
	copy_mac(s->permanent_mac, &cx->permanent_address);
	s->offload = picture_of(&cx->offload);
	s->scaling = cx->scaling;
	pthread_mutex_unlock(&port->nic->lock);
}

static void adapter_started(void *context, struct cx_adapter *cx)
{
	struct port *port = context;

	port->ndis.adapter = cx;
	ndis_started(&port->ndis);
	port_note_status(port);
	stack_follow_adapter(port);
}

static void adapter_halted(void *context, struct cx_adapter *cx)
{
	struct port *port = context;
	struct nic *nic = port->nic;

	port->ndis.adapter = NULL;
	pthread_mutex_lock(&nic->lock);
	port->status.started = false;
	pthread_mutex_unlock(&nic->lock);
	atomic_store(&port->link_up, false);
	atomic_store(&port->link_dirty, true);
	host_news(nic->host, HOST_NEWS_STACK);
}

/* Queues have come or gone. */
static void note_queues(struct port *port)
{
	struct port_status *s = &port->status;

	pthread_mutex_lock(&port->nic->lock);
	dp_rings(port->dp, &s->rings);
	if (s->rings.tx_queues > s->tx_queues_most)
		s->tx_queues_most = s->rings.tx_queues;
	if (s->rings.rx_queues > s->rx_queues_most)
		s->rx_queues_most = s->rings.rx_queues;
	pthread_mutex_unlock(&port->nic->lock);
}

static NTSTATUS datapath_create(void *context, struct cx_adapter *cx)
{
	struct port *port = context;
	NTSTATUS status;

	status = dp_queues_create(port->dp, cx);
	note_queues(port);
	return status;
}

static NTSTATUS datapath_start(void *context, struct cx_adapter *cx)
{
	struct port *port = context;
	NTSTATUS status;

	port_put_statistics(port);
	status = dp_start(port->dp);
	if (NT_SUCCESS(status))
		ndis_running(&port->ndis);
	return status;
}

static void datapath_stop(void *context, struct cx_adapter *cx)
{
	struct port *port = context;

	dp_stop(port->dp);
}

static void datapath_destroy(void *context, struct cx_adapter *cx)
{
	struct port *port = context;

	dp_queues_destroy(port->dp);
	note_queues(port);
}

static NTSTATUS scaling_create(void *context, struct cx_adapter *cx, unsigned queues)
{
	struct port *port = context;
	NTSTATUS status;

	status = dp_scaling_create(port->dp, queues);
	note_queues(port);
	return status;
}

static void scaling_destroy(void *context, struct cx_adapter *cx)
{
	struct port *port = context;

	dp_scaling_destroy(port->dp);
	note_queues(port);
}

static void scaling_setup(void *context, struct cx_adapter *cx, unsigned queues,
			  struct cx_scaling_setup *setup)
{
	ndis_set_up_scaling(cx->scaling.hardware.table_entries, queues, setup);
}

static void scaling_changed(void *context, struct cx_adapter *cx)
{
	struct port *port = context;

	pthread_mutex_lock(&port->nic->lock);
	port->status.scaling = cx->scaling;
	pthread_mutex_unlock(&port->nic->lock);
}

static void offload_indicated(void *context, struct cx_adapter *cx,
			      const struct cx_offload_state *active)
{
	struct port *port = context;

	pthread_mutex_lock(&port->nic->lock);
	port->status.offload = picture_of(&cx->offload);
	pthread_mutex_unlock(&port->nic->lock);
}

static void offload_drain(void *context, struct cx_adapter *cx, int timeout_ms)
{
	struct port *port = context;

	dp_drain(port->dp, timeout_ms);
}

/* On any thread, a queue's too: note it, the main thread moves the carrier. */
static void link_changed(void *context, struct cx_adapter *cx)
{
	struct port *port = context;
	uint64_t tx = 0, rx = 0;
	bool up = cx_adapter_link_up(cx, &tx, &rx);

	pthread_mutex_lock(&port->nic->lock);
	port->tx_bps = tx;
	port->rx_bps = rx;
	atomic_store(&port->link_up, up);
	atomic_store(&port->link_dirty, true);
	pthread_mutex_unlock(&port->nic->lock);
	host_news(port->nic->host, HOST_NEWS_STACK);
}

/* Its MTU or its address has changed. */
static void follow_adapter(void *context, struct cx_adapter *cx)
{
	struct port *port = context;

	port_note_status(port);
	stack_follow_adapter(port);
}

static void count_traffic(void *context, struct cx_adapter *cx, struct cx_traffic *traffic)
{
	struct port *port = context;

	dp_count_traffic(port->dp, traffic);
}

/* The driver's wish: the main thread has the worker remove the device and add it anew. */
static void reset_device(void *context)
{
	struct nic *nic = context;

	atomic_store(&nic->reset_wanted, true);
	atomic_store(&nic->failure_seen, true);
	host_news(nic->host, HOST_NEWS_DEVICE);
}

const struct cx_host_ops port_ops = {
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
	.mtu_changed = follow_adapter,
	.address_changed = follow_adapter,
	.count_traffic = count_traffic,
	.reset_device = reset_device,
};

void port_free_all(struct nic *nic)
{
	watch_end(&nic->first.watch);
	edge_close(nic->first.stack);
	nic->first.stack = NULL;
	while (nic->first.next) {
		struct port *port = nic->first.next;

		nic->first.next = port->next;
		watch_end(&port->watch);
		edge_close(port->stack);
		free(port);
	}
}
