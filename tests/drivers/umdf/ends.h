/* SPDX-License-Identifier: MIT */
/*
 * Two adapters of one user-mode driver and the cable between them: what one sends, the other
 * receives. A frame is copied into the other end's store. One lock guards the cable and both
 * stores, a spin lock: in UMDF one may do under it what one likes.
 */
#pragma once

#include <wdf.h>
#include <netadaptercx.h>

#define END_FRAMES 512
#define END_BYTES  1514

typedef struct _END_FRAME {
	UINT32 Length;
	UCHAR Bytes[END_BYTES];
} END_FRAME;

typedef struct _END {
	NETADAPTER Adapter;
	/* Under EndLock: */
	struct _END *Peer;    /* NULL: it is alone */
	NETPACKETQUEUE Queue; /* that receives; NULL: there is none */
	BOOLEAN Notify;       /* it wants to know of frames */
	UINT32 First, Count;
	END_FRAME *Frames; /* that wait for it */
} END;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(END, EndOf)

EXTERN_C_START

extern WDFSPINLOCK EndLock;

EVT_NET_ADAPTER_CREATE_TXQUEUE EndCreateTxQueue;
EVT_NET_ADAPTER_CREATE_RXQUEUE EndCreateRxQueue;

EXTERN_C_END
