/* SPDX-License-Identifier: MIT */
/*
 * The RTL8168 model under a driver gone mad. The input is a program: one byte of operation, then
 * its arguments. Rings and buffers stay within what was mapped (an address outside ends a driver,
 * which the tests cover); everything else a driver or the wire can say is the input's choice.
 */
#include <stdlib.h>
#include <string.h>

#include "device/nic.h"
#include "device/rtl8168/registers.h"

#define TX        16
#define RX        8
#define RX_BUFFER 2048
#define ARENA     65536

struct descriptor {
	uint16_t length, status, vlan, offload;
	uint64_t address;
};

/* What is left of the input. */
struct input {
	const uint8_t *at;
	size_t left;
};

struct rig {
	struct device *device;
	struct descriptor *tx, *rx[RTL_RX_QUEUES];
	uint8_t *arena, *buffers;
	uint64_t tx_at, rx_at[RTL_RX_QUEUES], arena_at, buffers_at;
	unsigned next;
	struct input in;
	size_t frames_to_come;
};

static uint32_t take(struct input *in, unsigned bytes)
{
	uint32_t value = 0;

	while (bytes--) {
		value = value << 8 | (in->left ? *in->at : 0);
		if (in->left) {
			in->at++;
			in->left--;
		}
	}
	return value;
}

/* The payload is looked at, so that a sanitizer sees a reference to the wrong place. */
static void wire_send(void *context, const struct frame *frames, int count)
{
	uint64_t sum = 0;

	for (int i = 0; i < count; i++)
		for (int j = 0; j < frames[i].count; j++) {
			const uint8_t *bytes = frames[i].iov[j].iov_base;
			size_t length = frames[i].iov[j].iov_len;

			for (size_t n = 0; n < length; n += 16)
				sum += bytes[n];
			sum += bytes[length - 1];
		}
	__asm__ volatile("" : : "r"(sum));
}

/* What a wire may say of a super-packet's headers: anything. */
static struct lso_layout take_layout(struct input *in)
{
	return (struct lso_layout){ .l2_type = (uint8_t)(take(in, 1) % 3),
				    .ip_version = take(in, 1) & 1 ? 4 : 6,
				    .l4_protocol = IPPROTO_TCP,
				    .l3_offset = (uint16_t)take(in, 1),
				    .l4_offset = (uint16_t)take(in, 1),
				    .payload_offset = (uint16_t)take(in, 2) };
}

/* A frame: MSS, a layout when that is large, length, how many of its bytes the input gives. */
static size_t wire_receive(void *context, const struct iovec *iov, int count,
			   struct frame_meta *meta)
{
	struct rig *rig = context;
	size_t length, given;

	if (!rig->frames_to_come)
		return 0;
	rig->frames_to_come--;
	meta->mss = (uint16_t)take(&rig->in, 2);
	if (meta->mss >= 0x8000)
		meta->layout = take_layout(&rig->in);
	length = take(&rig->in, 2);
	given = take(&rig->in, 1);
	for (size_t n = 0; n < given && n < length; n++) {
		uint8_t byte = (uint8_t)take(&rig->in, 1);

		if (n < iov[0].iov_len)
			((uint8_t *)iov[0].iov_base)[n] = byte;
		else if (count > 1 && n - iov[0].iov_len < iov[1].iov_len)
			((uint8_t *)iov[1].iov_base)[n - iov[0].iov_len] = byte;
	}
	return length;
}

static bool misplaces_dma(unsigned at, unsigned width)
{
	/* the further rings lie behind ERIDR and ERIAR: see rss() */
	static const unsigned start[] = { RTL_DTCCR, RTL_TNPDS, RTL_RDSAR, RTL_ERIDR };

	for (int i = 0; i < 4; i++)
		if (at < start[i] + 8 && start[i] < at + width)
			return true;
	return false;
}

static void write_register(struct rig *rig, unsigned at, unsigned width, uint32_t value)
{
	rig->device->ops->bus.regions[RTL_BAR].access.write(rig->device, at, width, value);
}

static void post_receive(struct rig *rig, unsigned queue, unsigned i, uint32_t capacity)
{
	rig->rx[queue][i] = (struct descriptor){
		.length = (uint16_t)(capacity % (RX_BUFFER + 1)),
		.status = RTL_OWN | (i == RX - 1 ? RTL_EOR : 0),
		.address = rig->buffers_at + (queue * RX + i) * RX_BUFFER,
	};
}

static void write_eri(struct rig *rig, unsigned at, uint32_t value)
{
	write_register(rig, RTL_ERIDR, 4, value);
	write_register(rig, RTL_ERIAR, 4, RTL_ACCESS_FLAG | 0xF000 | at);
}

/* An access behind ERIAR: anything, but a ring's address is the ring's or 0. */
static void rss(struct rig *rig)
{
	uint32_t access = take(&rig->in, 4), value = take(&rig->in, 4);
	unsigned at = access & 0xFFC, queue = 1 + (at - RTL_ERI_RDSAR1) / 8;

	if (at < RTL_ERI_RDSAR1 || queue >= RTL_RX_QUEUES) {
		write_register(rig, RTL_ERIDR, 4, value);
		write_register(rig, RTL_ERIAR, 4, access);
		return;
	}
	at -= at & 4;
	write_eri(rig, at, value & 1 ? (uint32_t)rig->rx_at[queue] : 0);
	write_eri(rig, at + 4, value & 1 ? (uint32_t)(rig->rx_at[queue] >> 32) : 0);
}

