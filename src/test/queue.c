/* SPDX-License-Identifier: MIT */
/*
 * The contract of packet queues: rings that turn, notifications that race with frames, queues that
 * are cancelled, stopped and started while frames never stop. Above all of it the framework's own
 * verifier looks at each call.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "test/bench.h"
#include "test/reference.h"
#include "test/sum.h"
#include "test/test.h"

#define AT_ONCE     64u   /* frames that are put at once; no ring is as short */
#define TURNS       3000u /* frames: several turns of a ring */
#define LONGEST_GAP 100u  /* microseconds between two frames that race */
#define BACKLOG     4096u /* frames on their way, while others are added */

/* How often, by default and with --thorough. */
struct times {
	unsigned few, many;
};

static unsigned times(const struct bench *b, struct times t)
{
	return b->options->thorough ? t.many : t.few;
}

static const struct times restarts = { 20, 1000 }, cancels = { 6, 200 }, races = { 1000, 100000 };

/* On a busy machine a race takes a hundred times as long: there are as many as the limit allows. */
static bool may_race(const struct bench *b, unsigned done, uint64_t begun)
{
	return done < times(b, races) && clock_ns() - begun < b->options->limit * NS_PER_S / 3;
}

static struct packet_shape shape_of(uint32_t number)
{
	return (struct packet_shape){
		.version = 4, .sequence = number, .pattern = number, .payload = 100
	};
}

static const struct packet *make(struct bench *b, const struct packet_shape *shape)
{
	packet_make(&b->packet, &b->addresses, shape);
	return &b->packet;
}

static uint32_t number_of(const struct test_frame *frame)
{
	return frame->length < 54 ? UINT32_MAX : get32(frame->bytes + 14 + 20 + 4);
}

/* ---- rings ---- */

static void put_several(struct bench *b, uint32_t first, unsigned count)
{
	static uint8_t bytes[AT_ONCE][200];
	struct iovec frames[AT_ONCE];

	for (unsigned i = 0; i < count; i++) {
		const struct packet_shape shape = shape_of(first + i);
		const struct packet *p = make(b, &shape);

		memcpy(bytes[i], p->bytes, p->length);
		frames[i] = (struct iovec){ bytes[i], p->length };
	}
	bench_receive_all(b, frames, count);
}

/* As many as any ring has room for, all of which have to arrive, until it has turned. */
static void turns(struct bench *b, int argument)
{
	uint32_t number = 0;

	(void)argument;
	bench_need_wire(b);
	bench_up_scaled(b, 0);
	bench_turn(b);
	for (unsigned i = 1; number < TURNS; i++) {
		unsigned count = 1 + i % AT_ONCE;

		put_several(b, number, count);
		for (unsigned k = 0; k < count; k++) {
			struct test_frame *frame = bench_received(b);
			const struct packet_shape shape = shape_of(number++);
			const struct packet *p = make(b, &shape);

			bench_expect_received(b, p->bytes, p->length, frame);
		}
	}
}

/* ---- notifications ---- */

static void spin(unsigned microseconds)
{
	uint64_t until = clock_ns() + microseconds * 1000u;

	while (clock_ns() < until)
		;
}

static void race_received(struct bench *b, const struct packet_shape *first,
			  const struct packet_shape *second)
{
	const struct packet *p = make(b, first);

	bench_receive(b, p->bytes, p->length);
	p = make(b, second);
	spin(random_below(&b->random, LONGEST_GAP));
	bench_receive(b, p->bytes, p->length);
	for (unsigned k = 0; k < 2; k++)
		free(bench_told(b, RULE_NotificationIsKept));
	test_edge_forget(b->stack);
	spin(random_below(&b->random, LONGEST_GAP));
}

/*
 * A frame wakes its queue's thread, which soon has nothing to do and asks to be notified: just then
 * comes the second one, in one of the steps on the way to sleep.
 */
static void race_receive(struct bench *b, int argument)
{
	uint64_t begun = clock_ns();

	(void)argument;
	bench_need_wire(b);
	b->listens = true;
	bench_up_scaled(b, BENCH_ALL_QUEUES);
	bench_turn(b);
	for (unsigned i = 0; may_race(b, i, begun); i++) {
		struct packet_shape first = shape_of(2 * i), second;

		/* Of the same flow, so that both race for one queue; the next pair for another. */
		first.source_port = (uint16_t)(1024 + random_below(&b->random, 60000));
		second = first;
		second.sequence++;
		race_received(b, &first, &second);
	}
}

