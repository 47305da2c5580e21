/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "host/hardware.h"
#include "probe.h"

static struct bench_edge *to_edge(struct edge *edge)
{
	return (struct bench_edge *)edge;
}

static ssize_t edge_take(struct edge *base, const struct iovec *iov, int count,
			 struct frame_meta *meta)
{
	struct bench_edge *edge = to_edge(base);
	struct bench_frame *frame;
	size_t at = 0;
	uint64_t ticket;

	if (read(base->fd, &ticket, sizeof(ticket)) < 0)
		return 0;
	pthread_mutex_lock(&edge->lock);
	frame = &edge->in[edge->in_head++ % BENCH_FRAMES];
	pthread_mutex_unlock(&edge->lock);
	for (int i = 0; i < count && at < frame->length; i++) {
		size_t bytes =
			frame->length - at < iov[i].iov_len ? frame->length - at : iov[i].iov_len;

		memcpy(iov[i].iov_base, frame->data + at, bytes);
		at += bytes;
	}
	*meta = frame->meta;
	free(frame->data);
	return (ssize_t)at;
}

static int edge_put(struct edge *base, const struct frame *frames, int count)
{
	struct bench_edge *edge = to_edge(base);

	pthread_mutex_lock(&edge->lock);
	for (int i = 0; i < count && edge->out_count < BENCH_FRAMES; i++) {
		struct bench_frame *out = &edge->out[edge->out_count++];

		out->meta = frames[i].meta;
		out->length = 0;
		out->data = malloc(128 * 1024);
		for (int j = 0; j < frames[i].count; j++) {
			memcpy(out->data + out->length, frames[i].iov[j].iov_base,
			       frames[i].iov[j].iov_len);
			out->length += frames[i].iov[j].iov_len;
		}
	}
	pthread_mutex_unlock(&edge->lock);
	return count;
}

static const struct edge_ops bench_edge_ops = { .receive = edge_take, .send = edge_put };

static void *adapter_created(void *context, struct cx_adapter *adapter)
{
	((struct bench *)context)->adapter = adapter;
	return context;
}

static void adapter_nothing(void *context, struct cx_adapter *adapter)
{
	(void)context;
	(void)adapter;
}

static NTSTATUS datapath_create(void *context, struct cx_adapter *adapter)
{
	return dp_queues_create(((struct bench *)context)->dp, adapter);
}

static NTSTATUS datapath_start(void *context, struct cx_adapter *adapter)
{
	(void)adapter;
	return dp_start(((struct bench *)context)->dp);
}

static void datapath_stop(void *context, struct cx_adapter *adapter)
{
	(void)adapter;
	dp_stop(((struct bench *)context)->dp);
}

static void datapath_destroy(void *context, struct cx_adapter *adapter)
{
	(void)adapter;
	dp_queues_destroy(((struct bench *)context)->dp);
}

static NTSTATUS scaling_create(void *context, struct cx_adapter *adapter, unsigned queues)
{
	(void)adapter;
	return dp_scaling_create(((struct bench *)context)->dp, queues);
}

static void scaling_destroy(void *context, struct cx_adapter *adapter)
{
	(void)adapter;
	dp_scaling_destroy(((struct bench *)context)->dp);
}

static void offload_indicated(void *context, struct cx_adapter *adapter,
			      const struct cx_offload_state *active)
{
	(void)context;
	(void)adapter;
	(void)active;
}

static void mtu_changed(void *context, struct cx_adapter *adapter, uint32_t mtu)
{
	(void)context;
	(void)adapter;
	(void)mtu;
}

static const struct cx_host_ops host_ops = {
	.adapter_created = adapter_created,
	.adapter_deleted = adapter_nothing,
	.adapter_started = adapter_nothing,
	.adapter_halted = adapter_nothing,
	.datapath_create = datapath_create,
	.datapath_start = datapath_start,
	.datapath_stop = datapath_stop,
	.datapath_destroy = datapath_destroy,
	.scaling_create = scaling_create,
	.scaling_destroy = scaling_destroy,
	.scaling_changed = adapter_nothing,
	.offload_indicated = offload_indicated,
	.link_changed = adapter_nothing,
	.mtu_changed = mtu_changed,
	.address_changed = adapter_nothing,
};

/* On the worker: load, add, start. */
static void bring_up(void *context)
{
	struct bench *b = context;
	struct wdf_device_config config = {
		.name = "Ethernet",
		.hardware_key = nt_reg_subkey(b->registry, "hardware", true),
		.software_key = nt_reg_subkey(b->registry, "software", true),
		.worker = b->worker,
		.extension_context = &b->host,
	};
	struct nt_reg_key *parameters = nt_reg_subkey(b->registry, "parameters", true);

	hardware_to_config(b->hardware ? &b->hardware->bus : NULL, &config);
	assert_int_equal(wdf_driver_load(&b->machine, "test", b->entry, parameters, &b->driver), 0);
	assert_int_equal(wdf_device_add(b->driver, &config, &b->device), 0);
	assert_int_equal(wdf_device_start(b->device), 0);
}

static void take_down(void *context)
{
	struct bench *b = context;

	wdf_device_remove(b->device);
	wdf_driver_unload(b->driver);
}

static struct bench *make(void)
{
	struct bench *b = calloc(1, sizeof(*b));

