/* SPDX-License-Identifier: MIT */
/* wdmpnp.h - interfaces between drivers: what a bus offers to the driver of a device. Part of
 * wdm.h. */
#ifndef NETCX_WDMPNP_H
#define NETCX_WDMPNP_H

#include <ntdef.h>
#include <parts/wdmpci.h>

typedef VOID INTERFACE_REFERENCE(_In_ PVOID Context);
typedef INTERFACE_REFERENCE *PINTERFACE_REFERENCE;
typedef VOID INTERFACE_DEREFERENCE(_In_ PVOID Context);
typedef INTERFACE_DEREFERENCE *PINTERFACE_DEREFERENCE;

/* What every interface begins with. */
typedef struct _INTERFACE {
	USHORT Size;
	USHORT Version;
	PVOID Context;
	PINTERFACE_REFERENCE InterfaceReference;
	PINTERFACE_DEREFERENCE InterfaceDereference;
} INTERFACE, *PINTERFACE;

typedef struct _DMA_ADAPTER DMA_ADAPTER, *PDMA_ADAPTER;
typedef struct _DEVICE_DESCRIPTION DEVICE_DESCRIPTION, *PDEVICE_DESCRIPTION;

typedef BOOLEAN TRANSLATE_BUS_ADDRESS(_In_ PVOID Context, _In_ PHYSICAL_ADDRESS BusAddress,
				      _In_ ULONG Length, _Out_ PULONG AddressSpace,
				      _Out_ PPHYSICAL_ADDRESS TranslatedAddress);
typedef TRANSLATE_BUS_ADDRESS *PTRANSLATE_BUS_ADDRESS;
typedef PDMA_ADAPTER GET_DMA_ADAPTER(_In_ PVOID Context, _In_ PDEVICE_DESCRIPTION DeviceDescriptor,
				     _Out_ PULONG NumberOfMapRegisters);
typedef GET_DMA_ADAPTER *PGET_DMA_ADAPTER;

/* DataType: PCI_WHICHSPACE_CONFIG. Return: bytes read or written. Up to DISPATCH_LEVEL. */
typedef ULONG GET_SET_DEVICE_DATA(_In_ PVOID Context, _In_ ULONG DataType, PVOID Buffer,
				  _In_ ULONG Offset, _In_ ULONG Length);
typedef GET_SET_DEVICE_DATA *PGET_SET_DEVICE_DATA;

/* GUID_BUS_INTERFACE_STANDARD (wdmguid.h), version 1 */
typedef struct _BUS_INTERFACE_STANDARD {
	USHORT Size;
	USHORT Version;
	PVOID Context;
	PINTERFACE_REFERENCE InterfaceReference;
	PINTERFACE_DEREFERENCE InterfaceDereference;
	PTRANSLATE_BUS_ADDRESS TranslateBusAddress;
	PGET_DMA_ADAPTER GetDmaAdapter;
	PGET_SET_DEVICE_DATA SetBusData;
	PGET_SET_DEVICE_DATA GetBusData;
} BUS_INTERFACE_STANDARD, *PBUS_INTERFACE_STANDARD;

C_ASSERT(sizeof(BUS_INTERFACE_STANDARD) == 64);

#endif
