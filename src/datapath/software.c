/* SPDX-License-Identifier: MIT */
/* The fallback: super-packets that the driver may not have are cut here, before it sees them. */
#include "datapath/private.h"

/*
 * dp_split_begin() - start to cut split->packet, which has split->layout
 * Segments come out final, so they need nothing of the hardware.
 * Return: false when it cannot be cut.
 */
bool dp_split_begin(struct dp_split *split, uint16_t mss, enum lso_ip_id ip_id)
{
	struct lso_options options = { .mss = mss, .ip_id = ip_id, .layout = &split->layout };
	int count = split->packet[1].iov_len ? 2 : 1;

	split->busy = lso_begin(&split->segmenter, split->packet, count, &options) == LSO_OK;
	return split->busy;
}
