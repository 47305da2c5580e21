/* SPDX-License-Identifier: MIT */
/*
 * netiodef.h - headers as they stand in a frame, all fields in network order: Ethernet, IPv4
 * (RFC 791), IPv6 (RFC 8200), TCP (RFC 9293). Bit-fields are those of a little-endian machine.
 */
#ifndef NETCX_NETIODEF_H
#define NETCX_NETIODEF_H

#include <ntdef.h>
#include <inaddr.h>
#include <in6addr.h>
#include <ws2def.h>
#include <parts/netethernet.h>

#define ETHERNET_TYPE_MINIMUM 0x0600
#define ETHERNET_TYPE_IPV4    0x0800
#define ETHERNET_TYPE_ARP     0x0806
#define ETHERNET_TYPE_IPV6    0x86dd
#define ETHERNET_TYPE_802_1Q  0x8100
#define ETHERNET_TYPE_802_1AD 0x88a8

/* What follows a header whose type is 802.1Q. */
typedef struct _VLAN_TAG {
	union {
		UINT16 Tag; /* network order; the bits are those of a tag turned around */
		__extension__ struct {
			UINT16 VID : 12;
			UINT16 CFI : 1;
			UINT16 User_Priority : 3;
		};
	};
	UINT16 Type; /* network order */
} VLAN_TAG;
C_ASSERT(sizeof(VLAN_TAG) == 4);

#define IPV4_VERSION 4
#define IPV4_MIN_MTU 576
#define IP_VER_MASK  0xf0
/* The fragment offset in FlagsAndOffset, as it is read on a little-endian machine. */
#define IP4_OFF_MASK 0xff1f

typedef struct _IPV4_HEADER {
	union {
		UINT8 VersionAndHeaderLength;
		struct {
			UINT8 HeaderLength : 4; /* in 32-bit words */
			UINT8 Version : 4;
		};
	};
	union {
		UINT8 TypeOfServiceAndEcnField;
		struct {
			UINT8 EcnField : 2;
			UINT8 TypeOfService : 6;
		};
	};
	UINT16 TotalLength;
	UINT16 Identification;
	union {
		UINT16 FlagsAndOffset;
		struct {
			UINT16 DontUse1 : 5; /* high bits of the offset */
			UINT16 MoreFragments : 1;
			UINT16 DontFragment : 1;
			UINT16 Reserved : 1;
			UINT16 DontUse2 : 8; /* low bits of the offset */
		};
	};
	UINT8 TimeToLive;
	UINT8 Protocol;
	UINT16 HeaderChecksum;
	IN_ADDR SourceAddress;
	IN_ADDR DestinationAddress;
} IPV4_HEADER, *PIPV4_HEADER;
C_ASSERT(sizeof(IPV4_HEADER) == 20);

#define IPV6_VERSION 0x60

typedef struct _IPV6_HEADER {
	union {
		UINT32 VersionClassFlow;
		struct {
			UINT32 : 4;
			UINT32 Version : 4;
			UINT32 : 24;
		};
	};
	UINT16 PayloadLength;
	UINT8 NextHeader;
	UINT8 HopLimit;
	IN6_ADDR SourceAddress;
	IN6_ADDR DestinationAddress;
} IPV6_HEADER, *PIPV6_HEADER;
C_ASSERT(sizeof(IPV6_HEADER) == 40);

#define TH_FIN 0x01
#define TH_SYN 0x02
#define TH_RST 0x04
#define TH_PSH 0x08
#define TH_ACK 0x10
#define TH_URG 0x20
#define TH_ECE 0x40
#define TH_CWR 0x80

#pragma pack(push, 1)
typedef struct tcp_hdr {
	UINT16 th_sport;
	UINT16 th_dport;
	UINT32 th_seq;
	UINT32 th_ack;
	UINT8 th_x2 : 4;
	UINT8 th_len : 4; /* in 32-bit words */
	UINT8 th_flags;
	UINT16 th_win;
	UINT16 th_sum;
	UINT16 th_urp;
} TCP_HDR, *PTCP_HDR;
#pragma pack(pop)
C_ASSERT(sizeof(TCP_HDR) == 20);

/* Kinds of TCP options */
#define TH_OPT_EOL            0
#define TH_OPT_NOP            1
#define TH_OPT_MSS            2
#define TH_OPT_WS             3
#define TH_OPT_SACK_PERMITTED 4
#define TH_OPT_SACK           5
#define TH_OPT_TS             8

#pragma pack(push, 1)
typedef struct tcp_opt_mss {
	UINT8 Kind;
	UINT8 Length;
	UINT16 Mss;
} TCP_OPT_MSS;
#pragma pack(pop)
C_ASSERT(sizeof(TCP_OPT_MSS) == 4);

#endif