	assert_int_equal(nt_machine_init(&b->machine), 0);
	b->registry = nt_reg_create();
	b->worker = nt_worker_create(&b->machine, "pnp");
	pthread_mutex_init(&b->stack.lock, NULL);
	b->stack.edge.ops = &bench_edge_ops;
	b->stack.edge.fd = eventfd(0, EFD_NONBLOCK | EFD_SEMAPHORE | EFD_CLOEXEC);
	b->stack.edge.change_fd = -1;
	strcpy(b->stack.edge.name, "bench");
	b->host = (struct cx_host){ .ops = &host_ops, .context = b };
	return b;
}

static void start(struct bench *b, wdf_driver_entry *entry, struct dp_config dp)
{
	dp.machine = &b->machine;
	dp.stack = &b->stack.edge;
	dp.pump.fd = -1;
	b->dp = dp_create(&dp);
	b->entry = entry;
	nt_worker_call(b->worker, bring_up, b);
}

struct bench *bench_start(const struct dp_config *config)
{
	struct bench *b = make();

	start(b, ProbeDriverEntry, config ? *config : (struct dp_config){ 0 });
	return b;
}

struct bench *bench_start_driver(wdf_driver_entry *entry, const char *model,
				 const struct device_wire *wire)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct bench *b = make();

	b->hardware = device_create(&b->machine, model, mac, wire);
	assert_non_null(b->hardware);
	start(b, entry, (struct dp_config){ 0 });
	return b;
}

void bench_stop(struct bench *b)
{
	nt_worker_call(b->worker, take_down, b);
	dp_destroy(b->dp);
	nt_worker_destroy(b->worker);
	nt_reg_destroy(b->registry);
	if (b->hardware)
		device_destroy(b->hardware);
	nt_machine_destroy(&b->machine);
	for (; b->stack.in_head != b->stack.in_tail; b->stack.in_head++)
		free(b->stack.in[b->stack.in_head % BENCH_FRAMES].data);
	for (unsigned i = 0; i < b->stack.out_count; i++)
		free(b->stack.out[i].data);
	close(b->stack.edge.fd);
	free(b);
	probe_reset();
}

void bench_send(struct bench *b, const void *frame, size_t length, struct frame_meta meta)
{
	struct bench_frame *in;
	uint64_t one = 1;

	pthread_mutex_lock(&b->stack.lock);
	in = &b->stack.in[b->stack.in_tail++ % BENCH_FRAMES];
	in->meta = meta;
	in->length = length;
	in->data = malloc(length);
	memcpy(in->data, frame, length);
	pthread_mutex_unlock(&b->stack.lock);
	assert_int_equal(write(b->stack.edge.fd, &one, sizeof(one)), sizeof(one));
}

static void pause_ms(unsigned ms)
{
	struct timespec t = { .tv_nsec = (long)ms * 1000000 };

	nanosleep(&t, NULL);
}

void bench_wait_packets(struct bench *b, unsigned count)
{
	(void)b;
	for (unsigned i = 0; i < 10000; i++) {
		unsigned now;

		pthread_mutex_lock(&probe.lock);
		now = probe.count;
		pthread_mutex_unlock(&probe.lock);
		if (now >= count)
			return;
		pause_ms(1);
	}
	fail_msg("the driver has seen %u packets of %u", probe.count, count);
}

void bench_wait_out(struct bench *b, unsigned count)
{
	for (unsigned i = 0; i < 10000; i++) {
		unsigned now;

		pthread_mutex_lock(&b->stack.lock);
		now = b->stack.out_count;
		pthread_mutex_unlock(&b->stack.lock);
		if (now >= count)
			return;
		pause_ms(1);
	}
	fail_msg("the stack has got %u frames of %u", b->stack.out_count, count);
}

void bench_wait_taken(struct bench *b)
{
	for (unsigned i = 0; i < 10000; i++) {
		unsigned left;

		pthread_mutex_lock(&b->stack.lock);
		left = b->stack.in_tail - b->stack.in_head;
		pthread_mutex_unlock(&b->stack.lock);
		if (!left)
			return;
		pause_ms(1);
	}
	fail_msg("the datapath does not take its frames");
}

void bench_receive(struct bench *b, const void *frame, size_t length, uint8_t layer4)
{
	(void)b;
	pthread_mutex_lock(&probe.lock);
	probe.receive = frame;
	probe.receiveLength = length;
	probe.receiveLayer4 = layer4;
	pthread_mutex_unlock(&probe.lock);
	NetRxQueueNotifyMoreReceivedPacketsAvailable(probe.rxQueue);
	for (unsigned i = 0; i < 10000; i++) {
		bool taken;

		pthread_mutex_lock(&probe.lock);
		taken = !probe.receive;
		pthread_mutex_unlock(&probe.lock);
		if (taken)
			return;
		pause_ms(1);
	}
	fail_msg("the driver was not asked to receive");
}

struct oid_call {
	struct bench *bench;
	NDIS_OFFLOAD_PARAMETERS parameters;
};

static void send_oid(void *context)
{
	struct oid_call *call = context;

	assert_int_equal(
		cx_offload_oid(call->bench->adapter, &call->parameters, sizeof(call->parameters)),
		0);
}

void bench_oid(struct bench *b, uint8_t lso4, uint8_t lso6)
{
	struct oid_call call = { .bench = b };

	call.parameters.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	call.parameters.Header.Revision = NDIS_OFFLOAD_PARAMETERS_REVISION_3;
	call.parameters.Header.Size = sizeof(call.parameters);
	call.parameters.LsoV1 = lso4;
	call.parameters.LsoV2IPv4 = lso4;
	call.parameters.LsoV2IPv6 = lso6;
	nt_worker_call(b->worker, send_oid, &call);
}
