/* SPDX-License-Identifier: MIT */
/* Bytes of a frame that may be scattered. */
#ifndef EDGE_FRAME_H
#define EDGE_FRAME_H

#include <netcx/lso.h>
#include <string.h>

static inline size_t frame_length(const struct iovec *iov, int count)
{
	size_t length = 0;

	for (int i = 0; i < count; i++)
		length += iov[i].iov_len;
	return length;
}

/* frame_read(), frame_write() - copy from or to @offset. Return: bytes copied. */
size_t frame_read(const struct iovec *iov, int count, size_t offset, void *to, size_t size);
size_t frame_write(const struct iovec *iov, int count, size_t offset, const void *from,
		   size_t size);

/* The first bytes of a frame in one piece, and what they parse to. */
struct frame_head {
	const uint8_t *bytes;
	size_t length;
	enum lso_status status;
	struct lso_layout layout;      /* as lso_parse() fills it */
	uint8_t copy[LSO_MAX_HEADERS]; /* used when the frame's first piece is too short */
};

/*
 * frame_parse() - find the headers of a frame that lies in a larger room
 * @iov, @count: the room; @length bytes of it are the frame
 * Return: head->status. After LSO_OK all headers lie in head->bytes.
 */
enum lso_status frame_parse(struct frame_head *head, const struct iovec *iov, int count,
			    size_t length);

#endif
