/* SPDX-License-Identifier: MIT */
/* inaddr.h, in6addr.h - IPv4 and IPv6 addresses, in network order. */
#ifndef NETCX_INADDR_H
#define NETCX_INADDR_H

#include <ntdef.h>

typedef struct in_addr {
	union {
		struct {
			UCHAR s_b1, s_b2, s_b3, s_b4;
		} S_un_b;
		struct {
			USHORT s_w1, s_w2;
		} S_un_w;
		ULONG S_addr;
	} S_un;
#define s_addr S_un.S_addr
} IN_ADDR, *PIN_ADDR;

typedef struct in6_addr {
	union {
		UCHAR Byte[16];
		USHORT Word[8];
	} u;
} IN6_ADDR, *PIN6_ADDR;

#endif
