/* SPDX-License-Identifier: MIT */
/* Frames written by hand, for tests whose input is a rule's own example. */
#ifndef NETCX_TESTS_LSO_FRAMES_H
#define NETCX_TESTS_LSO_FRAMES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct frame {
	uint8_t bytes[2048];
	size_t length;
};

static inline void frame_add(struct frame *f, const void *bytes, size_t n)
{
	memcpy(f->bytes + f->length, bytes, n);
	f->length += n;
}

/* frame_bytes() - the values that follow, one byte each */
#define frame_bytes(f, ...) \
	frame_add(f, (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ }))

static inline void frame_mac(struct frame *f, uint16_t type)
{
	f->length = 0;
	frame_bytes(f, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, type >> 8, type & 0xff);
}

/* 10.0.0.1 to 10.0.0.2, checksum not set; @flags: MF, DF and offset */
static inline void frame_ipv4(struct frame *f, uint8_t protocol, uint16_t flags)
{
	frame_bytes(f, 0x45, 0, 0, 0, 0x12, 0x34, flags >> 8, flags & 0xff, 64, protocol, 0, 0, 10,
		    0, 0, 1, 10, 0, 0, 2);
}

/* fd00::1 to fd00::2 */
static inline void frame_ipv6(struct frame *f, uint8_t next)
{
	frame_bytes(f, 0x60, 0, 0, 0, 0, 0, next, 64);
	frame_bytes(f, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
	frame_bytes(f, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
}

/* 1000 to 80, ACK and PSH */
static inline void frame_tcp(struct frame *f)
{
	frame_bytes(f, 3, 0xe8, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x18, 2, 0, 0, 0, 0, 0);
}

static inline void frame_udp(struct frame *f)
{
	frame_bytes(f, 3, 0xe8, 0, 53, 0, 0, 0, 0);
}

static inline void frame_payload(struct frame *f, size_t n)
{
	for (size_t i = 0; i < n; i++)
		f->bytes[f->length++] = (uint8_t)(i * 7);
}

#endif
