/* SPDX-License-Identifier: MIT */
/* For whoever maps memory for a device's DMA: what its enabler allows. */
#ifndef WDF_DMA_H
#define WDF_DMA_H

#include <stdint.h>
#include <wdf.h>

/* wdf_dma_maximum_address() - the highest logical address the enabler's device reaches. */
uint64_t wdf_dma_maximum_address(WDFDMAENABLER handle, const char *call);

/* wdf_dma_version() - of the WDM DMA interface that the driver asked for; 2: for none */
unsigned wdf_dma_version(WDFDMAENABLER handle, const char *call);

#endif
