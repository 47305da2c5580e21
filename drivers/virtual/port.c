/* SPDX-License-Identifier: MIT */
/*
 * port.c - the adapter as its peer's thread sees it: where to put frames, and how to wake the
 * thread that will take them.
 *
 * A thread that finds nothing to do is armed, then sleeps until it is notified. Work that came
 * between its last round and that moment must not be slept over: whoever has some says so, and
 * arming looks.
 *
 * The receiver is told of frames when its ring is half full of them, or when a round has brought no
 * more: so it takes many at a time, as from a card that moderates its interrupts.
 */
#include "virtual.h"

/* The queue starts: its adapter's thread. */
VOID VirtPortOpen(VIRT_ADAPTER *Adapter, VIRT_RX_QUEUE *Queue)
{
	WdfSpinLockAcquire(Adapter->PortLock);
	Adapter->Port.Queue = Queue;
	WdfSpinLockRelease(Adapter->PortLock);
}

/* When this returns the peer's thread does not write into the queue's rings, and never will. */
VOID VirtPortClose(VIRT_ADAPTER *Adapter)
{
	WdfSpinLockAcquire(Adapter->PortLock);
	Adapter->Port.Queue = NULL;
	Adapter->Port.SenderWaits = FALSE;
	WdfSpinLockRelease(Adapter->PortLock);

	VirtPortSignalPeer(Adapter);
}

/* There is work for the adapter's thread: frames, or room at its peer. */
VOID VirtPortSignal(VIRT_ADAPTER *Adapter)
{
	BOOLEAN notify;

	WdfSpinLockAcquire(Adapter->PortLock);
	notify = Adapter->Port.Armed;
	Adapter->Port.Armed = FALSE;
	Adapter->Port.Work = TRUE;
	WdfSpinLockRelease(Adapter->PortLock);

	if (notify)
		NetExecutionContextNotify(Adapter->ExecutionContext);
}

VOID VirtPortSignalPeer(VIRT_ADAPTER *Adapter)
{
	WdfSpinLockAcquire(Adapter->PeerLock);
	if (Adapter->Peer != NULL)
		VirtPortSignal(Adapter->Peer);
	WdfSpinLockRelease(Adapter->PeerLock);
}

/* How many buffers of the receive ring the sender has filled that are not taken yet. */
static ULONG VirtPortFilled(VIRT_ADAPTER *Adapter)
{
	const NET_RING *fragments;
	ULONG filled = 0;

	WdfSpinLockAcquire(Adapter->PortLock);
	if (Adapter->Port.Queue != NULL) {
		fragments = NetRingCollectionGetFragmentRing(Adapter->Port.Queue->Rings);
		filled = NetRingGetRangeCount(fragments, fragments->BeginIndex,
					      fragments->NextIndex);
	}
	WdfSpinLockRelease(Adapter->PortLock);
	return filled;
}

/* In EvtAdvance of the transmit queue, with its PeerLock held: this round has sent something. */
VOID VirtPortNoteSent(VIRT_ADAPTER *Adapter, VIRT_ADAPTER *Peer)
{
	Adapter->Sent = TRUE;
	Adapter->Unsignaled = VirtPortFilled(Peer) < Peer->Configuration.ReceiveBuffers / 2;
	if (!Adapter->Unsignaled)
		VirtPortSignal(Peer);
}

static VOID VirtPortTell(VIRT_ADAPTER *Adapter)
{
	if (Adapter->Unsignaled)
		VirtPortSignalPeer(Adapter);
	Adapter->Unsignaled = FALSE;
}

/* A round begins: it will see all work that there is by now. */
_Use_decl_annotations_ BOOLEAN EvtExecutionContextPreAdvance(NETEXECUTIONCONTEXT ExecutionContext)
{
	VIRT_ADAPTER *adapter = VirtGetDevice(ExecutionContext)->Adapter;

	if (!adapter->Sent)
		VirtPortTell(adapter);
	adapter->Sent = FALSE;

	WdfSpinLockAcquire(adapter->PortLock);
	adapter->Port.Work = FALSE;
	WdfSpinLockRelease(adapter->PortLock);
	return TRUE;
}

_Use_decl_annotations_ VOID EvtExecutionContextSetNotificationEnabled(
	NETEXECUTIONCONTEXT ExecutionContext, BOOLEAN NotificationEnabled)
{
	VIRT_ADAPTER *adapter = VirtGetDevice(ExecutionContext)->Adapter;
	BOOLEAN notify;

	if (NotificationEnabled)
		VirtPortTell(adapter);

	WdfSpinLockAcquire(adapter->PortLock);
	notify = NotificationEnabled && adapter->Port.Work;
	adapter->Port.Armed = NotificationEnabled && !notify;
	WdfSpinLockRelease(adapter->PortLock);

	if (notify)
		NetExecutionContextNotify(ExecutionContext);
}
