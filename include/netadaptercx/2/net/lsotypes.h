/* SPDX-License-Identifier: MIT */
/*
 * net/lsotypes.h - large send offload as the preview of 2.0 had it: a packet of TCP that the
 * hardware cuts. From 2.1 on net/gsotypes.h has it.
 */
#ifndef NETCX_NET_LSOTYPES_H
#define NETCX_NET_LSOTYPES_H

#include <ntdef.h>

#define NET_PACKET_EXTENSION_LSO_NAME      NETCX_WIDE("ms_packet_lso")
#define NET_PACKET_EXTENSION_LSO_VERSION_1 1U

/* Mss: payload bytes of each segment. 0: an ordinary packet. */
typedef struct _NET_PACKET_LSO {
	__extension__ union {
		struct {
			UINT32 Mss : 20;
			UINT32 Reserved0 : 12;
		} TCP;
	};
} NET_PACKET_LSO, *PNET_PACKET_LSO;
C_ASSERT(sizeof(NET_PACKET_LSO) == 4);

#endif
