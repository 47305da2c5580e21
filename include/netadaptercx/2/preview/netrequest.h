/* SPDX-License-Identifier: MIT */
/*
 * preview/netrequest.h - control requests (OIDs) of 2.0. Later drivers have none
 */
#ifndef NETCX_PREVIEW_NETREQUEST_H
#define NETCX_PREVIEW_NETREQUEST_H

#include <netadaptercx.h>

#if NETCX_PREVIEW_2_0

DECLARE_HANDLE(NETREQUEST);
DECLARE_HANDLE(NETREQUESTQUEUE);

#include <parts/netcxrequest.h>

EXTERN_C_START

/* Before NetAdapterCreate. PASSIVE_LEVEL */
void NetAdapterInitSetNetRequestAttributes(NETADAPTER_INIT *AdapterInit,
					   WDF_OBJECT_ATTRIBUTES *NetRequestAttributes)
	NETCX_SYMBOL(NetAdapterInitSetNetRequestAttributes);

EXTERN_C_END

#endif

#endif
