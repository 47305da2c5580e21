/* SPDX-License-Identifier: MIT */
/*
 * A sequence is done to an adapter, in a process that has a bench. What leaves it is judged as long
 * as its hardware works as hardware should; after that all that counts is that the driver lives,
 * keeps the rules, returns and frees what it has.
 */
#include <netcx/lso.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "ndis/offload.h"
#include "test/fuzz/fuzz.h"
#include "test/fuzz/work.h"
#include "test/send.h"

#define LEAST_MSS  88u
#define MOST_WAIT  100  /* ms for frames, when the hardware does not work */
#define MOST_BURST 24u  /* packets */
#define OID_ROOM   256u /* bytes */
#define LIES       64u  /* registers read wrong in a row, at most */
#define SETTLE_US  2000u

/* Reads of registers that give something else. */
struct lies {
	struct nt_mmio_ops ops; /* the model's, with another read */
	const struct nt_mmio_ops *model;
	void *context; /* the model's */
	_Atomic unsigned left;
	_Atomic uint32_t value;
	_Atomic unsigned how; /* 0: value; 1: bits of it flipped; 2: all ones */
};

struct play {
	struct bench *bench;
	struct packet_addresses out, in;
	bool broken;  /* the hardware does what it should not */
	bool removed; /* there is no adapter any more */
	bool unread;  /* frames are on their way that nobody judges */
	bool down;    /* it did not come up again: of a broken device */
	struct lies lies;
};

static uint64_t lie(void *context, uint64_t offset, unsigned width)
{
	struct lies *l = context;
	uint64_t value = l->model->read(l->context, offset, width);
	unsigned left = atomic_load(&l->left);

	if (!left || !atomic_compare_exchange_strong(&l->left, &left, left - 1))
		return value;
	switch (atomic_load(&l->how)) {
	case 0:
		return atomic_load(&l->value);
	case 1:
		return value ^ atomic_load(&l->value);
	default:
		return UINT64_MAX;
	}
}

static void pass_write(void *context, uint64_t offset, unsigned width, uint64_t value)
{
	struct lies *l = context;

	l->model->write(l->context, offset, width, value);
}

/* For who takes part in the end (bench.h): a broken rule, too. */
static void end_by_rule(void *context, const struct nt_violation *violation)
{
	abort();
}

/* Before the host runs: the device's first region is reached by way of us. */
static void come_between(struct bench *b, void *play)
{
	struct play *p = play;
	struct nt_mmio_region *region = &b->host->machine.mmio.regions[0];

	if (b->ends)
		b->host->machine.on_violation = end_by_rule;
	if (!b->nic->device || !region->ops || region->ops->map)
		return;
	p->lies.model = region->ops;
	p->lies.context = region->context;
	p->lies.ops = (struct nt_mmio_ops){ .read = lie, .write = pass_write };
	region->context = &p->lies;
	region->ops = &p->lies.ops;
}

/* ---- frames ---- */

static void forget(struct play *p)
{
	struct bench *b = p->bench;

	usleep(SETTLE_US);
	test_edge_forget(b->wire);
	test_edge_forget(b->stack);
}

static void drain(struct bench *b, struct test_frame *(*next)(struct bench *))
{
	struct test_frame *frame;

	while ((frame = next(b)))
		free(frame);
}

/* All that is on its way has come through, or does not. */
static void settle(struct play *p)
{
	struct bench *b = p->bench;

	if (!p->unread)
		return;
	p->unread = false;
	if (p->broken) {
		forget(p);
		return;
	}
	b->addresses = p->out;
	bench_marker(b);
	drain(b, bench_next);
	b->addresses = p->in;
	bench_receive_marker(b);
	drain(b, bench_received);
	b->addresses = p->out;
	forget(p);
}

