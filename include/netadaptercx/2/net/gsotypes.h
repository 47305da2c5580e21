/* SPDX-License-Identifier: MIT */
/*
 * net/gsotypes.h - generic segmentation offload: a packet of TCP (large send offload, LSO) or UDP
 * (UDP segmentation offload, USO) that the hardware cuts.
 */
#ifndef NETCX_NET_GSOTYPES_H
#define NETCX_NET_GSOTYPES_H

#include <ntdef.h>

#define NET_PACKET_EXTENSION_GSO_NAME      NETCX_WIDE("ms_packet_gso")
#define NET_PACKET_EXTENSION_GSO_VERSION_1 1U

/* Mss: payload bytes of each segment. 0: an ordinary packet. */
typedef struct _NET_PACKET_GSO {
	__extension__ union {
		struct {
			UINT32 Mss : 20;
			UINT32 Reserved0 : 12;
		} TCP;
		struct {
			UINT32 Mss : 20;
			UINT32 Reserved0 : 12;
		} UDP;
	};
} NET_PACKET_GSO, *PNET_PACKET_GSO;
C_ASSERT(sizeof(NET_PACKET_GSO) == 4);

#endif
