/* SPDX-License-Identifier: MIT */
/* hardware.c - the chip as a whole: identification, reset, station address, settings that are no
 * queue's. */
#include "adapter.h"

#define RT_RESET_POLLS   20
#define RT_RESET_POLL_US 20

/* Is it the chip the rest of this driver is written for? All ones: nothing answers. */
NTSTATUS
RtHardwareIdentify(RT_ADAPTER *Adapter)
{
	ULONG configuration = RtRead32(Adapter, RT_TCR);
	ULONG extension = RtRead32(Adapter, RT_EXTENSION);

	if (configuration == MAXULONG)
		return STATUS_DEVICE_NOT_CONNECTED;
	if ((configuration & RT_TCR_VERSION_MASK) != RT_TCR_VERSION_8168D)
		return STATUS_NOT_SUPPORTED;

	if ((extension & RT_EXTENSION_SIGNATURE_MASK) != RT_EXTENSION_SIGNATURE ||
	    Adapter->RegistersLength < RT_EXTENSION_LENGTH)
		extension = 0;
	Adapter->Extension = extension;
	Adapter->TxRings = max(1, min(RT_EXTENSION_TX_RINGS(extension), RT_TX_RINGS));
	return STATUS_SUCCESS;
}

NTSTATUS
RtHardwareReset(RT_ADAPTER *Adapter)
{
	ULONG polls;

	RtWrite8(Adapter, RT_CR, RT_CR_RST);
	for (polls = 0; polls < RT_RESET_POLLS; polls++) {
		if ((RtRead8(Adapter, RT_CR) & RT_CR_RST) == 0)
			return STATUS_SUCCESS;
		KeStallExecutionProcessor(RT_RESET_POLL_US);
	}
	return STATUS_IO_TIMEOUT;
}

/* The address in IDR, which the chip loads from where it can after power-on. */
VOID
RtHardwareReadAddress(RT_ADAPTER *Adapter, UCHAR Address[ETH_LENGTH_OF_ADDRESS])
{
	ULONG i;

	for (i = 0; i < ETH_LENGTH_OF_ADDRESS; i += sizeof(USHORT)) {
		USHORT pair = RtRead16(Adapter, RT_IDR + i);

		Address[i] = LOBYTE(pair);
		Address[i + 1] = HIBYTE(pair);
	}
}

static VOID
RtHardwareWriteAddress(RT_ADAPTER *Adapter)
{
	ULONG i;

	RtWrite8(Adapter, RT_9346CR, RT_9346CR_UNLOCK);
	for (i = 0; i < ETH_LENGTH_OF_ADDRESS; i++)
		RtWrite8(Adapter, RT_IDR + i, Adapter->CurrentAddress[i]);
	RtWrite8(Adapter, RT_9346CR, RT_9346CR_NORMAL);
}

/*
 * Checksums are judged when any is active, and rxqueue.c reports only those that are. Tags are
 * taken out of the frames for drivers that hand them over beside.
 */
VOID
RtHardwareSetReceiveMode(RT_ADAPTER *Adapter)
{
	USHORT mode;

	WdfSpinLockAcquire(Adapter->RegisterLock);
	mode = RtRead16(Adapter, RT_CPCR);
	mode &= ~(RT_CPCR_RXCHKSUM | RT_CPCR_RXVLAN);
	if (ReadNoFence(&Adapter->ActiveOffloads) & RT_OFFLOAD_RX_CHECKSUMS)
		mode |= RT_CPCR_RXCHKSUM;
	if (Adapter->TagOffload)
		mode |= RT_CPCR_RXVLAN;
	RtWrite16(Adapter, RT_CPCR, mode);
	WdfSpinLockRelease(Adapter->RegisterLock);
}

