/* SPDX-License-Identifier: MIT */
#include "frame/frame.h"

#include "base/bytes.h"

/* Runs @copy over the pieces of [offset, offset + size) that lie in the frame. */
static size_t walk(const struct iovec *iov, int count, size_t offset, uint8_t *buffer, size_t size,
		   void (*copy)(uint8_t *piece, uint8_t *buffer, size_t length))
{
	size_t done = 0;

	for (int i = 0; i < count && done < size; i++) {
		size_t length;

		if (offset >= iov[i].iov_len) {
			offset -= iov[i].iov_len;
			continue;
		}
		length = iov[i].iov_len - offset;
		if (length > size - done)
			length = size - done;
		copy((uint8_t *)iov[i].iov_base + offset, buffer + done, length);
		done += length;
		offset = 0;
	}
	return done;
}

static void copy_out(uint8_t *piece, uint8_t *buffer, size_t length)
{
	memcpy(buffer, piece, length);
}

static void copy_in(uint8_t *piece, uint8_t *buffer, size_t length)
{
	memcpy(piece, buffer, length);
}

size_t frame_read(const struct iovec *iov, int count, size_t offset, void *to, size_t size)
{
	return walk(iov, count, offset, to, size, copy_out);
}

size_t frame_write(const struct iovec *iov, int count, size_t offset, const void *from, size_t size)
{
	return walk(iov, count, offset, (uint8_t *)(uintptr_t)from, size, copy_in);
}

void frame_read_head(struct frame_head *head, const struct iovec *iov, int count, size_t length)
{
	size_t wanted = length < LSO_MAX_HEADERS ? length : LSO_MAX_HEADERS;

	if (count > 0 && iov[0].iov_len >= wanted) {
		head->bytes = iov[0].iov_base;
		head->length = wanted;
	} else {
		head->bytes = head->copy;
		head->length = frame_read(iov, count, 0, head->copy, wanted);
	}
}

enum lso_status frame_parse(struct frame_head *head)
{
	const struct iovec piece = { (void *)(uintptr_t)head->bytes, head->length };

	head->status = lso_parse(&piece, 1, &head->layout);
	return head->status;
}

/* ip_length() - bytes that the packet says to have, 0 when it does not say. */
static size_t ip_length(const uint8_t *ip, int version)
{
	static const uint8_t jumbo[] = { 0, 0xc2, 4 }; /* the option and nothing else: RFC 2675 2 */

	if (version == 4)
		return load_be16(ip + 2);
	if (version != 6)
		return 0;
	if (load_be16(ip + 4))
		return 40 + load_be16(ip + 4);
	if (ip[6] != IPPROTO_HOPOPTS || memcmp(ip + 41, jumbo, sizeof(jumbo)) != 0)
		return 0;
	return 40 + ((size_t)load_be16(ip + 44) << 16 | load_be16(ip + 46));
}

size_t frame_packet_end(const uint8_t *frame, size_t length, size_t fcs,
			const struct lso_layout *layout)
{
	size_t headers = layout->payload_offset ? layout->payload_offset : layout->l4_offset;
	size_t told = ip_length(frame + layout->l3_offset, layout->ip_version);

	if (told && layout->l3_offset + told >= headers && layout->l3_offset + told <= length)
		return layout->l3_offset + told;
	return fcs < length && length - fcs >= headers ? length - fcs : length;
}

bool frame_is_cut_short(const uint8_t *frame, size_t length, const struct lso_layout *layout)
{
	size_t told = ip_length(frame + layout->l3_offset, layout->ip_version);

	return layout->l3_offset + told > length;
}

bool frame_finish_checksum(const struct iovec *iov, int count, const struct frame_meta *meta)
{
	return lso_fill_partial(iov, count, meta->layout.l4_offset,
				frame_checksum_offset(&meta->layout));
}