static void post_transmit(struct rig *rig)
{
	struct descriptor *d = &rig->tx[rig->next];
	uint32_t at = take(&rig->in, 2), length = take(&rig->in, 2);

	d->length = (uint16_t)(length < ARENA - at ? length : ARENA - at);
	d->offload = (uint16_t)take(&rig->in, 2);
	d->vlan = (uint16_t)at;
	d->address = rig->arena_at + at;
	d->status = (uint16_t)((take(&rig->in, 2) & ~RTL_EOR) | RTL_OWN |
			       (rig->next == TX - 1 ? RTL_EOR : 0));
	rig->next = (rig->next + 1) % TX;
}

static void fill_arena(struct rig *rig)
{
	uint32_t at = take(&rig->in, 2), n = take(&rig->in, 1);

	for (; n && at < ARENA; n--, at++)
		rig->arena[at] = (uint8_t)take(&rig->in, 1);
}

static void start(struct rig *rig)
{
	for (unsigned i = 0; i < RX * RTL_RX_QUEUES; i++)
		post_receive(rig, i / RX, i % RX, RX_BUFFER);
	memset(rig->tx, 0, sizeof(*rig->tx) * TX);
	rig->next = 0;
	write_register(rig, RTL_RDSAR, 4, (uint32_t)rig->rx_at[0]);
	write_register(rig, RTL_RDSAR + 4, 4, (uint32_t)(rig->rx_at[0] >> 32));
	write_register(rig, RTL_TNPDS, 4, (uint32_t)rig->tx_at);
	write_register(rig, RTL_TNPDS + 4, 4, (uint32_t)(rig->tx_at >> 32));
	write_register(rig, RTL_CMD, 1, RTL_CMD_RE | RTL_CMD_TE);
	write_register(rig, RTL_RCR, 4, RTL_RCR_ALL);
	write_register(rig, RTL_CPCR, 2, RTL_CPCR_RX_CHECKSUM | RTL_CPCR_RX_VLAN);
}

static void step(struct rig *rig)
{
	static const unsigned widths[] = { 1, 2, 4, 4 };
	uint32_t operation = take(&rig->in, 1), at, value;
	unsigned width;

	switch (operation % 8) {
	case 0:
		at = take(&rig->in, 1);
		width = widths[operation >> 6];
		value = take(&rig->in, width);
		rig->device->ops->bus.regions[RTL_BAR].access.read(rig->device, at, width);
		if (!misplaces_dma(at, width))
			write_register(rig, at, width, value);
		break;
	case 1:
	case 2:
		post_transmit(rig);
		break;
	case 3:
		write_register(rig, RTL_TPPOLL, 1, RTL_TPPOLL_NPQ);
		break;
	case 4:
		fill_arena(rig);
		break;
	case 5:
		rig->frames_to_come = 1 + (operation >> 6);
		device_pump(rig->device, 1 + (int)(operation >> 3));
		break;
	case 6:
		value = take(&rig->in, 2);
		post_receive(rig, operation >> 6, value % RX, value >> 3);
		break;
	default:
		if (operation & 0x80)
			device_set_link(rig->device, operation & 0x40);
		else if (operation & 0x20)
			rss(rig);
		else
			start(rig);
	}
}

static void *memory(struct nt_machine *machine, size_t length, uint64_t *logical)
{
	void *bytes = aligned_alloc(4096, (length + 4095) & ~(size_t)4095);

	if (!bytes)
		abort();
	memset(bytes, 0, length);
	*logical = nt_dma_map(&machine->dma, bytes, length, UINT64_MAX);
	return bytes;
}

static void release(struct nt_machine *machine, void *bytes, uint64_t logical)
{
	nt_dma_unmap(&machine->dma, logical);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
	static struct nt_machine machine;
	static bool ready;
	struct rig rig = { .in = { data, size } };
	struct device_wire wire = { .context = &rig,
				    .super_packets = size & 1,
				    .send = wire_send,
				    .receive = wire_receive };

	if (!ready && nt_machine_init(&machine))
		abort();
	ready = true;
	nt_thread_enter(&machine);
	rig.device = device_create(&machine, "rtl8168", mac, &wire);
	if (!rig.device)
		abort();
	rig.tx = memory(&machine, sizeof(*rig.tx) * TX, &rig.tx_at);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		rig.rx[n] = memory(&machine, sizeof(*rig.rx[n]) * RX, &rig.rx_at[n]);
	rig.arena = memory(&machine, ARENA, &rig.arena_at);
	rig.buffers = memory(&machine, RX_BUFFER * RX * RTL_RX_QUEUES, &rig.buffers_at);
	start(&rig);
	while (rig.in.left)
		step(&rig);
	device_destroy(rig.device);
	release(&machine, rig.tx, rig.tx_at);
	for (unsigned n = 0; n < RTL_RX_QUEUES; n++)
		release(&machine, rig.rx[n], rig.rx_at[n]);
	release(&machine, rig.arena, rig.arena_at);
	release(&machine, rig.buffers, rig.buffers_at);
	nt_thread_leave();
	return 0;
}
