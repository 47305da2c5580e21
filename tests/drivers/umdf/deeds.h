/* SPDX-License-Identifier: MIT */
/* What the keyword Deed asks for. */
#pragma once

#include <wdf.h>
#include <netadaptercx.h>

enum {
	DEED_NONE,
	DEED_DMA_TX,          /* asks for DMA */
	DEED_DMA_RX,          /* likewise, for receive buffers */
	DEED_OWN_BUFFERS,     /* brings receive buffers of its own */
	DEED_CRASH,           /* writes to address 0 */
	DEED_PASSIVE,         /* does where kernel mode has IRQL 2 what needs IRQL 0, and says so */
	DEED_THROW_AND_CATCH, /* fails its start by an exception */
	DEED_THROW,           /* an exception leaves the callback */
	DEED_WAIT_FOR_ITSELF, /* a timer's callback waits for its own end */
	DEED_TAKE_TWICE,      /* a spin lock that it holds */
	DEED_INTERRUPT,       /* asks for an interrupt, and says what came of it */
	DEED_NEVER_RETURN,    /* a callback that does not come back */
	DEED_REGISTERS,       /* reads and writes registers, both ways, and says what it read */
	DEED_BEYOND,          /* reads behind what it has mapped */
	DEED_PORT,            /* reads a port, which it has not */
	DEED_ALLOCATE         /* of C's and C++'s libraries, in each way, and says what it got */
};

EXTERN_C_START

VOID DeedBeforeStart(ULONG Deed, WDFDEVICE Device, NET_ADAPTER_TX_CAPABILITIES *Tx,
		     NET_ADAPTER_RX_CAPABILITIES *Rx);

VOID DeedWithRegisters(ULONG Deed, WDFDEVICE Device, WDFCMRESLIST Resources);

EXTERN_C_END
