/* SPDX-License-Identifier: MIT */
/*
 * Packets seen on their way, for who captures them: where they pass, a copy goes into memory that
 * another process reads. It is a ring of records. Several threads write it without a lock: one
 * reserves its record by moving the head, fills it, and its length, written last, makes it the
 * reader's, who clears what it has read. Where there is no room the packet is counted as lost, so
 * that nobody waits for the reader. While nobody captures, a point costs one load and a branch.
 *
 * The reader may do with the memory what it likes: writers go by numbers of their own, and of its
 * only by how much it says to have read, which can make them lose packets and no more.
 */
#ifndef FRAME_WATCH_H
#define FRAME_WATCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include "base/error.h"

/* Where packets are seen; bit 1 << point in a set of them. */
enum watch_point {
	WATCH_STACK, /* between the stack edge and the datapath */
	WATCH_RING,  /* as the driver gets or gives them, in its packet rings */
	WATCH_WIRE,  /* between the device and the wire edge */
	WATCH_POINTS
};

/* watch_point_name() - "stack", "ring", "wire" */
const char *watch_point_name(enum watch_point point);

#define WATCH_NO_QUEUE    UINT16_MAX

#define WATCH_SIZE_LEAST  (1u << 20) /* bytes of the ring */
#define WATCH_SIZE_MOST   (1u << 30)
#define WATCH_SIZE_NORMAL (32u << 20)
#define WATCH_SNAP_MOST   262144u /* bytes of a packet; no frame of ours is longer */

/* What of a packet's checksums and tag is known beside its bytes. */
#define WATCH_CHECKSUM_OPEN  1u /* TCP's or UDP's is still to be filled in */
#define WATCH_CHECKSUM_GOOD  2u /* somebody has found it good */
#define WATCH_CHECKSUM_BAD   4u
#define WATCH_ASKS_IPV4      8u  /* the hardware is asked to fill in the IPv4 header's */
#define WATCH_ASKS_TRANSPORT 16u /* and TCP's or UDP's */
#define WATCH_TAG_PRIORITY   32u /* an 802.1Q tag beside the frame: its parts */
#define WATCH_TAG_VLAN       64u
#define WATCH_UDP            128u /* what is one of many segments is UDP's, else TCP's */

/* A packet at a point. */
struct watch_note {
	uint8_t point;
	bool outbound;     /* from the stack to the wire */
	uint8_t flags;     /* WATCH_* */
	uint8_t priority;  /* of the tag */
	uint16_t vlan;     /* likewise */
	uint16_t queue;    /* of the adapter's, of the packet's direction; or WATCH_NO_QUEUE */
	uint16_t mss;      /* payload bytes of a segment; 0: it is one frame, or not known */
	uint16_t headers;  /* bytes in front of the payload, where mss is not 0 */
	uint16_t segments; /* that the hardware has made this one of (RSC); 0: none */
};

/* In the ring. Bytes follow, and what is left of 8. */
struct watch_record {
	_Atomic uint32_t size; /* with all of it; 0: not there yet */
	uint32_t length;       /* bytes that the packet has */
	uint32_t captured;     /* that follow */
	struct watch_note note;
	uint64_t time; /* CLOCK_REALTIME, nanoseconds */
};

/* The first page of the memory; the ring is behind it. */
struct watch_shared {
	uint32_t size;                      /* of the ring, a power of two */
	_Alignas(64) _Atomic uint64_t tail; /* bytes read since the beginning; the reader's */
	_Alignas(64) _Atomic uint64_t seen[WATCH_POINTS]; /* packets, with those that were lost */
	_Atomic uint64_t lost[WATCH_POINTS];
	_Atomic bool ended; /* nothing will come any more */
};

/*
 * An adapter's. All zero: nobody captures. begin() and end() are one thread's; it lives longer than
 * who puts into it.
 */
struct watch {
	_Atomic uint32_t on;    /* the set of points */
	_Atomic uint32_t users; /* threads within watch_put() */
	_Atomic uint64_t head;  /* bytes reserved since the beginning */
	struct watch_shared *shared;
	uint8_t *ring;
	uint32_t size, snap;
};

/*
 * watch_begin() - somebody captures from now on
 * @points: a set of them
 * @size:   bytes of the ring, a power of two
 * @snap:   bytes of a packet that are copied, at most
 * Return: a descriptor of the memory for the reader, the caller's; -1 after error_set()
 */
int watch_begin(struct watch *watch, unsigned points, uint32_t size, uint32_t snap,
		struct error *error);

/* watch_end() - no more; may be called when nobody does. Waits for threads within watch_put(). */
void watch_end(struct watch *watch);

static inline bool watch_any(const struct watch *watch)
{
	return __builtin_expect(atomic_load_explicit(&watch->on, memory_order_relaxed) != 0, 0);
}

/* watch_on() - does somebody look at this point? Then watch_put(). Any thread. */
static inline bool watch_on(const struct watch *watch, enum watch_point point)
{
	return __builtin_expect(
		atomic_load_explicit(&watch->on, memory_order_relaxed) & 1u << point, 0);
}

/* watch_put() - a packet passes; any thread. Nothing, when nobody looks at the point. */
void watch_put(struct watch *watch, const struct watch_note *note, const struct iovec *iov,
	       int count);

/* watch_queue() - of the adapter's queue that this thread works for, for points that know none;
 * the thread's own */
uint16_t watch_queue(void);
void watch_set_queue(uint16_t queue);

/* ---- the reader ---- */

struct watch_reader {
	struct watch_shared *shared;
	uint8_t *ring;
	uint32_t size;
	uint64_t tail;
};

/* watch_attach() - Return: false after error_set(): this is no such memory, or there is none. */
bool watch_attach(struct watch_reader *reader, int fd, struct error *error);
void watch_detach(struct watch_reader *reader);

/*
 * watch_next() - the oldest record that is there
 * Return: NULL when there is none now. Its bytes are at record + 1, until watch_done().
 */
const struct watch_record *watch_next(struct watch_reader *reader);
/* watch_done() - with what watch_next() has returned */
void watch_done(struct watch_reader *reader, const struct watch_record *record);

#endif