static void take_sent(struct bench *b, uint32_t number)
{
	struct test_frame *frame = test_edge_take(b->wire, bench_patience(b));

	if (!frame)
		bench_fail(b, RULE_NotificationIsKept, "packet %u is not sent for %u ms", number,
			   bench_patience(b));
	if (number_of(frame) != number)
		bench_fail_packets(b, RULE_PacketsAreSent, NULL, 0, frame,
				   "packet %u is sent where %u is due", number_of(frame), number);
	free(frame);
}

static void race_sent(struct bench *b, uint32_t number)
{
	for (unsigned k = 0; k < 2; k++) {
		const struct packet_shape shape = shape_of(number + k);

		bench_send(b, make(b, &shape));
		spin(random_below(&b->random, LONGEST_GAP));
	}
	take_sent(b, number);
	take_sent(b, number + 1);
}

static void race_transmit(struct bench *b, int argument)
{
	uint64_t begun = clock_ns();

	(void)argument;
	bench_need_wire(b);
	bench_up_scaled(b, BENCH_ALL_QUEUES);
	for (unsigned i = 0; may_race(b, i, begun); i++)
		race_sent(b, 2 * i);
}

/* ---- load ---- */

/* Frames that never stop, on a thread of its own, into one edge or two. */
struct load {
	struct bench *bench;
	struct test_edge *edges[2]; /* NULL: none */
	uint8_t bytes[2][200];
	size_t length[2];
	_Atomic bool ending;
	pthread_t thread;
};

static void *put_load(void *load)
{
	struct load *l = load;
	const struct frame_meta nothing = { 0 };

	while (!atomic_load(&l->ending)) {
		for (unsigned i = 0; i < 2; i++) {
			for (unsigned k = 0; l->edges[i] && k < AT_ONCE / 2; k++) {
				if (test_edge_waiting(l->edges[i]) < BACKLOG)
					test_edge_put(l->edges[i], l->bytes[i], l->length[i],
						      &nothing);
			}
		}
		usleep(100);
	}
	return NULL;
}

static void prepare(struct load *l, unsigned i, struct test_edge *edge)
{
	const struct packet_shape shape = shape_of(0);
	const struct packet *p = make(l->bench, &shape);

	l->edges[i] = edge;
	l->length[i] = p->length;
	memcpy(l->bytes[i], p->bytes, p->length);
}

static void load_begin(struct load *l, struct bench *b, bool send, bool receive)
{
	*l = (struct load){ .bench = b };
	if (send)
		prepare(l, 0, b->stack);
	bench_turn(b);
	if (receive)
		prepare(l, 1, b->wire);
	bench_turn(b);
	if (pthread_create(&l->thread, NULL, put_load, l))
		bench_fail(b, RULE_DriverStarts, "no thread for the load");
}

static void load_end(struct load *l)
{
	atomic_store(&l->ending, true);
	pthread_join(l->thread, NULL);
}

#define SEND    1
#define RECEIVE 2
#define WHOLE   4

static void cancel(struct bench *b, int argument)
{
	struct load load;

	bench_need_wire(b);
	bench_up_scaled(b, BENCH_ALL_QUEUES);
	for (unsigned i = 0; i < times(b, cancels); i++) {
		load_begin(&load, b, argument & SEND, argument & RECEIVE);
		usleep(random_below(&b->random, 5000));
		bench_restart(b, argument & WHOLE);
		load_end(&load);
		bench_settle(b);
	}
}

/* Some without a frame in between, some with. */
static void restart(struct bench *b, int argument)
{
	(void)argument;
	bench_up_scaled(b, BENCH_ALL_QUEUES);
	for (unsigned i = 0; i < times(b, restarts); i++) {
		bench_restart(b, i % 4 == 3);
		if (i % 10 == 9 && (b->options->adapter.device || b->peer))
			bench_settle(b);
	}
}

/* ---- both ways ---- */

static void put_both(struct bench *b, uint32_t number)
{
	const struct packet_shape shape = shape_of(number);
	const struct packet *p = make(b, &shape);

	bench_send(b, p);
	bench_turn(b);
	p = make(b, &shape);
	bench_turn(b);
	bench_receive(b, p->bytes, p->length);
}

