/* SPDX-License-Identifier: MIT */
/*
 * Frames on their way to the wire, gathered during one doorbell write. A packet's descriptors go
 * back once the wire has its frames, the first one last.
 */
#include <string.h>

#include "device/rtl8168/model.h"
#include "nt/sanitizer.h"

#define SLAB_LINE 64u /* a cache line */

static uint8_t padding[RTL_MIN_FRAME];

int rtl_iov_from(const struct iovec *iov, int count, size_t offset, struct iovec *to)
{
	int n = 0;

	for (int i = 0; i < count; i++) {
		if (offset >= iov[i].iov_len) {
			offset -= iov[i].iov_len;
			continue;
		}
		to[n].iov_base = (uint8_t *)iov[i].iov_base + offset;
		to[n].iov_len = iov[i].iov_len - offset;
		offset = 0;
		n++;
	}
	return n;
}

void rtl_iov_copy(const struct iovec *iov, int count, uint8_t *to, size_t length)
{
	for (int i = 0; i < count && length; i++) {
		size_t n = iov[i].iov_len < length ? iov[i].iov_len : length;

		memcpy(to, iov[i].iov_base, n);
		to += n;
		length -= n;
	}
}

uint8_t *rtl_batch_slab(struct rtl_tx *tx, size_t length)
{
	uint8_t *headers = tx->slab + tx->slab_used;

	tx->slab_used += (length + SLAB_LINE - 1) & ~(size_t)(SLAB_LINE - 1);
	return headers;
}

void rtl_batch_room(struct rtl_tx *tx, int iovecs, size_t headers)
{
	if (tx->frame_count == RTL_TX_FRAMES || tx->iovec_count + iovecs + 1 > RTL_TX_IOVECS ||
	    tx->slab_used + ((headers + SLAB_LINE - 1) & ~(size_t)(SLAB_LINE - 1)) > RTL_TX_SLAB)
		rtl_batch_flush(tx);
}

static void count_frames(struct rtl_tx *tx, unsigned frames, size_t bytes)
{
	count_add(&tx->counters.tx_frames, frames);
	count_add(&tx->counters.tx_bytes, bytes);
	count_add(&tx->tally.tx_ok, frames);
}

static void push(struct rtl_tx *tx, int iovecs, const struct frame_meta *meta)
{
	tx->frames[tx->frame_count++] = (struct frame){
		.iov = tx->iovecs + tx->iovec_count,
		.count = iovecs,
		.meta = meta ? *meta : (struct frame_meta){ 0 },
	};
	tx->iovec_count += iovecs;
}

void rtl_batch_push(struct rtl_tx *tx, int iovecs, const struct frame_meta *meta)
{
	struct iovec *iov = tx->iovecs + tx->iovec_count;
	size_t length = 0;

	for (int i = 0; i < iovecs; i++)
		length += iov[i].iov_len;
	if (length < RTL_MIN_FRAME) {
		iov[iovecs].iov_base = padding;
		iov[iovecs].iov_len = RTL_MIN_FRAME - length;
		iovecs++;
		length = RTL_MIN_FRAME;
	}
	push(tx, iovecs, meta);
	if (!meta)
		count_frames(tx, 1, length);
}

void rtl_batch_run(struct rtl_tx *tx, size_t header, size_t longest, struct rtl_run *run)
{
	size_t lead = -header & (SLAB_LINE - 1), room;

	if (longest < RTL_MIN_FRAME)
		longest = RTL_MIN_FRAME;
	run->stride = (longest + SLAB_LINE - 1) & ~(size_t)(SLAB_LINE - 1);
	rtl_batch_room(tx, 1, lead + run->stride);
	room = (RTL_TX_SLAB - tx->slab_used - lead) / run->stride;
	run->room = RTL_TX_FRAMES - tx->frame_count;
	if (run->room > RTL_TX_IOVECS - tx->iovec_count)
		run->room = RTL_TX_IOVECS - tx->iovec_count;
	if ((size_t)run->room > room)
		run->room = (int)room;
	run->slab = tx->slab + tx->slab_used + lead;
	run->frames = tx->iovecs + tx->iovec_count;
}

void rtl_batch_push_run(struct rtl_tx *tx, const struct rtl_run *run, int count)
{
	size_t bytes = 0;

	for (int i = 0; i < count; i++) {
		struct iovec *frame = &run->frames[i];

		if (frame->iov_len < RTL_MIN_FRAME) {
			memset((uint8_t *)frame->iov_base + frame->iov_len, 0,
			       RTL_MIN_FRAME - frame->iov_len);
			frame->iov_len = RTL_MIN_FRAME;
		}
		bytes += frame->iov_len;
		push(tx, 1, NULL);
	}
	tx->slab_used = (size_t)(run->slab - tx->slab) + (size_t)count * run->stride;
	tx->slab_used = (tx->slab_used + SLAB_LINE - 1) & ~(size_t)(SLAB_LINE - 1);
	count_frames(tx, (unsigned)count, bytes);
}

static void give_back(struct rtl_descriptor *d)
{
	uint16_t status = __atomic_load_n(&d->status, __ATOMIC_RELAXED);

	nt_order_with_hardware();
	__atomic_store_n(&d->status, status & (uint16_t)~RTL_OWN, __ATOMIC_RELEASE);
}

void rtl_batch_flush(struct rtl_tx *tx)
{
	struct rtl_descriptor **d = tx->descriptors;

	if (tx->frame_count)
		tx->card->device.wire.send(tx->card->device.wire.context, tx->frames,
					   tx->frame_count);
	for (int i = 0; i < tx->packet_count; i++) {
		unsigned count = tx->packet_descriptors[i];

		for (unsigned n = 1; n < count; n++)
			give_back(d[n]);
		give_back(d[0]);
		d += count;
	}
	tx->frame_count = 0;
	tx->iovec_count = 0;
	tx->slab_used = 0;
	tx->descriptor_count = 0;
	tx->packet_count = 0;
}
