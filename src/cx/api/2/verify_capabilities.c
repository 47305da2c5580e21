/* SPDX-License-Identifier: MIT */
/* The rules for what an adapter declares of itself. */
#include "cx/api/2/verify_capabilities.h"

#include "cx/verify_declared.h"
#include "wdf/dma.h"
#include "wdf/driver.h"

/* Which field of a NET_ADAPTER_TX/RX_CAPABILITIES is wrong: parameter 3. */
enum { DMA_CAPABILITIES = 1, DMA_VERSION = 2, QUEUES = 3, ALIGNMENT = 4, RING_HINT = 5 };

/* A user-mode driver's buffers are mapped for nothing, and all of them are the system's. */
static void verify_user_mode(const struct cx_site *at, const struct cx_datapath_caps *caps)
{
	static const char demand[] =
		"A user-mode driver (UMDF) has no DMA, and its buffers are the system's: NET_ADAPTER_TX_CAPABILITIES_INIT and NET_ADAPTER_RX_CAPABILITIES_INIT_SYSTEM_MANAGED.";

	if (caps->tx.MappingRequirement == NetMemoryMappingRequirementDmaMapped)
		cx_violation(at, CX_INVALID_ADAPTER_TX_CAPABILITIES, (uintptr_t)caps->tx_at,
			     DMA_CAPABILITIES, demand,
			     "MappingRequirement of the NET_ADAPTER_TX_CAPABILITIES is DmaMapped.");
	if (caps->rx.AllocationMode == NetRxFragmentBufferAllocationModeDriver ||
	    caps->rx.AttachmentMode == NetRxFragmentBufferAttachmentModeDriver)
		cx_violation(
			at, CX_INVALID_ADAPTER_RX_CAPABILITIES, (uintptr_t)caps->rx_at,
			DMA_CAPABILITIES, demand,
			"AllocationMode or AttachmentMode of the NET_ADAPTER_RX_CAPABILITIES is Driver.");
	if (caps->rx.MappingRequirement == NetMemoryMappingRequirementDmaMapped)
		cx_violation(at, CX_INVALID_ADAPTER_RX_CAPABILITIES, (uintptr_t)caps->rx_at,
			     DMA_CAPABILITIES, demand,
			     "MappingRequirement of the NET_ADAPTER_RX_CAPABILITIES is DmaMapped.");
}

/* The Size of @dma comes later in the order of Windows. */
static void verify_dma(const struct cx_site *at, enum cx_rule rule, const void *caps,
		       NET_MEMORY_MAPPING_REQUIREMENT mapping,
		       const NET_ADAPTER_DMA_CAPABILITIES *dma)
{
	if (mapping != NetMemoryMappingRequirementDmaMapped)
		return;
	cx_verify_dma_caps(at, rule, caps, dma, DMA_CAPABILITIES,
			   "MappingRequirement is DmaMapped and DmaCapabilities is NULL.");
	cx_verify_dma_caps(
		at, rule, caps, dma->DmaEnabler, DMA_CAPABILITIES,
		"MappingRequirement is DmaMapped and DmaCapabilities->DmaEnabler is NULL.");
	if (wdf_dma_version(dma->DmaEnabler, at->call) < 3)
		cx_violation(
			at, rule, (uintptr_t)caps, DMA_VERSION,
			"DMA mapping needs version 3 of the DMA interface: set WdmDmaVersionOverride of the WDF_DMA_ENABLER_CONFIG to 3.",
			"The enabler's WdmDmaVersionOverride is %u.",
			wdf_dma_version(dma->DmaEnabler, at->call));
}

static void verify_tx(const struct cx_site *at, const NET_ADAPTER_TX_CAPABILITIES *tx,
		      const void *caps)
{
	static const enum cx_rule rule = CX_INVALID_ADAPTER_TX_CAPABILITIES;

	verify_dma(at, rule, caps, tx->MappingRequirement, tx->DmaCapabilities);
	cx_verify_queue_count(at, rule, caps, tx->MaximumNumberOfQueues, QUEUES, "transmit");
	cx_verify_tx_alignment(at, caps, tx->FragmentBufferAlignment, ALIGNMENT);
	cx_verify_ring_hint(at, tx->FragmentRingNumberOfElementsHint, RING_HINT);
}

static void verify_rx(const struct cx_site *at, const NET_ADAPTER_RX_CAPABILITIES *rx,
		      const void *caps)
{
	static const enum cx_rule rule = CX_INVALID_ADAPTER_RX_CAPABILITIES;
	bool driver_allocates = rx->AllocationMode == NetRxFragmentBufferAllocationModeDriver;

	/* MappingRequirement is the low half of EvtAdapterReturnRxBuffer then. */
	if (driver_allocates)
		cx_verify_driver_buffers(at, caps, rx->AttachmentMode,
					 rx->AttachmentMode ==
						 NetRxFragmentBufferAttachmentModeDriver,
					 rx->EvtAdapterReturnRxBuffer);
	else
		verify_dma(at, rule, caps, rx->MappingRequirement, rx->DmaCapabilities);
	cx_verify_queue_count(at, rule, caps, rx->MaximumNumberOfQueues, QUEUES, "receive");
	cx_verify_rx_alignment(at, rx->FragmentBufferAlignment, ALIGNMENT);
	cx_verify_ring_hint(at, rx->FragmentRingNumberOfElementsHint, RING_HINT);
}

void cx2_verify_datapath(const struct cx_site *at, const struct wdf_driver *driver,
			 const struct cx_datapath_caps *caps)
{
	if (wdf_driver_is_user_mode(driver))
		verify_user_mode(at, caps);
	verify_tx(at, &caps->tx, caps->tx_at);
	verify_rx(at, &caps->rx, caps->rx_at);
	cx_verify_dma_sizes(at, caps);
}
