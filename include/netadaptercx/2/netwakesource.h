/* SPDX-License-Identifier: MIT */
/* netwakesource.h - what is to wake the system. PASSIVE_LEVEL. Part of netadaptercx.h. */
#ifndef NETCX_NETWAKESOURCE_2_H
#define NETCX_NETWAKESOURCE_2_H

#include <netadaptercxtypes.h>

EXTERN_C_START

typedef enum _NET_WAKE_SOURCE_TYPE NETCX_INT_ENUM {
	NetWakeSourceTypeBitmapPattern = 1,
	NetWakeSourceTypeMagicPacket = 2,
	NetWakeSourceTypeMediaChange = 3,
	NetWakeSourceTypePacketFilterMatch = 4,
#if NETCX_SINCE(1)
	NetWakeSourceTypeEapolPacket = 5,
#endif
} NET_WAKE_SOURCE_TYPE;

/* Mask has a bit for each byte of the pattern. Sizes in bytes. */
typedef struct _NET_WAKE_SOURCE_BITMAP_PARAMETERS {
	ULONG Size;
	ULONG Id;
	const UCHAR *Pattern;
	SIZE_T PatternSize;
	const UCHAR *Mask;
	SIZE_T MaskSize;
} NET_WAKE_SOURCE_BITMAP_PARAMETERS, *PNET_WAKE_SOURCE_BITMAP_PARAMETERS;

FORCEINLINE void NET_WAKE_SOURCE_BITMAP_PARAMETERS_INIT(
	NET_WAKE_SOURCE_BITMAP_PARAMETERS *Parameters)
{
	WDF_STRUCT_INIT(Parameters, NET_WAKE_SOURCE_BITMAP_PARAMETERS);
}

typedef struct _NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS {
	ULONG Size;
	BOOLEAN MediaConnect;
	BOOLEAN MediaDisconnect;
} NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS, *PNET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS;

FORCEINLINE void NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS_INIT(
	NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS *Parameters)
{
	WDF_STRUCT_INIT(Parameters, NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS);
}

NET_WAKE_SOURCE_TYPE NetWakeSourceGetType(NETWAKESOURCE WakeSource)
	NETCX_SYMBOL(NetWakeSourceGetType);
NETADAPTER NetWakeSourceGetAdapter(NETWAKESOURCE WakeSource) NETCX_SYMBOL(NetWakeSourceGetAdapter);
void NetWakeSourceGetBitmapParameters(NETWAKESOURCE WakeSource,
				      NET_WAKE_SOURCE_BITMAP_PARAMETERS *Parameters)
	NETCX_SYMBOL(NetWakeSourceGetBitmapParameters);
void NetWakeSourceGetMediaChangeParameters(NETWAKESOURCE WakeSource,
					   NET_WAKE_SOURCE_MEDIA_CHANGE_PARAMETERS *Parameters)
	NETCX_SYMBOL(NetWakeSourceGetMediaChangeParameters);

EXTERN_C_END

#endif
