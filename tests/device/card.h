/* SPDX-License-Identifier: MIT */
/*
 * A machine with one RTL8168 in it, on a wire in memory, and the hands of a driver:
 * register accesses of any width, rings in DMA memory.
 */
#ifndef TESTS_DEVICE_CARD_H
#define TESTS_DEVICE_CARD_H

#include <pthread.h>

#include "device/nic.h"
#include "device/rtl8168/registers.h"
#include "nt/machine.h"
#include "stage/child.h"
#include "stage/journal.h"
#include "stage/memory_wire.h"
#include "test.h"

#define CARD_TX        16 /* descriptors */
#define CARD_RX        8
#define CARD_RX_BUFFER 2048
#define CARD_ARENA     (1 << 20)
#define CARD_COMING    64

struct card_descriptor {
	uint16_t length, status, vlan, offload;
	uint64_t address;
};

struct card {
	struct nt_machine machine;
	struct journal journal; /* its events */
	struct memory_wire wire;
	struct device *device;

	struct card_descriptor *tx, *rx;
	uint64_t tx_logical, rx_logical;
	uint32_t tx_next;
	uint8_t *arena; /* transmit buffers */
	uint64_t arena_logical;
	size_t arena_used;
	uint8_t *rx_buffers;
	uint64_t rx_buffers_logical;
	struct device_counters counters; /* card_counters() */

	/* The ISR, and what it does. It may run on the machine's timer thread: under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int link_changes;
	int interrupts;
	uint16_t seen;    /* ISR bits it found */
	bool acknowledge; /* it clears them */
	bool ring_in_isr; /* it rings the doorbell */
};

extern const uint8_t card_mac[6];

/* card_create() - @super_packets: of the wire. The device is fresh out of power-on. */
struct card *card_create(const char *model, bool super_packets);
void card_destroy(struct card *card);

/* For cmocka: *state is a started card, _super with a wire that takes super-packets, _ext the model
 * rtl8168-ext. */
int card_set_up(void **state);
int card_set_up_ext(void **state);
int card_set_up_super(void **state);
int card_tear_down(void **state);

uint32_t card_read(struct card *card, unsigned at, unsigned width);
void card_write(struct card *card, unsigned at, unsigned width, uint32_t value);

/* card_start() - rings, both directions on, own address and broadcast accepted, IMR 0 */
void card_start(struct card *card);

/* card_await_link() - until the ISR has seen @n link changes in all; RTL_LINK_CHG is in IMR. */
void card_await_link(struct card *card, int n);
int card_link_changes(struct card *card);

/* card_store() - bytes into the arena. Return: their logical address. */
uint64_t card_store(struct card *card, const void *bytes, size_t length);

/* card_post() - fill the next transmit descriptor and own it. @status without OWN and EOR. */
struct card_descriptor *card_post(struct card *card, uint64_t address, size_t length,
				  uint16_t status, uint16_t offload);
/* card_send() - one packet in one descriptor, and the doorbell */
void card_send(struct card *card, const void *bytes, size_t length, uint16_t status,
	       uint16_t offload);
void card_doorbell(struct card *card);

uint8_t *card_rx_buffer(struct card *card, int descriptor);
/* card_rx_return() - the driver posts a receive descriptor again */
void card_rx_return(struct card *card, int descriptor);

/* card_counters() - as they are now; valid until the next call */
const struct device_counters *card_counters(struct card *card);

/* card_logs() - how many NT_EVENT_LOG events there have been */
int card_logs(struct card *card);

#define assert_sent(card, n) assert_int_equal((card)->wire.sent.count, (n))

#endif
