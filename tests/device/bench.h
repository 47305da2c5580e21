/* SPDX-License-Identifier: MIT */
/*
 * A machine with one RTL8168 in it, a wire that keeps what it is sent, and the hands of a driver:
 * register accesses of any width, rings in DMA memory.
 */
#ifndef TESTS_DEVICE_BENCH_H
#define TESTS_DEVICE_BENCH_H

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "device/nic.h"
#include "device/rtl8168/registers.h"
#include "nt/machine.h"

#define BENCH_TX        16 /* descriptors */
#define BENCH_RX        8
#define BENCH_RX_BUFFER 2048
#define BENCH_ARENA     (1 << 20)
#define BENCH_SENT      4096
#define BENCH_COMING    64

struct bench_descriptor {
	uint16_t length, status, vlan, offload;
	uint64_t address;
};

/* A frame the device sent. */
struct bench_sent {
	uint8_t *bytes;
	size_t length;
	struct frame_meta meta;
	int batch; /* which call of the wire's send it was in */
};

struct bench_coming {
	uint8_t *bytes;
	size_t length;
	struct frame_meta meta;
};

struct bench {
	struct nt_machine machine;
	struct device *device;

	struct bench_descriptor *tx, *rx;
	uint64_t tx_logical, rx_logical;
	uint32_t tx_next;
	uint8_t *arena; /* transmit buffers */
	uint64_t arena_logical;
	size_t arena_used;
	uint8_t *rx_buffers;
	uint64_t rx_buffers_logical;

	struct bench_sent sent[BENCH_SENT];
	int sent_count, batches;
	struct bench_coming coming[BENCH_COMING];
	int coming_first, coming_count;

	/* The ISR, and what it does. It may run on the machine's timer thread: under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int link_changes;
	int interrupts;
	uint16_t seen;    /* ISR bits it found */
	bool acknowledge; /* it clears them */
	bool ring_in_isr; /* it rings the doorbell */
	int logs;         /* NT_EVENT_LOG events */
	char last_log[256];
};

extern const uint8_t bench_mac[6];

/* bench_create() - @super_packets: of the wire. The device is fresh out of power-on. */
struct bench *bench_create(bool super_packets);
void bench_destroy(struct bench *b);

/* For cmocka: *state is a started bench, _super with a wire that takes super-packets. */
int bench_set_up(void **state);
int bench_set_up_super(void **state);
int bench_tear_down(void **state);

uint32_t bench_read(struct bench *b, unsigned at, unsigned width);
void bench_write(struct bench *b, unsigned at, unsigned width, uint32_t value);

/* bench_start() - rings, both directions on, own address and broadcast accepted, IMR 0 */
void bench_start(struct bench *b);

/* bench_await_link() - until the ISR has seen @n link changes in all; RTL_LINK_CHG is in IMR. */
void bench_await_link(struct bench *b, int n);
int bench_link_changes(struct bench *b);

/* bench_store() - bytes into the arena. Return: their logical address. */
uint64_t bench_store(struct bench *b, const void *bytes, size_t length);

/* bench_post() - fill the next transmit descriptor and own it. @status without OWN and EOR. */
struct bench_descriptor *bench_post(struct bench *b, uint64_t address, size_t length,
				    uint16_t status, uint16_t offload);
/* bench_send() - one packet in one descriptor, and the doorbell */
void bench_send(struct bench *b, const void *bytes, size_t length, uint16_t status,
		uint16_t offload);
void bench_doorbell(struct bench *b);
void bench_forget_sent(struct bench *b);

/* bench_arrive() - a frame comes in on the wire, to be fetched by device_pump() */
void bench_arrive(struct bench *b, const void *bytes, size_t length, const struct frame_meta *meta);
uint8_t *bench_rx_buffer(struct bench *b, int descriptor);
/* bench_rx_return() - the driver posts a receive descriptor again */
void bench_rx_return(struct bench *b, int descriptor);

struct device_counters bench_counters(struct bench *b);

/* bench_ends_in_violation() - run @act in a child process: does it end with a violation's code? */
bool bench_ends_in_violation(void (*act)(struct bench *b), struct bench *b);

#define assert_sent(b, n) assert_int_equal((b)->sent_count, (n))

#endif
