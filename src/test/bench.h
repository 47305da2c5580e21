/* SPDX-License-Identifier: MIT */
/*
 * What a case works with, in a process of its own: a host with the driver under test, its stack and
 * its wire in memory. The wire is that of its device or, for a driver whose wire is software, the
 * stack of a second adapter of the driver, its peer.
 *
 * What goes wrong ends the process, with the result handed to the runner: no call here fails.
 */
#ifndef TEST_BENCH_H
#define TEST_BENCH_H

#include <semaphore.h>

#include "host/nic.h"
#include "test/case.h"
#include "test/edge.h"
#include "test/packet.h"
#include "test/random.h"
#include "test/result.h"

#define BENCH_SETTINGS 32

struct bench {
	const struct test_options *options;
	const struct test_case *test;
	struct test_random random;
	int result_fd, event_fd; /* where the result goes, and what happens until then */
	struct test_result result;

	struct netcx_host *host; /* NULL: it is down */
	pthread_t thread;        /* runs it */
	struct netcx_error why;  /* of the run's end */
	int ended;               /* enum netcx_result */
	_Atomic bool down;       /* it has ended */
	sem_t end;               /* likewise, for bench_stop(); from bench_begin() to there */
	char left[256];          /* what the driver has not freed; the host's thread, then ours */
	/* told each event on the host's thread, a line of JSON; set before it begins; or NULL */
	void (*heard)(struct bench *bench, const char *event);
	char held[256]; /* what it has not returned; under held_lock */
	pthread_mutex_t held_lock;
	struct test_edge *stack, *wire;
	struct nic *nic, *peer; /* peer NULL: there is a device, or nothing to see */
	struct packet_addresses addresses;
	/* Between the adapters' plugging in and the host's run; NULL: nothing is done then. */
	void (*plugged)(struct bench *bench, void *context);
	void *plugged_context;
	/* Instead of the end of the process, when a result is there; NULL: it ends. */
	void (*ends)(struct bench *bench);
	bool many_starts; /* what is waited for is many starts, one after the other */
	bool forgives;    /* how the run ends: its device was not a working one */
	uint16_t marker;  /* of the last packet that says: so far */

	bool listens;                  /* to the driver: set before bench_up(), for bench_told() */
	struct packet packet;          /* that is sent now */
	bool left_alone;               /* what is expected has checksums that nobody is to touch */
	uint8_t expected[PACKET_ROOM]; /* a frame that it becomes */
};

/* bench_run() - the process of one case; does not return */
_Noreturn void bench_run(const struct test_options *options, const struct test_case *test,
			 int result_fd, int event_fd);

/*
 * bench_up() - a host with the driver under test, until its link is up
 * @settings: keywords beside those of the command line, "NAME=VALUE", ended by NULL; or NULL
 * bench_down() - all of it goes, and nothing may be left
 */
void bench_up(struct bench *bench, const char *const *settings);
void bench_down(struct bench *bench);

/*
 * bench_up_scaled() - the same without receive coalescing
 * @queues: for reception, at most; 0: no scaling. As many as hardware and INF allow
 */
#define BENCH_ALL_QUEUES 64u
void bench_up_scaled(struct bench *bench, unsigned queues);

/*
 * bench_begin() - the same, but what becomes of it is the caller's to see: bench->heard, ->down
 * @fail: what fails on purpose, as netcx_host_config has it; NULL: nothing
 * bench_await_up() - until its link is up
 * bench_end() - it goes, whatever has become of it (bench->ended, ->why), and nothing may be left
 */
void bench_begin(struct bench *bench, const char *const *settings, const char *fail);
void bench_await_up(struct bench *bench);
void bench_end(struct bench *bench);
/* bench_await_ready() - until an adapter of the bench has its link and wants frames */
void bench_await_ready(struct bench *bench, const struct nic *nic);

/*
 * bench_restart() - the adapter's queues are stopped and started while whatever is on its way is on
 * its way; when the driver does not return what it has, the case has failed
 * @whole: the device is removed and added again, as after a change of its keywords
 * bench_settle() - afterwards, until frames go both ways; what went on before is forgotten. Not
 *                  between two bench_turn()s
 */
void bench_restart(struct bench *bench, bool whole);
/* bench_stop() - the host is told to end, and its thread has; likewise. For bench_end() */
void bench_stop(struct bench *bench);
void bench_settle(struct bench *bench);

/*
 * bench_stall() - for a driver whose wire is its peer: from now on whoever receives for that edge
 *                 gets no further than to it, so that the rings below it fill
 * bench_await_tried() - then, until the adapter's driver has been given all of the other edge's
 *                 frames that its ring takes, and has done what it could with them
 * bench_go_on() - the receiver takes frames again
 */
