/* SPDX-License-Identifier: MIT */
/* netdevice.h - DDIs of a device, rather than of one of its adapters. Part of netadaptercx.h. */
#ifndef NETCX_NETDEVICE_H
#define NETCX_NETDEVICE_H

#include <parts/netcxnames.h>
#include <netadaptercxtypes.h>

typedef VOID EVT_NET_DEVICE_RESET(_In_ WDFDEVICE Device);
typedef EVT_NET_DEVICE_RESET *PFN_NET_DEVICE_RESET;

EXTERN_C_START

/* The device's configuration key. PASSIVE_LEVEL */
NTSTATUS NetDeviceOpenConfiguration(WDFDEVICE Device,
				    PWDF_OBJECT_ATTRIBUTES ConfigurationAttributes,
				    NETCONFIGURATION *Configuration);
VOID NetDeviceSetResetCallback(WDFDEVICE Device, PFN_NET_DEVICE_RESET NetDeviceReset);

EXTERN_C_END

#endif
