/* SPDX-License-Identifier: MIT */
/* netrequest.h - one control request (OID). Part of netadaptercx.h. */
#ifndef NETCX_NETREQUEST_H
#define NETCX_NETREQUEST_H

#include <netadaptercxtypes.h>
#include <parts/netcxrequest.h>

#endif
