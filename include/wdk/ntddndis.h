/* SPDX-License-Identifier: MIT */
/* ntddndis.h - the part of NDIS that is data: identifiers, offload structures, statistics. */
#ifndef NETCX_NTDDNDIS_H
#define NETCX_NTDDNDIS_H
#include <ifdef.h>
#include <parts/ndisobject.h>
#include <parts/ndisoid.h>
#include <parts/ndisoffload.h>
#include <parts/ndisstatistics.h>

#define ETHERNET_LENGTH_OF_ADDRESS 6

/* The type in an Ethernet header, in the machine's order. */
#define NDIS_ETH_TYPE_IPV4          0x0800
#define NDIS_ETH_TYPE_ARP           0x0806
#define NDIS_ETH_TYPE_IPV6          0x86dd
#define NDIS_ETH_TYPE_802_1Q        0x8100
#define NDIS_ETH_TYPE_802_1X        0x888e
#define NDIS_ETH_TYPE_SLOW_PROTOCOL 0x8809

#endif
