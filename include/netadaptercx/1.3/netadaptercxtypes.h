/* SPDX-License-Identifier: MIT */
/* netadaptercxtypes.h - handles. Part of netadaptercx.h. */
#ifndef NETCX_NETADAPTERCXTYPES_H
#define NETCX_NETADAPTERCXTYPES_H

#include <parts/netcxnames.h>
#include <wdf.h>

DECLARE_HANDLE(NETADAPTER);
DECLARE_HANDLE(NETPACKETQUEUE);
DECLARE_HANDLE(NETCONFIGURATION);
DECLARE_HANDLE(NETPOWERSETTINGS);
DECLARE_HANDLE(NETREQUEST);
DECLARE_HANDLE(NETREQUESTQUEUE);

/* Before 1.3 the two kinds of queue had handles of their own. */
typedef NETPACKETQUEUE NETTXQUEUE;
typedef NETPACKETQUEUE NETRXQUEUE;

/* What a driver fills or passes on before the object exists; the structures are the framework's. */
typedef struct NETADAPTER_INIT NETADAPTER_INIT, *PNETADAPTER_INIT;
typedef struct NETADAPTEREXT_INIT NETADAPTEREXT_INIT, *PNETADAPTEREXT_INIT;
typedef struct NETTXQUEUE_INIT NETTXQUEUE_INIT, *PNETTXQUEUE_INIT;
typedef struct NETRXQUEUE_INIT NETRXQUEUE_INIT, *PNETRXQUEUE_INIT;

typedef struct _NET_DRIVER_GLOBALS {
	PVOID Unused;
} NET_DRIVER_GLOBALS, *PNET_DRIVER_GLOBALS;

#endif
