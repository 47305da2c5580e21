/* SPDX-License-Identifier: MIT */
#include "card.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "nt/violation.h"

const uint8_t card_mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

static void *allocate(size_t length)
{
	void *memory = aligned_alloc(4096, (length + 4095) & ~(size_t)4095);

	if (!memory)
		abort();
	memset(memory, 0, length);
	return memory;
}

/* A driver's ISR as the documents ask: is it mine, quiet the device, claim. */
static BOOLEAN isr(void *context)
{
	struct card *b = context;
	uint16_t status = (uint16_t)(card_read(b, RTL_ISR, 2) & card_read(b, RTL_IMR, 2));

	if (!status)
		return FALSE;
	if (b->ring_in_isr) {
		b->ring_in_isr = false;
		card_doorbell(b);
	}
	if (b->acknowledge)
		card_write(b, RTL_ISR, 2, status);
	else
		card_write(b, RTL_IMR, 2, 0);
	/* Told last: who waits for it may raise the same bits again, which are not to be cleared.
	 */
	pthread_mutex_lock(&b->lock);
	b->interrupts++;
	b->seen |= status;
	b->link_changes += (status & RTL_LINK_CHG) != 0;
	pthread_cond_broadcast(&b->changed);
	pthread_mutex_unlock(&b->lock);
	return TRUE;
}

struct card *card_create(bool super_packets)
{
	struct card *b = calloc(1, sizeof(*b));
	struct device_wire connector;

	assert_non_null(b);
	pthread_mutex_init(&b->lock, NULL);
	pthread_cond_init(&b->changed, NULL);
	assert_int_equal(nt_machine_init(&b->machine), 0);
	journal_init(&b->journal);
	b->machine.sink = journal_sink(&b->journal);
	nt_thread_enter(&b->machine);
	memory_wire_init(&b->wire);
	connector = memory_wire_connector(&b->wire);
	connector.super_packets = super_packets;
	b->device = device_create(&b->machine, "rtl8168", card_mac, &connector);
	assert_non_null(b->device);
	nt_interrupt_connect(&b->device->bus.interrupts[0], isr, b);
	b->acknowledge = true;

	b->tx = allocate(sizeof(*b->tx) * CARD_TX);
	b->rx = allocate(sizeof(*b->rx) * CARD_RX);
	b->arena = allocate(CARD_ARENA);
	b->rx_buffers = allocate(CARD_RX_BUFFER * CARD_RX);
	b->tx_logical = nt_dma_map(&b->machine.dma, b->tx, sizeof(*b->tx) * CARD_TX, UINT64_MAX);
	b->rx_logical = nt_dma_map(&b->machine.dma, b->rx, sizeof(*b->rx) * CARD_RX, UINT64_MAX);
	b->arena_logical = nt_dma_map(&b->machine.dma, b->arena, CARD_ARENA, UINT64_MAX);
	b->rx_buffers_logical =
		nt_dma_map(&b->machine.dma, b->rx_buffers, CARD_RX_BUFFER * CARD_RX, UINT64_MAX);
	return b;
}

void card_destroy(struct card *b)
{
	nt_interrupt_connect(&b->device->bus.interrupts[0], NULL, NULL);
	device_destroy(b->device);
	nt_thread_leave();
	nt_machine_destroy(&b->machine);
	memory_wire_destroy(&b->wire);
	journal_destroy(&b->journal);
	free(b->tx);
	free(b->rx);
	free(b->arena);
	free(b->rx_buffers);
	pthread_cond_destroy(&b->changed);
	pthread_mutex_destroy(&b->lock);
	free(b);
}

int card_link_changes(struct card *b)
{
	int changes;

	pthread_mutex_lock(&b->lock);
	changes = b->link_changes;
	pthread_mutex_unlock(&b->lock);
	return changes;
}

