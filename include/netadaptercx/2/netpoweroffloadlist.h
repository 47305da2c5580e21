/* SPDX-License-Identifier: MIT */
/* netpoweroffloadlist.h - all power offloads that the system asks for. PASSIVE_LEVEL. Part of
 * netadaptercx.h. */
#ifndef NETCX_NETPOWEROFFLOADLIST_2_H
#define NETCX_NETPOWEROFFLOADLIST_2_H

#include <netpoweroffload.h>

EXTERN_C_START

/* Good until the callback that filled it returns. */
typedef struct _NET_POWER_OFFLOAD_LIST {
	ULONG Size;
	void *Reserved[4];
} NET_POWER_OFFLOAD_LIST, *PNET_POWER_OFFLOAD_LIST;

FORCEINLINE void NET_POWER_OFFLOAD_LIST_INIT(NET_POWER_OFFLOAD_LIST *List)
{
	WDF_STRUCT_INIT(List, NET_POWER_OFFLOAD_LIST);
}

void NetDeviceGetPowerOffloadList(WDFDEVICE Device, NET_POWER_OFFLOAD_LIST *List)
	NETCX_SYMBOL(NetDeviceGetPowerOffloadList);
SIZE_T NetPowerOffloadListGetCount(const NET_POWER_OFFLOAD_LIST *List)
	NETCX_SYMBOL(NetPowerOffloadListGetCount);
NETPOWEROFFLOAD NetPowerOffloadListGetElement(const NET_POWER_OFFLOAD_LIST *List, SIZE_T Index)
	NETCX_SYMBOL(NetPowerOffloadListGetElement);

EXTERN_C_END

#endif