void bench_stall(struct bench *bench, struct test_edge *edge);
void bench_await_tried(struct bench *bench, struct nic *sender, struct test_edge *from);
void bench_go_on(struct test_edge *edge);

/*
 * bench_comes_back() - wait until an adapter that was restarted, woken or unplugged is ready
 * @timeout_ms: Return false after so long; 0: the case has failed when it takes too long.
 */
bool bench_comes_back(struct bench *bench, unsigned timeout_ms);

/* bench_offload() - what the adapter can and does, as it is now */
struct offload_picture bench_offload(struct bench *bench);
/* bench_mtu() - bytes of IP packet */
uint32_t bench_mtu(struct bench *bench);
/* bench_counters() - of its datapath */
struct dp_counters bench_counters(struct bench *bench);
/* bench_set_offloads() - OID_TCP_OFFLOAD_PARAMETERS; the case fails when it is refused */
void bench_set_offloads(struct bench *bench, const struct cx_offload_request *request);

/* bench_worker() - run on the adapter's worker, and wait */
void bench_worker(struct bench *bench, void (*work)(void *), void *context);

/* bench_need_wire() - skips the case when nothing can be seen of what the driver sends */
void bench_need_wire(struct bench *bench);

/* bench_scatter() - packets sent from now on in fragments; 0, 0: whole */
void bench_scatter(struct bench *bench, size_t first, size_t piece);
/* bench_place() - and at such an Offset in buffers that begin at such an odd address; 0, 0: not */
void bench_place(struct bench *bench, size_t offset, size_t shift);

/* bench_send() - the packet, as the stack does */
void bench_send(struct bench *bench, const struct packet *packet);

/* bench_marker() - send a small packet, to be known again on the wire */
void bench_marker(struct bench *bench);

/*
 * bench_find_marker() - frames that were sent to an edge, until that marker or a later one
 * @timeout_ms: for the next frame. Return: false: none came.
 */
bool bench_find_marker(struct bench *bench, struct test_edge *edge, uint16_t marker,
		       unsigned timeout_ms);

/*
 * bench_next() - the next frame on the wire; the caller's
 * Return: NULL: it was the marker. When nothing comes the case has failed.
 */
struct test_frame *bench_next(struct bench *bench);

/* bench_turn() - packets that are made from now on go to the adapter under test, or back again */
void bench_turn(struct bench *bench);
/*
 * bench_receive() - a frame comes in from the wire
 * bench_receive_marker() - one that is known again in the stack
 * bench_received() - the next frame that the stack gets, as bench_next()
 */
void bench_receive(struct bench *bench, const uint8_t *bytes, size_t length);
void bench_receive_marker(struct bench *bench);
struct test_frame *bench_received(struct bench *bench);
/* bench_receive_first() - both, and the first frame; without one the case has failed */
struct test_frame *bench_receive_first(struct bench *bench, const uint8_t *bytes, size_t length);
/*
 * bench_receive_all() - frames that come in at once
 * bench_told() - the next packet that the driver has received, with what it says of it. When
 *                nothing comes the case has failed, by @rule
 * bench_forget_received() - what the stack has got, and what was told
 */
void bench_receive_all(struct bench *bench, const struct iovec *frames, size_t count);
struct test_frame *bench_told(struct bench *bench, enum test_rule rule);
void bench_forget_received(struct bench *bench);
/*
 * bench_patience() - how long something that must come may take, in milliseconds
 * bench_start_patience() - the same of a start or a stop
 */
unsigned bench_patience(const struct bench *bench);
unsigned bench_start_patience(const struct bench *bench);
/* bench_expect_received() - as bench_expect(): what is received is as it was sent */
void bench_expect_received(struct bench *bench, const uint8_t *expected, size_t length,
			   struct test_frame *frame);

/*
 * bench_expect() - @frame is @expected, or the case has failed; it is freed
 * @what: which one it is: "segment 2 of 5"
 */
void bench_expect(struct bench *bench, const uint8_t *expected, size_t length,
		  struct test_frame *frame, const char *what);

/* bench_fail() - the case has failed: @format says what was seen, without a full stop */
_Noreturn void bench_fail(struct bench *bench, enum test_rule rule, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* bench_fail_packets() - the same with packets; @actual NULL: there is none */
_Noreturn void bench_fail_packets(struct bench *bench, enum test_rule rule, const uint8_t *expected,
				  size_t expected_length, const struct test_frame *actual,
				  const char *format, ...) __attribute__((format(printf, 6, 7)));
/* bench_note() - what a case that passes has not seen: a sentence for its line. The last one stays.
 */
void bench_note(struct bench *bench, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* bench_skip() - it cannot be told of this driver, for the reason given */
_Noreturn void bench_skip(struct bench *bench, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
