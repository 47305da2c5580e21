/* SPDX-License-Identifier: MIT */
/*
 * link.c - who is linked with whom. Two adapters with the same LinkNumber are a pair; while both
 * are ready each is the other's peer. A VPN's driver has its tunnel in this place.
 */
#include "virtual.h"

/* The other end of its link, ready or not; NULL: it is alone. LinkLock held */
static VIRT_ADAPTER *VirtLinkOther(const VIRT_ADAPTER *Adapter)
{
	VIRT_ADAPTER *other;

	for (other = VirtGetDriver(WdfGetDriver())->Linked; other != NULL;
	     other = other->NextLinked)
		if (other != Adapter && other->Configuration.Link == Adapter->Configuration.Link)
			return other;
	return NULL;
}

static NTSTATUS VirtLinkCheck(const VIRT_ADAPTER *Adapter)
{
	const VIRT_ADAPTER *other = VirtLinkOther(Adapter);
	const UCHAR *address = Adapter->CurrentAddress;

	if (other == NULL)
		return STATUS_SUCCESS;
	if (VirtLinkOther(other) != NULL) {
		VirtTrace(
			"link %u has two ends already, stations %u and %u: set LinkNumber to another number",
			Adapter->Configuration.Link, other->Configuration.Station,
			VirtLinkOther(other)->Configuration.Station);
		return STATUS_OBJECTID_EXISTS;
	}
	if (RtlCompareMemory(address, other->CurrentAddress, VIRT_ADDRESS) == VIRT_ADDRESS) {
		VirtTrace(
			"both ends of link %u have the address %02x-%02x-%02x-%02x-%02x-%02x: set Station or NetworkAddress of one of them",
			Adapter->Configuration.Link, address[0], address[1], address[2], address[3],
			address[4], address[5]);
		return STATUS_DUPLICATE_NAME;
	}
	return STATUS_SUCCESS;
}

NTSTATUS
VirtLinkJoin(VIRT_ADAPTER *Adapter)
{
	VIRT_DRIVER *driver = VirtGetDriver(WdfGetDriver());
	NTSTATUS status;

	PAGED_CODE();

	WdfWaitLockAcquire(driver->LinkLock, NULL);
	status = VirtLinkCheck(Adapter);
	if (NT_SUCCESS(status)) {
		Adapter->Linked = TRUE;
		Adapter->NextLinked = driver->Linked;
		driver->Linked = Adapter;
	}
	WdfWaitLockRelease(driver->LinkLock);
	return status;
}

VOID VirtLinkLeave(VIRT_ADAPTER *Adapter)
{
	VIRT_DRIVER *driver = VirtGetDriver(WdfGetDriver());
	VIRT_ADAPTER **at;

	PAGED_CODE();

	WdfWaitLockAcquire(driver->LinkLock, NULL);
	for (at = &driver->Linked; *at != NULL; at = &(*at)->NextLinked)
		if (*at == Adapter) {
			*at = Adapter->NextLinked;
			break;
		}
	Adapter->Linked = FALSE;
	WdfWaitLockRelease(driver->LinkLock);
}

/* When this returns, the adapter's thread is not at work on the peer that it had. */
static VOID VirtLinkSetPeer(VIRT_ADAPTER *Adapter, VIRT_ADAPTER *Peer)
{
	WdfSpinLockAcquire(Adapter->PeerLock);
	Adapter->Peer = Peer;
	WdfSpinLockRelease(Adapter->PeerLock);

	/* What waits to be sent goes now, or is dropped. */
	VirtPortSignal(Adapter);
	VirtLinkReport(Adapter, Peer != NULL);
}

VOID VirtLinkReady(VIRT_ADAPTER *Adapter, BOOLEAN Ready)
{
	VIRT_DRIVER *driver = VirtGetDriver(WdfGetDriver());
	VIRT_ADAPTER *other;

	PAGED_CODE();

	WdfWaitLockAcquire(driver->LinkLock, NULL);
	Adapter->Ready = Ready;
	other = VirtLinkOther(Adapter);
	if (other != NULL && other->Ready) {
		VirtLinkSetPeer(Adapter, Ready ? other : NULL);
		VirtLinkSetPeer(other, Ready ? Adapter : NULL);
	}
	WdfWaitLockRelease(driver->LinkLock);
}
