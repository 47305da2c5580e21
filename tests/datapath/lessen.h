/* SPDX-License-Identifier: MIT */
/*
 * Our 2.5 driver, whose files have this in front of them, declares less than its hardware has: what
 * a test has put into "Lessened" before it is started. Its code is not another one.
 */
#ifndef TESTS_DATAPATH_LESSEN_H
#define TESTS_DATAPATH_LESSEN_H

/* clang-format off */
#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>
/* clang-format on */

#include "lessened.h"

extern struct lessened Lessened;

static inline void LessenTxChecksum(NETADAPTER adapter,
				    NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES *c)
{
	c->Layer3Flags =
		(NET_ADAPTER_OFFLOAD_LAYER3_FLAGS)(c->Layer3Flags & ~Lessened.checksumLayer3);
	c->Layer4Flags =
		(NET_ADAPTER_OFFLOAD_LAYER4_FLAGS)(c->Layer4Flags & ~Lessened.checksumLayer4);
	if (Lessened.checksumLayer3Limit)
		c->Layer3HeaderOffsetLimit = Lessened.checksumLayer3Limit;
	if (Lessened.checksumLayer4Limit)
		c->Layer4HeaderOffsetLimit = Lessened.checksumLayer4Limit;
	NetAdapterOffloadSetTxChecksumCapabilities(adapter, c);
}

static inline void LessenGso(NETADAPTER adapter, NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES *c)
{
	c->Layer3Flags = (NET_ADAPTER_OFFLOAD_LAYER3_FLAGS)(c->Layer3Flags & ~Lessened.gsoLayer3);
	c->Layer4Flags = (NET_ADAPTER_OFFLOAD_LAYER4_FLAGS)(c->Layer4Flags & ~Lessened.gsoLayer4);
	if (Lessened.gsoLayer4Limit)
		c->Layer4HeaderOffsetLimit = Lessened.gsoLayer4Limit;
	if (Lessened.maximum)
		c->MaximumOffloadSize = Lessened.maximum;
	if (Lessened.minimum)
		c->MinimumSegmentCount = Lessened.minimum;
	NetAdapterOffloadSetGsoCapabilities(adapter, c);
}

static inline void LessenTags(NETADAPTER adapter, NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES *c)
{
	if (Lessened.noTags)
		c->Flags = (NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_FLAGS)0;
	NetAdapterOffloadSetIeee8021qTagCapabilities(adapter, c);
}

#define NetAdapterOffloadSetTxChecksumCapabilities   LessenTxChecksum
#define NetAdapterOffloadSetGsoCapabilities          LessenGso
#define NetAdapterOffloadSetIeee8021qTagCapabilities LessenTags

#endif