void card_await_link(struct card *b, int n)
{
	struct timespec end;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 30;
	pthread_mutex_lock(&b->lock);
	while (b->link_changes < n && !error)
		error = pthread_cond_timedwait(&b->changed, &b->lock, &end);
	pthread_mutex_unlock(&b->lock);
	assert_int_equal(error, 0);
}

uint32_t card_read(struct card *b, unsigned at, unsigned width)
{
	return (uint32_t)b->device->ops->bus.regions[RTL_BAR].access.read(b->device, at, width);
}

void card_write(struct card *b, unsigned at, unsigned width, uint32_t value)
{
	b->device->ops->bus.regions[RTL_BAR].access.write(b->device, at, width, value);
}

void card_start(struct card *b)
{
	for (int i = 0; i < CARD_RX; i++)
		card_rx_return(b, i);
	card_write(b, RTL_RDSAR, 4, (uint32_t)b->rx_logical);
	card_write(b, RTL_RDSAR + 4, 4, (uint32_t)(b->rx_logical >> 32));
	card_write(b, RTL_CMD, 1, card_read(b, RTL_CMD, 1) | RTL_CMD_RE);
	card_write(b, RTL_RCR, 4, RTL_RCR_PHYSICAL | RTL_RCR_BROADCAST);
	card_write(b, RTL_MTPS, 1, 12);
	card_write(b, RTL_TNPDS, 4, (uint32_t)b->tx_logical);
	card_write(b, RTL_TNPDS + 4, 4, (uint32_t)(b->tx_logical >> 32));
	card_write(b, RTL_CMD, 1, card_read(b, RTL_CMD, 1) | RTL_CMD_TE);
	card_write(b, RTL_TCR, 4, 0x03000701);
	b->tx_next = 0;
}

uint64_t card_store(struct card *b, const void *bytes, size_t length)
{
	uint64_t logical;

	if (b->arena_used + length > CARD_ARENA)
		b->arena_used = 0;
	memcpy(b->arena + b->arena_used, bytes, length);
	logical = b->arena_logical + b->arena_used;
	b->arena_used += length;
	return logical;
}

struct card_descriptor *card_post(struct card *b, uint64_t address, size_t length, uint16_t status,
				  uint16_t offload)
{
	struct card_descriptor *d = &b->tx[b->tx_next];

	d->length = (uint16_t)length;
	d->vlan = 0;
	d->offload = offload;
	d->address = address;
	d->status = status | RTL_OWN | (b->tx_next == CARD_TX - 1 ? RTL_EOR : 0);
	b->tx_next = (b->tx_next + 1) % CARD_TX;
	return d;
}

void card_doorbell(struct card *b)
{
	card_write(b, RTL_TPPOLL, 1, RTL_TPPOLL_NPQ);
}

void card_send(struct card *b, const void *bytes, size_t length, uint16_t status, uint16_t offload)
{
	card_post(b, card_store(b, bytes, length), length, status | RTL_FS | RTL_LS, offload);
	card_doorbell(b);
}

uint8_t *card_rx_buffer(struct card *b, int descriptor)
{
	return b->rx_buffers + descriptor * CARD_RX_BUFFER;
}

void card_rx_return(struct card *b, int i)
{
	b->rx[i] = (struct card_descriptor){
		.length = CARD_RX_BUFFER,
		.status = RTL_OWN | (i == CARD_RX - 1 ? RTL_EOR : 0),
		.address = b->rx_buffers_logical + (uint64_t)i * CARD_RX_BUFFER,
	};
}

const struct device_counters *card_counters(struct card *b)
{
	device_counters(b->device, &b->counters);
	return &b->counters;
}

int card_logs(struct card *b)
{
	return journal_count(&b->journal, "event rtl8168 Log *");
}

int card_set_up(void **state)
{
	*state = card_create(false);
	card_start(*state);
	return 0;
}

int card_set_up_super(void **state)
{
	*state = card_create(true);
	card_start(*state);
	return 0;
}

int card_tear_down(void **state)
{
	card_destroy(*state);
	return 0;
}
