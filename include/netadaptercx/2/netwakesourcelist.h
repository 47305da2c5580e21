/* SPDX-License-Identifier: MIT */
/* netwakesourcelist.h - all that is to wake the system. PASSIVE_LEVEL. Part of netadaptercx.h. */
#ifndef NETCX_NETWAKESOURCELIST_2_H
#define NETCX_NETWAKESOURCELIST_2_H

#include <netwakesource.h>

EXTERN_C_START

/* Good until the callback that filled it returns. */
typedef struct _NET_WAKE_SOURCE_LIST {
	ULONG Size;
	void *Reserved[4];
} NET_WAKE_SOURCE_LIST, *PNET_WAKE_SOURCE_LIST;

FORCEINLINE void NET_WAKE_SOURCE_LIST_INIT(NET_WAKE_SOURCE_LIST *List)
{
	WDF_STRUCT_INIT(List, NET_WAKE_SOURCE_LIST);
}

void NetDeviceGetWakeSourceList(WDFDEVICE Device, NET_WAKE_SOURCE_LIST *List)
	NETCX_SYMBOL(NetDeviceGetWakeSourceList);
SIZE_T NetWakeSourceListGetCount(const NET_WAKE_SOURCE_LIST *List)
	NETCX_SYMBOL(NetWakeSourceListGetCount);
NETWAKESOURCE NetWakeSourceListGetElement(const NET_WAKE_SOURCE_LIST *List, SIZE_T Index)
	NETCX_SYMBOL(NetWakeSourceListGetElement);

EXTERN_C_END

#endif
