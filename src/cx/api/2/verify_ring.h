/* SPDX-License-Identifier: MIT */
/* What the files of the ring verifier share: names of fields, and reports that name one. */
#ifndef CX_API_2_VERIFY_RING_H
#define CX_API_2_VERIFY_RING_H

#include "cx/api/2/queue.h"
#include "cx/api/2/verifier.h"

/* A NET_PACKET less Ignore and Scratch, and a NET_FRAGMENT less Scratch. */
#define PACKET_FIELDS(X)             \
	X(FragmentIndex)             \
	X(FragmentCount)             \
	X(Layout.Layer2HeaderLength) \
	X(Layout.Layer3HeaderLength) \
	X(Layout.Layer4HeaderLength) \
	X(Layout.Layer2Type)         \
	X(Layout.Layer3Type)         \
	X(Layout.Layer4Type)         \
	X(Layout.Reserved0)          \
	X(Reserved1)
#define FRAGMENT_FIELDS(X) \
	X(ValidLength)     \
	X(Capacity)        \
	X(Offset)          \
	X(OsReserved_Bounced)

/*
 * Of the element @index of a ring, in the callback that ran last:
 * cx2_element_changed() - a field went from @was to @now
 * cx2_element_bad() - a field has a value that cannot be
 */
_Noreturn void cx2_element_changed(const struct cx2_queue *queue, const struct cx2_ring *ring,
				   uint32_t index, enum cx_rule rule, const char *field,
				   uint64_t was, uint64_t now, const char *demand);
_Noreturn void cx2_element_bad(const struct cx2_queue *queue, const struct cx2_ring *ring,
			       uint32_t index, enum cx_rule rule, const char *field, uint64_t value,
			       const char *demand);

/* cx2_last_callback() - of the queue, for reports */
const char *cx2_last_callback(const struct cx2_queue *queue);

/* cx2_read_returned() - elements up to header.BeginIndex have come back: read and check them */
void cx2_read_returned(struct cx2_queue *queue);

#endif
