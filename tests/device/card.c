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
	struct card *card = context;
	uint16_t status = (uint16_t)(card_read(card, RTL_ISR, 2) & card_read(card, RTL_IMR, 2));

	if (!status)
		return FALSE;
	if (card->ring_in_isr) {
		card->ring_in_isr = false;
		card_doorbell(card);
	}
	if (card->acknowledge)
		card_write(card, RTL_ISR, 2, status);
	else
		card_write(card, RTL_IMR, 2, 0);
	/* Told last: who waits for it may raise the same bits again, which are not to be cleared.
	 */
	pthread_mutex_lock(&card->lock);
	card->interrupts++;
	card->seen |= status;
	card->link_changes += (status & RTL_LINK_CHG) != 0;
	pthread_cond_broadcast(&card->changed);
	pthread_mutex_unlock(&card->lock);
	return TRUE;
}

struct card *card_create(const char *model, bool super_packets)
{
	struct card *card = calloc(1, sizeof(*card));
	struct device_wire connector;

	assert_non_null(card);
	pthread_mutex_init(&card->lock, NULL);
	pthread_cond_init(&card->changed, NULL);
	assert_int_equal(nt_machine_init(&card->machine), 0);
	journal_init(&card->journal);
	card->machine.sink = journal_sink(&card->journal);
	nt_thread_enter(&card->machine);
	memory_wire_init(&card->wire);
	connector = memory_wire_connector(&card->wire);
	connector.super_packets = super_packets;
	card->device = device_create(&card->machine, model, card_mac, &connector);
	assert_non_null(card->device);
	nt_interrupt_connect(&card->device->bus.interrupts[0], isr, card);
	card->acknowledge = true;

	card->tx = allocate(sizeof(*card->tx) * CARD_TX);
	card->rx = allocate(sizeof(*card->rx) * CARD_RX);
	card->arena = allocate(CARD_ARENA);
	card->rx_buffers = allocate(CARD_RX_BUFFER * CARD_RX);
	card->tx_logical =
		nt_dma_map(&card->machine.dma, card->tx, sizeof(*card->tx) * CARD_TX, UINT64_MAX);
	card->rx_logical =
		nt_dma_map(&card->machine.dma, card->rx, sizeof(*card->rx) * CARD_RX, UINT64_MAX);
	card->arena_logical = nt_dma_map(&card->machine.dma, card->arena, CARD_ARENA, UINT64_MAX);
	card->rx_buffers_logical = nt_dma_map(&card->machine.dma, card->rx_buffers,
					      CARD_RX_BUFFER * CARD_RX, UINT64_MAX);
	return card;
}

void card_destroy(struct card *card)
{
	nt_interrupt_connect(&card->device->bus.interrupts[0], NULL, NULL);
	device_destroy(card->device);
	nt_thread_leave();
	nt_machine_destroy(&card->machine);
	memory_wire_destroy(&card->wire);
	journal_destroy(&card->journal);
	free(card->tx);
	free(card->rx);
	free(card->arena);
	free(card->rx_buffers);
	pthread_cond_destroy(&card->changed);
	pthread_mutex_destroy(&card->lock);
	free(card);
}

int card_link_changes(struct card *card)
{
	int changes;

	pthread_mutex_lock(&card->lock);
	changes = card->link_changes;
	pthread_mutex_unlock(&card->lock);
	return changes;
}

void card_await_link(struct card *card, int n)
{
	struct timespec end;
	int error = 0;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += 30;
	pthread_mutex_lock(&card->lock);
	while (card->link_changes < n && !error)
		error = pthread_cond_timedwait(&card->changed, &card->lock, &end);
	pthread_mutex_unlock(&card->lock);
	assert_int_equal(error, 0);
}

uint32_t card_read(struct card *card, unsigned at, unsigned width)
{
	return (uint32_t)card->device->ops->bus.regions[RTL_BAR].access.read(card->device, at,
									     width);
}

void card_write(struct card *card, unsigned at, unsigned width, uint32_t value)
{
	card->device->ops->bus.regions[RTL_BAR].access.write(card->device, at, width, value);
}

void card_start(struct card *card)
{
	for (int i = 0; i < CARD_RX; i++)
		card_rx_return(card, i);
	card_write(card, RTL_RDSAR, 4, (uint32_t)card->rx_logical);
	card_write(card, RTL_RDSAR + 4, 4, (uint32_t)(card->rx_logical >> 32));
	card_write(card, RTL_CMD, 1, card_read(card, RTL_CMD, 1) | RTL_CMD_RE);
	card_write(card, RTL_RCR, 4, RTL_RCR_PHYSICAL | RTL_RCR_BROADCAST);
	card_write(card, RTL_MTPS, 1, 12);
	card_write(card, RTL_TNPDS, 4, (uint32_t)card->tx_logical);
	card_write(card, RTL_TNPDS + 4, 4, (uint32_t)(card->tx_logical >> 32));
	card_write(card, RTL_CMD, 1, card_read(card, RTL_CMD, 1) | RTL_CMD_TE);
	card_write(card, RTL_TCR, 4, 0x03000701);
	card->tx_next = 0;
}

uint64_t card_store(struct card *card, const void *bytes, size_t length)
{
	uint64_t logical;

	if (card->arena_used + length > CARD_ARENA)
		card->arena_used = 0;
	memcpy(card->arena + card->arena_used, bytes, length);
	logical = card->arena_logical + card->arena_used;
	card->arena_used += length;
	return logical;
}

struct card_descriptor *card_post(struct card *card, uint64_t address, size_t length,
				  uint16_t status, uint16_t offload)
{
	struct card_descriptor *d = &card->tx[card->tx_next];

	d->length = (uint16_t)length;
	d->vlan = 0;
	d->offload = offload;
	d->address = address;
	d->status = status | RTL_OWN | (card->tx_next == CARD_TX - 1 ? RTL_EOR : 0);
	card->tx_next = (card->tx_next + 1) % CARD_TX;
	return d;
}

void card_doorbell(struct card *card)
{
	card_write(card, RTL_TPPOLL, 1, RTL_TPPOLL_NPQ);
}

void card_send(struct card *card, const void *bytes, size_t length, uint16_t status,
	       uint16_t offload)
{
	card_post(card, card_store(card, bytes, length), length, status | RTL_FS | RTL_LS, offload);
	card_doorbell(card);
}

uint8_t *card_rx_buffer(struct card *card, int descriptor)
{
	return card->rx_buffers + descriptor * CARD_RX_BUFFER;
}

void card_rx_return(struct card *card, int i)
{
	card->rx[i] = (struct card_descriptor){
		.length = CARD_RX_BUFFER,
		.status = RTL_OWN | (i == CARD_RX - 1 ? RTL_EOR : 0),
		.address = card->rx_buffers_logical + (uint64_t)i * CARD_RX_BUFFER,
	};
}

const struct device_counters *card_counters(struct card *card)
{
	device_counters(card->device, &card->counters);
	return &card->counters;
}

int card_logs(struct card *card)
{
	return journal_count(&card->journal, "event rtl8168 Log *");
}

int card_set_up(void **state)
{
	*state = card_create("rtl8168", false);
	card_start(*state);
	return 0;
}

int card_set_up_ext(void **state)
{
	*state = card_create("rtl8168-ext", true);
	card_start(*state);
	return 0;
}

int card_set_up_super(void **state)
{
	*state = card_create("rtl8168", true);
	card_start(*state);
	return 0;
}

int card_tear_down(void **state)
{
	card_destroy(*state);
	return 0;
}
