/* SPDX-License-Identifier: MIT */
/*
 * preview/netadaptercx.h - netadaptercx.h of a driver that uses what 2.0 had as a preview. That is
 * in the other headers of this folder, which the driver includes itself; from 2.1 on they declare
 * nothing.
 */
#ifndef NETCX_PREVIEW_NETADAPTERCX_H
#define NETCX_PREVIEW_NETADAPTERCX_H

#define NETCX_ADAPTER_PREVIEW

#include <netadaptercx.h>

#endif
