/* SPDX-License-Identifier: MIT */
/* in6addr.h - IPv6 addresses; see inaddr.h. */
#ifndef NETCX_IN6ADDR_H
#define NETCX_IN6ADDR_H
#include <inaddr.h>
#endif