/* Only where the chip has it. */
VOID
RtHardwareSetCoalescing(RT_ADAPTER *Adapter)
{
	LONG active = ReadNoFence(&Adapter->ActiveOffloads);
	ULONG control = 0;

	if ((Adapter->Extension & RT_EXTENSION_RSC) == 0)
		return;
	if (active & RT_OFFLOAD_RSC_IPV4)
		control |= RT_RSC_TCP_IPV4;
	if (active & RT_OFFLOAD_RSC_IPV6)
		control |= RT_RSC_TCP_IPV6;
	if (active & RT_OFFLOAD_RSC_UDP)
		control |= RT_RSC_UDP_IPV4 | RT_RSC_UDP_IPV6;
	if (active & RT_OFFLOAD_RSC_TIMES)
		control |= RT_RSC_TIMESTAMPS;
	if (Adapter->Configuration.CountDuplicateAcks)
		control |= RT_RSC_DUPLICATES;
	RtWrite32(Adapter, RT_RSC, control);
}

/* Whether a magic packet wakes the system from where it goes to sleep now. */
VOID
RtHardwareSetMagicPacket(RT_ADAPTER *Adapter, BOOLEAN Wakes)
{
	UCHAR configuration = RtRead8(Adapter, RT_CONFIG3);

	if (Wakes)
		configuration |= RT_CONFIG3_MAGIC;
	else
		configuration &= ~RT_CONFIG3_MAGIC;

	RtWrite8(Adapter, RT_9346CR, RT_9346CR_UNLOCK);
	RtWrite8(Adapter, RT_CONFIG3, configuration);
	RtWrite8(Adapter, RT_9346CR, RT_9346CR_NORMAL);
}

/* The two queues switch their halves of the command register on different threads. */
VOID
RtHardwareSetCommand(RT_ADAPTER *Adapter, UCHAR Clear, UCHAR Set)
{
	UCHAR command;

	WdfSpinLockAcquire(Adapter->RegisterLock);
	command = RtRead8(Adapter, RT_CR);
	command &= ~Clear;
	command |= Set;
	RtWrite8(Adapter, RT_CR, command);
	WdfSpinLockRelease(Adapter->RegisterLock);
}

VOID
RtHardwareSetRing(RT_ADAPTER *Adapter, ULONG Register, PHYSICAL_ADDRESS Ring)
{
	RtWrite32(Adapter, Register, Ring.u.LowPart);
	RtWrite32(Adapter, Register + sizeof(ULONG), (ULONG)Ring.u.HighPart);
}

/* All that a reset has undone, but for the queues. */
VOID
RtHardwareStart(RT_ADAPTER *Adapter)
{
	const RT_CONFIGURATION *configuration = &Adapter->Configuration;

	RtWrite16(Adapter, RT_IMR, 0);
	RtWrite8(Adapter, RT_VENDOR_F3, RtRead8(Adapter, RT_VENDOR_F3) | RT_VENDOR_F3_BITS);
	RtWrite8(Adapter, RT_VENDOR_D1, RtRead8(Adapter, RT_VENDOR_D1) | RT_VENDOR_D1_BITS);

	RtHardwareWriteAddress(Adapter);
	RtHardwareSetReceiveMode(Adapter);
	RtHardwareSetCoalescing(Adapter);

	RtWrite8(Adapter, RT_INTRMITIGATE_RX,
		 configuration->InterruptModeration ? RT_INTRMITIGATE_RX_ON : 0);
	RtWrite8(Adapter, RT_INTRMITIGATE_TX,
		 configuration->InterruptModeration ? RT_INTRMITIGATE_TX_ON : 0);
	RtWrite16(Adapter, RT_RMS,
		  (USHORT)(configuration->MaximumFrame + RT_VLAN_TAG + RT_RX_CRC_LENGTH));

	RtFilterApply(Adapter);
}

VOID
RtHardwareStop(RT_ADAPTER *Adapter)
{
	RtHardwareSetCommand(Adapter, RT_CR_TE | RT_CR_RE, 0);
}
