/* SPDX-License-Identifier: MIT */
/* wdffdo.h - what the driver of a device asks of the bus it is on. Part of wdf.h. */
#ifndef NETCX_WDFFDO_H
#define NETCX_WDFFDO_H

#include <parts/umdf.h>
#if NETCX_UMDF
#error wdffdo.h: kernel mode; UMDF has no interfaces of a bus
#endif

#include <guiddef.h>
#include <wdfdevice.h>
#include <parts/wdmpnp.h>

EXTERN_C_START

/*
 * GUID_BUS_INTERFACE_STANDARD, version 1, of a device that has hardware: its configuration space,
 * with the capabilities that the hardware has, which are for reading: what SetBusData writes to
 * them is ignored. An adapter without hardware has no such interface.
 * Return: STATUS_NOT_SUPPORTED for other interfaces and devices. PASSIVE_LEVEL
 */
NTSTATUS WdfFdoQueryForInterface(WDFDEVICE Fdo, LPCGUID InterfaceType, PINTERFACE Interface,
				 USHORT Size, USHORT Version, PVOID InterfaceSpecificData);

EXTERN_C_END

#endif
