/* SPDX-License-Identifier: MIT */
/*
 * Frames on their way to the wire, gathered during one doorbell write. A packet's descriptors go
 * back once the wire has its frames, the first one last.
 */
#include <string.h>

#include "device/rtl8168/model.h"
#include "nt/sanitizer.h"

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

	tx->slab_used += (length + 63) & ~(size_t)63;
	return headers;
}

void rtl_batch_room(struct rtl_tx *tx, int iovecs, size_t headers)
{

	if (tx->frame_count == RTL_TX_FRAMES || tx->iovec_count + iovecs + 1 > RTL_TX_IOVECS ||
	    tx->slab_used + ((headers + 63) & ~(size_t)63) > RTL_TX_SLAB)
		rtl_batch_flush(tx);
}

void rtl_batch_push(struct rtl_tx *tx, int iovecs, const struct frame_meta *meta)
{
	struct frame *frame = &tx->frames[tx->frame_count];
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
	frame->iov = iov;
	frame->count = iovecs;
	frame->meta = meta ? *meta : (struct frame_meta){ 0 };
	tx->frame_count++;
	tx->iovec_count += iovecs;
	if (!meta) {
		count_add(&tx->counters.tx_frames, 1);
		count_add(&tx->counters.tx_bytes, length);
		count_add(&tx->tally.tx_ok, 1);
	}
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