static struct packet_shape shape_of(const struct fuzz_step *step, bool udp)
{
	static const uint8_t flags[] = { 0,       TCP_PSH, TCP_FIN,           TCP_FIN | TCP_PSH,
					 TCP_CWR, TCP_ECE, TCP_CWR | TCP_PSH, TCP_CWR | TCP_ECE };
	unsigned bits = step->with[0];
	struct packet_shape shape = {
		.version = bits & 1 ? 6 : 4,
		.protocol = udp ? PACKET_UDP : PACKET_TCP,
		.tagged = (bits & 0x70) == 0x70,
		.ip_words = (bits & 0x0E) == 0x0E ? step->with[1] % 8 : 0,
		.tcp_words = udp ? 0 : step->with[2] % 11,
		.flags = udp ? 0 : flags[step->with[3] % ARRAY_COUNT(flags)],
		.tos = step->with[4],
		.ip_id = (uint16_t)fuzz_number(step, 5, 2),
		.may_fragment = bits & 0x80,
		.sequence =
			step->with[7] & 1 ? UINT32_MAX - step->with[7] : fuzz_number(step, 4, 4),
		.pattern = fuzz_number(step, 8, 2),
	};

	return shape;
}

static struct sender sender_of(struct play *p, const struct packet_shape *shape)
{
	const struct offload_picture picture = bench_offload(p->bench);
	bool udp = shape->protocol == PACKET_UDP;

	return (struct sender){ .bench = p->bench,
				.udp = udp,
				.version = shape->version,
				.caps = udp ? picture.hardware.uso : picture.hardware.lso };
}

/* A large send that the adapter may be given. */
static struct packet_shape large_shape(struct play *p, const struct fuzz_step *step)
{
	struct packet_shape shape = shape_of(step, step->with[14] % 4 == 0);
	struct sender s = sender_of(p, &shape);
	uint16_t most_mss = send_mss(&s, &shape);
	size_t most = send_largest(&s, &shape), wanted;

	shape.mss = (uint16_t)(LEAST_MSS + fuzz_number(step, 10, 2) % (most_mss - LEAST_MSS + 1u));
	if (!most)
		most = 8000;
	/* Few are very long: they take their time. */
	wanted = fuzz_number(step, 12, 2);
	shape.payload = 1 + wanted % (step->with[9] % 8 ? (most < 6000 ? most : 6000) : most);
	return shape;
}

static struct packet_shape plain_shape(struct play *p, const struct fuzz_step *step)
{
	struct packet_shape shape = shape_of(step, step->with[14] & 1);
	size_t room = bench_mtu(p->bench) + 14u - packet_headers(&shape);

	shape.payload = fuzz_number(step, 10, 2) % (room + 1);
	shape.checksum = true;
	return shape;
}

static void scatter(struct play *p, const struct fuzz_step *step)
{
	unsigned how = step->with[13] % 4;

	bench_scatter(p->bench, how == 1 ? step->with[12] : 0,
		      how == 2 ? 200u + step->with[12] : 0);
}

static void send_one(struct play *p, const struct packet_shape *shape)
{
	packet_make(&p->bench->packet, &p->bench->addresses, shape);
	bench_send(p->bench, &p->bench->packet);
	p->unread = true;
}

static void send_judged(struct play *p, const struct fuzz_step *step)
{
	const struct packet_shape shape =
		step->kind == FUZZ_LARGE ? large_shape(p, step) : plain_shape(p, step);
	struct sender s = sender_of(p, &shape);

	settle(p);
	scatter(p, step);
	if (p->broken)
		send_one(p, &shape);
	else if (step->kind == FUZZ_LARGE)
		send_shape(&s, &shape);
	else
		send_plain(&s, &shape, false);
}

static void burst(struct play *p, const struct fuzz_step *step)
{
	unsigned count = 1 + step->with[11] % MOST_BURST;
	struct packet_shape shape;

	scatter(p, step);
	shape = step->with[9] & 1 ? large_shape(p, step) : plain_shape(p, step);
	for (unsigned i = 0; i < count; i++) {
		send_one(p, &shape);
		shape.pattern++;
	}
}

