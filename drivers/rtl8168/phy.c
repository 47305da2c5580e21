/* SPDX-License-Identifier: MIT */
/* phy.c - the PHY inside the chip: IEEE 802.3 clause 22 registers, reached one by one through
 * PHYAR. */
#include "adapter.h"

#define RT_PHY_POLLS   20
#define RT_PHY_POLL_US 50

static NTSTATUS
RtPhyWrite(RT_ADAPTER *Adapter, UCHAR Register, USHORT Value)
{
	ULONG polls;

	RtWrite32(Adapter, RT_PHYAR, RT_PHYAR_FLAG | ((ULONG)Register << 16) | Value);
	for (polls = 0; polls < RT_PHY_POLLS; polls++) {
		/* The flag goes when the PHY has the value. */
		if ((RtRead32(Adapter, RT_PHYAR) & RT_PHYAR_FLAG) == 0)
			return STATUS_SUCCESS;
		KeStallExecutionProcessor(RT_PHY_POLL_US);
	}
	return STATUS_IO_TIMEOUT;
}

/* Offer everything up to 1000BASE-T full duplex and negotiate anew; the link comes by interrupt. */
NTSTATUS
RtPhyStart(RT_ADAPTER *Adapter)
{
	NTSTATUS status;

	status = RtPhyWrite(Adapter, RT_PHY_PAGE, 0);
	if (!NT_SUCCESS(status))
		goto Exit;
	status = RtPhyWrite(Adapter, RT_PHY_GBCR, RT_PHY_GBCR_FULL);
	if (!NT_SUCCESS(status))
		goto Exit;
	status = RtPhyWrite(Adapter, RT_PHY_ANAR, RT_PHY_ANAR_ALL);
	if (!NT_SUCCESS(status))
		goto Exit;
	status = RtPhyWrite(Adapter, RT_PHY_BMCR, RT_PHY_BMCR_AUTONEG | RT_PHY_BMCR_RESTART);

Exit:
	return status;
}
