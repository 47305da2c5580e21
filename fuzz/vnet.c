/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as what a TAP hands over: a virtio_net_hdr and a frame. What passes has to be true of
 * the frame, and can be said back to the kernel.
 * Input: 10 bytes of header, 1 where the room is split, then the frame.
 */
#include "edge/vnet.h"

#include <netcx/lso.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void check_meta(const struct frame_meta *meta, const struct iovec *iov, int count,
		       size_t length)
{
	struct lso_layout layout;

	if (!meta->needs_checksum) {
		require(!meta->mss && !frame_parsed(meta));
		return;
	}
	require(lso_parse(iov, count, &layout) == LSO_OK);
	require(!memcmp(&meta->layout, &layout, sizeof(layout)));
	require(frame_checksum_offset(&layout) == (layout.l4_protocol == IPPROTO_TCP ? 16 : 6));
	require((size_t)layout.l4_offset + frame_checksum_offset(&layout) + 2 <= length);
	if (meta->mss)
		require(length - layout.payload_offset > meta->mss);
}

/* A frame of a right checksum, said to be good: completing what goes up gives it back. */
static void check_vouched(const struct iovec *iov, int count, size_t length)
{
	struct frame frame = { .iov = iov, .count = count, .meta = { .checksum_valid = true } };
	struct virtio_net_hdr header = { 0 };
	uint8_t head[VNET_HEAD], *up = malloc(length), *whole = malloc(length);
	size_t n = vnet_vouch(&frame, length, &header, head);
	struct iovec piece = { up, length };

	require(up && whole && n <= length);
	frame_read(iov, count, 0, whole, length);
	if (n && lso_verify(whole, length).l4 == LSO_SUM_GOOD) {
		memcpy(up, head, n);
		memcpy(up + n, whole + n, length - n);
		require(header.flags == VIRTIO_NET_HDR_F_NEEDS_CSUM);
		require(lso_fill_partial(&piece, 1, header.csum_start, header.csum_offset));
		require(!memcmp(up, whole, length));
	}
	free(up);
	free(whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct virtio_net_hdr header, back;
	struct frame frame;
	struct frame_meta meta;
	struct iovec iov[2];
	uint8_t *first, *second;
	size_t length, at;

	if (size < sizeof(header) + 1)
		return 0;
	memcpy(&header, data, sizeof(header));
	length = size - sizeof(header) - 1;
	at = data[sizeof(header)] < length ? data[sizeof(header)] : length;
	first = malloc(at ? at : 1);
	second = malloc(length - at ? length - at : 1);
	require(first && second);
	memcpy(first, data + sizeof(header) + 1, at);
	memcpy(second, data + sizeof(header) + 1 + at, length - at);
	iov[0] = (struct iovec){ first, at };
	iov[1] = (struct iovec){ second, length - at };

	if (vnet_decode(&header, iov, 2, length, &meta)) {
		check_meta(&meta, iov, 2, length);
		frame = (struct frame){ .iov = iov, .count = 2, .meta = meta };
		require(vnet_encode(&frame, length, &back));
		require((back.flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) == meta.needs_checksum);
		require(back.gso_size == meta.mss);
	}
	if (length)
		check_vouched(iov, 2, length);
	free(first);
	free(second);
	return 0;
}