static void take_both(struct bench *b, uint32_t number)
{
	struct test_frame *frame;

	take_sent(b, number);
	frame = test_edge_take(b->stack, bench_patience(b));
	if (!frame)
		bench_fail(b, RULE_NotificationIsKept, "frame %u is not received for %u ms", number,
			   bench_patience(b));
	if (number_of(frame) != number)
		bench_fail_packets(b, RULE_FramesArrive, NULL, 0, frame,
				   "frame %u arrives where %u is due", number_of(frame), number);
	free(frame);
}

static void exchange(struct bench *b, unsigned rounds)
{
	uint32_t number = 0;

	for (unsigned i = 0; i < rounds; i++) {
		unsigned count = 1 + random_below(&b->random, AT_ONCE / 2);

		for (unsigned k = 0; k < count; k++)
			put_both(b, number + k);
		for (unsigned k = 0; k < count; k++)
			take_both(b, number + k);
		number += count;
	}
}

static void both_ways(struct bench *b, int argument)
{
	(void)argument;
	bench_need_wire(b);
	bench_up_scaled(b, 0);
	exchange(b, 200);
}

/* In the adapter's worker: has a queue of it a thread of the driver's making? */
struct question {
	struct bench *bench;
	bool shared;
};

static void ask(void *question)
{
	struct question *q = question;
	const struct cx_adapter *a = q->bench->nic->first.ndis.adapter;

	q->shared = a && a->rx_queues[0] && a->rx_queues[0]->execution;
}

/* The context outlives its queues: after each restart it goes round and notifies again. */
static void contexts(struct bench *b, int argument)
{
	struct question q = { .bench = b };

	(void)argument;
	bench_need_wire(b);
	bench_up_scaled(b, 0);
	bench_worker(b, ask, &q);
	if (!q.shared)
		bench_skip(b, "the driver's queues are in no execution context of its own");
	for (unsigned i = 0; i < times(b, cancels); i++) {
		exchange(b, 30);
		for (unsigned k = 0; k < 50; k++)
			race_sent(b, 2 * k);
		bench_restart(b, false);
		bench_settle(b);
	}
}

#define CANCEL "EvtPacketQueueCancel"
#define FROZEN "the adapter cannot be disabled: Windows waits for its packets for good"

const struct test_case queue_cases[] = {
	{ "queue/ring/receive", "Frames arrive whole and in order while the ring turns", "NET_RING",
	  "reception is damaged or stops after some hundred frames", turns, 0 },
	{ "queue/notification/receive",
	  "A frame that comes just when its queue asks to be notified is received",
	  "EvtPacketQueueSetNotificationEnabled",
	  "single packets take seconds: the next one brings them along", race_receive, 0 },
	{ "queue/notification/transmit",
	  "A packet that comes just when its queue asks to be notified is sent",
	  "EvtPacketQueueSetNotificationEnabled",
	  "single packets take seconds: the next one brings them along", race_transmit, 0 },
	{ "queue/cancel/receive", "Cancelled while frames come, a queue returns all its buffers",
	  CANCEL, FROZEN, cancel, RECEIVE },
	{ "queue/cancel/transmit", "Cancelled while packets are sent, a queue returns all of them",
	  CANCEL, FROZEN, cancel, SEND },
	{ "queue/stop/load", "Stopped and started while frames go both ways, it goes on",
	  CANCEL "; EvtPacketQueueStop", FROZEN, cancel, SEND | RECEIVE },
	{ "queue/stop/remove", "Removed and added while frames go both ways, it goes on",
	  CANCEL "; EvtDeviceReleaseHardware", FROZEN, cancel, SEND | RECEIVE | WHOLE },
	{ "queue/restarts", "Each restart is like the first one; 1,000 of them with --thorough",
	  "EvtPacketQueueStart, EvtPacketQueueStop",
	  "after some days of sleep and wake the adapter does not start", restart, 0 },
	{ "queue/both-ways", "Frames go both ways at once, whole, in order and without a pause",
	  "EvtPacketQueueAdvance", "downloads stop uploads, or the reverse", both_ways, 0 },
	{ "queue/contexts", "Queues in an execution context of the driver's go on over restarts",
	  "NETEXECUTIONCONTEXT", "traffic stops after the adapter was restarted", contexts, 0 },
	{ 0 },
};