/* Good frames, and such with bytes that are not as they should be, or that are cut off. */
static void receive(struct play *p, const struct fuzz_step *step)
{
	static uint8_t frame[PACKET_ROOM];
	struct bench *b = p->bench;
	unsigned count = 1 + step->with[11] % MOST_BURST;
	struct packet_shape shape = plain_shape(p, step);
	size_t length;

	shape.checksum = false;
	packet_make(&b->packet, &p->in, &shape);
	length = b->packet.length;
	memcpy(frame, b->packet.bytes, length);
	if (step->with[12] & 1)
		frame[6 + fuzz_number(step, 8, 2) % (length - 6)] ^= (uint8_t)(step->with[13] | 1);
	if (step->with[12] & 2)
		length = 14 + fuzz_number(step, 6, 2) % (length - 13);
	for (unsigned i = 0; i < count; i++)
		bench_receive(b, frame, length);
	p->unread = true;
}

/* ---- other steps ---- */

struct asked {
	struct cx_oid oid;
	uint8_t buffer[OID_ROOM];
	sem_t ended;
	struct ndis_port *port;
};

static void oid_done(struct cx_oid *oid)
{
	sem_post(oid->context);
}

static void send_oid(void *asked)
{
	struct asked *a = asked;

	ndis_send_oid(a->port, &a->oid);
}

static void send_and_wait(struct play *p, struct asked *a)
{
	a->port = &p->bench->nic->first.ndis;
	a->oid.buffer = a->buffer;
	a->oid.done = oid_done;
	a->oid.context = &a->ended;
	sem_init(&a->ended, 0, 0);
	bench_worker(p->bench, send_oid, a);
	sem_wait(&a->ended);
	sem_destroy(&a->ended);
}

static void ask(struct play *p, const struct fuzz_step *step)
{
	static const NDIS_OID known[] = {
		OID_GEN_STATISTICS,
		OID_GEN_VENDOR_DESCRIPTION,
		OID_GEN_CURRENT_PACKET_FILTER,
		OID_GEN_CURRENT_LOOKAHEAD,
		OID_802_3_MULTICAST_LIST,
		OID_GEN_INTERRUPT_MODERATION,
		OID_TCP_OFFLOAD_CURRENT_CONFIG,
		OID_GEN_LINK_PARAMETERS,
	};
	struct asked *a = calloc(1, sizeof(*a));
	bool query = step->with[0] & 1;

	if (!a)
		return;
	a->oid = (struct cx_oid){ .type = query ? NdisRequestQueryInformation
						: NdisRequestSetInformation,
				  .oid = step->with[0] & 2
						 ? fuzz_number(step, 1, 4)
						 : known[step->with[1] % ARRAY_COUNT(known)] };
	memcpy(a->buffer, step->with + 5, 8);
	if (query)
		a->oid.output_length = step->with[13] % (OID_ROOM + 1);
	else
		a->oid.input_length = step->with[13] % 33;
	/* Frames are judged by those to the adapter. */
	if (a->oid.oid == OID_GEN_CURRENT_PACKET_FILTER)
		a->buffer[0] |= NDIS_PACKET_TYPE_DIRECTED;
	send_and_wait(p, a);
	free(a);
}

/* What other protocols than TCP/IP may ask for: each kind of frame alone. */
static void set_kinds(struct play *p, ULONG kinds)
{
	struct asked a = { .oid = { .type = NdisRequestSetInformation,
				    .oid = OID_GEN_CURRENT_PACKET_FILTER,
				    .input_length = sizeof(kinds) } };

	memcpy(a.buffer, &kinds, sizeof(kinds));
	send_and_wait(p, &a);
}

static void run_on_worker(struct play *p, const struct fuzz_step *step, void (*work)(void *))
{
	struct fuzz_work w = { .bench = p->bench, .step = step };

	bench_worker(p->bench, work, &w);
	if (!NT_SUCCESS(w.status) && !p->broken)
		bench_fail(p->bench, RULE_DriverStarts, "%s", w.error.text);
	p->down = !NT_SUCCESS(w.status);
}

/* In a quarter of them the kinds follow, in an eighth nothing is let through for a moment. */
static void filter(struct play *p, const struct fuzz_step *step)
{
	ULONG supported, kinds;

	run_on_worker(p, step, fuzz_set_filter);
	if (step->with[4] & 3 || !p->bench->nic->first.ndis.adapter)
		return;
	supported = p->bench->nic->first.ndis.adapter->filter.packet_filters;
	kinds = (step->with[5] | NDIS_PACKET_TYPE_DIRECTED) & supported;
	if (step->with[4] & 4) {
		set_kinds(p, 0);
		receive(p, step);
	}
	set_kinds(p, kinds);
}

