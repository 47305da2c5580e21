/* SPDX-License-Identifier: MIT */
#include "test/life.h"

#include <stdlib.h>
#include <string.h>

#include "test/send.h"
#include "test/sum.h"

#define LOAD_PAYLOAD 700

static const char no_wake[] = "the device does not come back from its sleep";

/* Work on the adapter's worker, and what became of it. */
struct work {
	struct bench *bench;
	bool flag;
	NTSTATUS status;
	struct error error;
};

static void do_work(struct bench *b, void (*run)(void *), bool flag, const char *what)
{
	struct work work = { .bench = b, .flag = flag };

	bench_worker(b, run, &work);
	if (!NT_SUCCESS(work.status))
		bench_fail(b, RULE_ComesBack, "%s: %s", what, work.error.text);
}

static void fall_asleep(void *context)
{
	struct work *w = context;
	struct nic *nic = w->bench->nic;
	const struct ndis_wake wake = { .magic = w->flag };

	w->status = nic_sleep(nic, &nic->first, false, &wake, &w->error);
}

void life_sleep(struct bench *b, bool magic)
{
	do_work(b, fall_asleep, magic, "the device does not go to sleep");
}

static void wake_up(void *context)
{
	struct work *w = context;

	w->status = nic_wake(w->bench->nic, w->flag, &w->error);
}

void life_wake(struct bench *b, bool triggered)
{
	do_work(b, wake_up, triggered, no_wake);
	bench_await_up(b);
}

void life_wake_without_link(struct bench *b)
{
	do_work(b, wake_up, false, no_wake);
}

static void restart(void *context)
{
	struct work *w = context;

	w->status = nic_restart_by_user(w->bench->nic, w->flag, &w->error);
}

void life_restart(struct bench *b, bool stop_only)
{
	do_work(b, restart, stop_only, "the device does not start again");
	bench_await_up(b);
}

/* Posted, as the last that is done with it: from then on the main thread may free it. */
static void unplug(void *nic)
{
	nic_unplug(nic, true);
	nic_unplugged(nic);
}

void life_remove(struct bench *b)
{
	if (nt_worker_post(b->nic->worker, unplug, b->nic) != 0)
		bench_fail(b, RULE_RemovalIsSurvived, "out of memory");
}

static void receive_marker(struct bench *b)
{
	bench_turn(b);
	bench_receive_marker(b);
	bench_turn(b);
}

static struct packet_shape shape_of(uint32_t number)
{
	return (struct packet_shape){ .version = number % 2 ? 4 : 6,
				      .flags = TCP_PSH,
				      .ip_id = (uint16_t)(number & 0x3FFF),
				      .sequence = number,
				      .pattern = number,
				      .payload = LOAD_PAYLOAD };
}

static void make(struct bench *b, uint32_t number, bool received)
{
	const struct packet_shape shape = shape_of(number);

	if (received)
		bench_turn(b);
	packet_make(&b->packet, &b->addresses, &shape);
	if (received)
		bench_turn(b);
}

static void send_large_of(struct bench *b, int version, uint32_t number)
{
	struct packet_shape shape = shape_of(number);
	struct sender s = { .bench = b, .version = version, .caps = bench_offload(b).hardware.lso };

	shape.version = version;
	shape.mss = 1000;
	shape.payload = 3500;
	send_shape(&s, &shape);
}

void life_goes_on(struct bench *b)
{
	struct sender s = { .bench = b, .version = 4 };
	struct packet_shape shape = shape_of(1);
	struct test_frame *frame;

	shape.checksum = true;
	send_plain(&s, &shape, false);
	send_large_of(b, 4, 2);
	send_large_of(b, 6, 3);
	make(b, 5, true);
	bench_receive(b, b->packet.bytes, b->packet.length);
	receive_marker(b);
	frame = bench_received(b);
	if (!frame)
		bench_fail_packets(b, RULE_FramesArrive, b->packet.bytes, b->packet.length, NULL,
				   "a frame of %zu bytes does not arrive", b->packet.length);
	bench_expect_received(b, b->packet.bytes, b->packet.length, frame);
	while ((frame = bench_received(b)))
		free(frame);
}

void life_load(struct bench *b, uint32_t *number, unsigned count)
{
	for (; count; count--, ++*number) {
		make(b, *number, false);
		bench_send(b, &b->packet);
		make(b, *number, true);
		bench_receive(b, b->packet.bytes, b->packet.length);
	}
}

static void judge(struct bench *b, uint32_t next, uint32_t end, bool received)
{
	const enum test_rule rule = received ? RULE_FramesArrive : RULE_PacketsAreSent;
	struct test_frame *frame;

	while ((frame = received ? bench_received(b) : bench_next(b))) {
		/* Where the number is: TCP's sequence behind either IP header. */
		size_t at = 14 + (frame->length > 14 && frame->bytes[12] == 0x08 ? 20 : 40) + 4;
		uint32_t number = frame->length >= at + 4 ? get32(frame->bytes + at) : end;

		if (number - next >= end - next)
			bench_fail_packets(
				b, rule, NULL, 0, frame,
				"packet %u arrives where packet %u or a later one, up to %u, is due",
				number, next, end - 1);
		make(b, number, received);
		next = number + 1;
		if (received)
			bench_expect_received(b, b->packet.bytes, b->packet.length, frame);
		else
			bench_expect(b, b->packet.bytes, b->packet.length, frame,
				     "a packet around a sleep or a restart");
	}
}

void life_judge_load(struct bench *b, uint32_t from, uint32_t to)
{
	bench_marker(b);
	judge(b, from, to, false);
	receive_marker(b);
	judge(b, from, to, true);
}
