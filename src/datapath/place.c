/* SPDX-License-Identifier: MIT */
/* Where in its buffer a packet that is sent lies, and in how many pieces: dp_place(), dp_scatter().
 */
#include <string.h>

#include "datapath/private.h"

void dp_scatter(struct dp *dp, uint32_t first, uint32_t piece)
{
	atomic_store(&dp->scatter, (uint64_t)first << 32 | piece);
}

void dp_place(struct dp *dp, uint32_t offset, uint32_t shift)
{
	atomic_store(&dp->place, (uint64_t)offset << 32 | shift);
}

static size_t aligned(size_t n, size_t alignment)
{
	return (n + alignment - 1) & ~(alignment - 1);
}

size_t dp_place_packet(const struct dp_tx *tx, struct cx_tx_packet *packet)
{
	uint64_t wanted = tx->room ? atomic_load(&tx->dp->place) : 0;
	size_t offset = wanted >> 32;
	size_t moved = aligned(offset + (uint32_t)wanted, tx->alignment);

	packet->offset = tx->offset;
	if (!moved || moved > tx->room)
		return 0;
	packet->offset = offset > tx->offset ? offset : tx->offset;
	memmove((unsigned char *)packet->data + moved, packet->data, packet->length);
	packet->data = (unsigned char *)packet->data + moved;
	packet->logical += packet->logical ? moved : 0;
	return moved;
}

void dp_scatter_packet(const struct dp_tx *tx, struct cx_tx_packet *packet)
{
	uint64_t pieces = tx->fragments_max > 1 ? atomic_load(&tx->dp->scatter) : 0;
	size_t first = aligned(pieces >> 32, tx->alignment);
	size_t piece = aligned((uint32_t)pieces, tx->alignment), length = packet->length, left;

	packet->first = packet->piece = length;
	if (!first || !piece || first >= length)
		return;
	left = length - first;
	if ((left + piece - 1) / piece > tx->fragments_max - 1)
		piece = aligned((left + tx->fragments_max - 2) / (tx->fragments_max - 1),
				tx->alignment);
	packet->first = first;
	packet->piece = piece;
}
