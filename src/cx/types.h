/* SPDX-License-Identifier: MIT */
/*
 * What an adapter declares and tells of itself, in no API version's own words. A shape of API
 * (client.h) translates from and to its public structures.
 */
#ifndef CX_TYPES_H
#define CX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CX_ADDRESS_BYTES 32 /* NDIS_MAX_PHYS_ADDRESS_LENGTH */

/* A link layer address. Length 0: none. */
struct cx_address {
	uint8_t length; /* bytes */
	uint8_t bytes[CX_ADDRESS_BYTES];
};

/* How packet buffers are mapped for the device. */
struct cx_dma {
	bool mapped;    /* they have logical addresses */
	uint64_t limit; /* the highest logical address it can use; UINT64_MAX: any */
};

/* What the driver's transmit side takes. */
struct cx_tx_caps {
	struct cx_dma dma;
	size_t buffer_size;     /* bytes of the largest packet, LSO packets too */
	size_t backfill;        /* bytes left free before the data */
	size_t fragments;       /* of one packet, at most */
	size_t alignment;       /* of the data, a power of two */
	uint32_t fragment_ring; /* elements that it would like; 0: no wish */
	unsigned queues;        /* transmit queues that it has at most; 0: one */
	/*
	 * Tx demux 802.1p: it wants so many queues (2 to 8), each for the priority that is the
	 * queue's id; more than it has queues is as many as it has. 0: any queue takes any packet.
	 */
	unsigned priorities;
};

/* What the driver's receive side wants. */
struct cx_rx_caps {
	bool driver_buffers;  /* it attaches its own; then the rest but the ring means nothing */
	bool driver_attaches; /* ours, which it takes from a ring and attaches itself */
	struct cx_dma dma;
	size_t buffer_size; /* bytes of the largest frame */
	size_t alignment;
	uint32_t fragment_ring;
};

/* What its receive filter can do. */
struct cx_filter_caps {
	uint32_t packet_filters; /* NDIS_PACKET_TYPE_* */
	uint32_t multicast_list; /* addresses at most */
};

enum cx_connection { CX_CONNECTION_UNKNOWN, CX_CONNECTED, CX_DISCONNECTED };

/* The link as last told. */
struct cx_link {
	enum cx_connection connection;
	uint64_t tx_bps, rx_bps; /* bits per second */
	bool full_duplex;
	/* As the driver's version writes them; here only compared. */
	unsigned duplex, pause_functions, auto_negotiation;
};

/* What the hash of receive scaling can be over: flags. */
#define CX_HASH_IPV4            1u
#define CX_HASH_IPV4_OPTIONS    2u
#define CX_HASH_IPV6            4u
#define CX_HASH_IPV6_EXTENSIONS 8u
#define CX_HASH_TCP             16u
#define CX_HASH_UDP             32u

/* How the hardware can spread received packets over queues. */
struct cx_scaling_caps {
	size_t queues, table_entries; /* powers of two */
	bool toeplitz;
	uint32_t protocols; /* CX_HASH_* */
};

/* Wake patterns: flags, the values of NDIS_PM_WOL_*_SUPPORTED. */
#define CX_WAKE_BITMAP_PATTERN 0x1u
#define CX_WAKE_MAGIC_PACKET   0x2u
#define CX_WAKE_EAPOL_PACKET   0x10000u

/* Protocol offloads: flags, the values of NDIS_PM_PROTOCOL_OFFLOAD_*_ENABLED. */
#define CX_OFFLOAD_ARP 0x1u
#define CX_OFFLOAD_NS  0x2u

/* Wake events: flags, the values of NDIS_PM_WAKE_ON_* and of NDIS_PM_SELECTIVE_SUSPEND_ENABLED. */
#define CX_WAKE_ON_CONNECT    0x1u
#define CX_WAKE_ON_DISCONNECT 0x2u
#define CX_WAKE_ON_FILTER     0x10u /* a packet that the receive filter lets through */

/* What can wake an adapter, and what it can answer while it sleeps. */
struct cx_power_caps {
	uint32_t wake_patterns, protocol_offloads, wake_up_events;
	size_t patterns;                  /* wake patterns at most */
	size_t pattern_size;              /* bytes of a bitmap pattern at most */
	size_t arp_offloads, ns_offloads; /* at most */
};

/* What NDIS enables together for a coming sleep, as flags of NDIS_PM_PARAMETERS. */
struct cx_power_flags {
	uint32_t wake_patterns, protocol_offloads, wake_up_events, media_events;
};

enum cx_wake_cause {
	CX_WOKEN_BY_OTHERS, /* or not woken yet */
	CX_WOKEN_BY_PATTERN,
	CX_WOKEN_BY_MAGIC_PACKET,
	CX_WOKEN_BY_MEDIA_CHANGE,
	CX_WOKEN_BY_FILTER,
	CX_WOKEN_BY_EAPOL_PACKET,
	CX_WOKEN_BY_DEVICE, /* it gave the signal, and no reason */
};

/* Why the last sleep ended, as the driver tells. */
struct cx_wake_reason {
	enum cx_wake_cause cause;
	uint32_t pattern_id;    /* of a pattern */
	uint32_t original_size; /* of a packet, bytes on the wire as the driver has it */
	uint32_t saved_size;    /* bytes of it that the driver handed over; 0: none */
	bool connected;         /* of a media change */
};

#endif
