/* SPDX-License-Identifier: MIT */
#include "ndis/scaling.h"

#include <string.h>

/*
 * The key of the page "Verifying the RSS Hash Calculation": with a constant one a flow keeps its
 * queue from run to run, and the page's table of hashes can be looked up. NDIS gives 40 bytes.
 */
static const uint8_t hash_key[CX_SCALING_KEY] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

/* Evenly: no queue's thread is better placed than another. */
void ndis_set_up_scaling(size_t entries, unsigned queues, struct cx_scaling_setup *setup)
{
	memcpy(setup->key, hash_key, sizeof(setup->key));
	for (size_t i = 0; i < entries && i < CX_SCALING_ENTRIES; i++)
		setup->table[i] = (uint8_t)(i % queues);
}