/* A restart of its own kind: what was on its way is lost, what comes then is not. */
static void run_and_come_back(struct play *p, const struct fuzz_step *step, void (*work)(void *))
{
	run_on_worker(p, step, work);
	if (p->down)
		return;
	if (!bench_comes_back(p->bench, p->broken ? MOST_WAIT : 0))
		p->down = true;
	p->unread = true;
}

static void pull_cable(struct play *p, const struct fuzz_step *step)
{
	struct device *device = p->bench->nic->device;

	if (!device || !device_has_cable(device))
		return;
	run_on_worker(p, step, fuzz_cable_out);
	/* A driver that says nothing of it within this time has a link all along. */
	for (unsigned ms = 0; ms < MOST_WAIT && atomic_load(&p->bench->nic->first.link_up); ms++)
		usleep(1000);
	run_and_come_back(p, step, fuzz_cable_in);
}

static void read_wrong(struct play *p, const struct fuzz_step *step)
{
	if (!p->lies.model)
		return;
	p->broken = true;
	atomic_store(&p->lies.value, fuzz_number(step, 0, 4));
	atomic_store(&p->lies.how, step->with[4] % 3u);
	atomic_store(&p->lies.left, 1 + step->with[5] % LIES);
}

static void do_step(struct play *p, const struct fuzz_step *step)
{
	switch (step->kind) {
	case FUZZ_LARGE:
	case FUZZ_PLAIN:
		send_judged(p, step);
		break;
	case FUZZ_BURST:
		burst(p, step);
		break;
	case FUZZ_RECEIVE:
		receive(p, step);
		break;
	case FUZZ_OFFLOADS:
		run_on_worker(p, step, fuzz_change_offloads);
		break;
	case FUZZ_OID:
		ask(p, step);
		break;
	case FUZZ_FILTER:
		filter(p, step);
		break;
	case FUZZ_SCALING:
		run_on_worker(p, step, fuzz_set_scaling);
		p->unread = true;
		break;
	case FUZZ_CABLE:
		pull_cable(p, step);
		break;
	case FUZZ_RESTART:
		run_and_come_back(p, step, fuzz_restart);
		break;
	case FUZZ_SLEEP:
		run_and_come_back(p, step, fuzz_sleep);
		break;
	case FUZZ_INTERRUPT:
		p->broken = true;
		if (p->bench->nic->device && p->bench->nic->device->bus.interrupt_count)
			run_on_worker(p, step, fuzz_interrupt);
		break;
	case FUZZ_REGISTERS:
		read_wrong(p, step);
		break;
	case FUZZ_REMOVE:
		p->broken = p->removed = true;
		run_on_worker(p, step, fuzz_remove);
		/* Here: the main thread may free the worker, whose call must have ended. */
		nic_unplugged(p->bench->nic);
		break;
	}
}

static bool has_kind(const uint8_t *bytes, size_t length, enum fuzz_kind kind)
{
	struct fuzz_step step;

	for (size_t i = 0; fuzz_step_at(bytes, length, i, &step); i++)
		if (step.kind == kind)
			return true;
	return false;
}

void fuzz_play(struct bench *b, const uint8_t *bytes, size_t length)
{
	static const char *const scaled[] = { "*RSS=1", NULL };
	struct play p = { .bench = b };
	struct fuzz_step step;

	b->plugged = come_between;
	b->plugged_context = &p;
	/* INFs have it off at times: who has a step for it has it on. */
	bench_up(b, has_kind(bytes, length, FUZZ_SCALING) ? scaled : NULL);
	p.out = b->addresses;
	memcpy(p.in.to, p.out.from, 6);
	memcpy(p.in.from, p.out.to, 6);
	for (size_t i = 0; !p.removed && !p.down && fuzz_step_at(bytes, length, i, &step); i++) {
		if (b->options->fuzz)
			atomic_store(&b->options->fuzz->step, (unsigned)i + 1);
		do_step(&p, &step);
	}
	if (!p.removed && !p.down)
		settle(&p);
	b->forgives = p.broken;
	bench_down(b);
}
