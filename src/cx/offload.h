/* SPDX-License-Identifier: MIT */
/*
 * Offloads of one adapter: what its hardware can, what is active, and when its driver hears of a
 * change. The state is the union of what all versions of NetAdapterCx know; a version's driver sees
 * its own view of it (client.h). Everything else stands on this.
 */
#ifndef CX_OFFLOAD_H
#define CX_OFFLOAD_H

#include <ntddk.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cx_adapter;

/* How long a switch-off waits for the driver to return what it has with offloads. */
#define CX_OFFLOAD_DRAIN_MS 500

/* Kinds of packets, by the headers they have: bits. */
#define CX_L3_IPV4            1u /* without options */
#define CX_L3_IPV4_OPTIONS    2u
#define CX_L3_IPV6            4u /* without extension headers */
#define CX_L3_IPV6_EXTENSIONS 8u
#define CX_L3_ALL_IPV4        (CX_L3_IPV4 | CX_L3_IPV4_OPTIONS)
#define CX_L3_ALL_IPV6        (CX_L3_IPV6 | CX_L3_IPV6_EXTENSIONS)
#define CX_L3_ALL             (CX_L3_ALL_IPV4 | CX_L3_ALL_IPV6)
#define CX_L4_TCP             1u /* without options */
#define CX_L4_TCP_OPTIONS     2u
#define CX_L4_ALL_TCP         (CX_L4_TCP | CX_L4_TCP_OPTIONS)
#define CX_L4_UDP             4u

/* Packets that have one of the layer 3 kinds and one of the layer 4 kinds. 0: none. */
struct cx_kinds {
	uint8_t l3, l4;
};

/* Checksums of one direction. The IPv4 header's has no layer 4. */
struct cx_checksum_caps {
	struct cx_kinds ipv4, tcp, udp;
	/* Transmit: the header begins so many bytes into the frame at most; 0: anywhere. */
	uint16_t l3_offset_limit, l4_offset_limit;
};

/* Segmentation of TCP (LSO) or UDP (USO) sends. */
struct cx_gso_caps {
	struct cx_kinds kinds;
	uint16_t l4_offset_limit;     /* bytes, as above */
	size_t maximum_offload_size;  /* bytes of payload */
	size_t minimum_segment_count; /* segments */
};

/* Receive segment coalescing, by layer 3 kind. */
struct cx_rsc_caps {
	uint8_t tcp, udp;
	bool timestamps; /* TCP segments with the timestamp option too */
};

#define CX_IEEE8021Q_PRIORITY 1u
#define CX_IEEE8021Q_VLAN     2u

/* One set of capabilities (hardware, default or active). */
struct cx_offload_state {
	struct cx_checksum_caps tx_checksum, rx_checksum;
	struct cx_gso_caps lso, uso;
	struct cx_rsc_caps rsc;
	uint8_t ieee8021q; /* tags that the hardware puts in: CX_IEEE8021Q_* */
};

/* What "on" means, for each offload and family. Here and nowhere else. */
static inline bool cx_lso_ipv4(const struct cx_offload_state *s)
{
	return (s->lso.kinds.l3 & CX_L3_IPV4) && (s->lso.kinds.l4 & CX_L4_TCP);
}

static inline bool cx_lso_ipv6(const struct cx_offload_state *s)
{
	return (s->lso.kinds.l3 & CX_L3_IPV6) && (s->lso.kinds.l4 & CX_L4_TCP);
}

static inline bool cx_uso_ipv4(const struct cx_offload_state *s)
{
	return (s->uso.kinds.l3 & CX_L3_IPV4) && (s->uso.kinds.l4 & CX_L4_UDP);
}

static inline bool cx_uso_ipv6(const struct cx_offload_state *s)
{
	return (s->uso.kinds.l3 & CX_L3_IPV6) && (s->uso.kinds.l4 & CX_L4_UDP);
}

static inline bool cx_rsc_ipv4(const struct cx_offload_state *s)
{
	return s->rsc.tcp & CX_L3_IPV4;
}

static inline bool cx_rsc_ipv6(const struct cx_offload_state *s)
{
	return s->rsc.tcp & CX_L3_IPV6;
}

static inline bool cx_rsc_udp(const struct cx_offload_state *s)
{
	return s->rsc.udp != 0;
}

static inline bool cx_checksum_ipv4(const struct cx_checksum_caps *c)
{
	return c->ipv4.l3 & CX_L3_IPV4;
}

static inline bool cx_checksum_tcp(const struct cx_checksum_caps *c)
{
	return c->tcp.l3 && (c->tcp.l4 & CX_L4_TCP);
}

static inline bool cx_checksum_udp(const struct cx_checksum_caps *c)
{
	return c->udp.l3 && (c->udp.l4 & CX_L4_UDP);
}

/*
 * The active transmit offloads in one word, so that the datapath's threads read them at once. @l3
 * and @l4 are the kind of the packet that is asked about: one CX_L3_*, one CX_L4_*.
 */
static inline uint64_t cx_tx_word(const struct cx_offload_state *s)
{
	return (uint64_t)s->tx_checksum.ipv4.l3 | (uint64_t)s->tx_checksum.tcp.l3 << 8 |
	       (uint64_t)s->tx_checksum.tcp.l4 << 12 | (uint64_t)s->tx_checksum.udp.l3 << 16 |
	       (uint64_t)s->tx_checksum.udp.l4 << 20 | (uint64_t)s->lso.kinds.l3 << 24 |
	       (uint64_t)s->lso.kinds.l4 << 28 | (uint64_t)s->uso.kinds.l3 << 32 |
	       (uint64_t)s->uso.kinds.l4 << 36 | (uint64_t)s->ieee8021q << 40;
}

static inline bool cx_tx_word_ipv4_checksum(uint64_t word, unsigned l3)
{
	return word & l3;
}

static inline bool cx_tx_word_tcp_checksum(uint64_t word, unsigned l3, unsigned l4)
{
	return (word >> 8 & l3) && (word >> 12 & l4);
}

static inline bool cx_tx_word_udp_checksum(uint64_t word, unsigned l3)
{
	return (word >> 16 & l3) && (word >> 20 & CX_L4_UDP);
}

static inline bool cx_tx_word_lso(uint64_t word, unsigned l3, unsigned l4)
{
	return (word >> 24 & l3) && (word >> 28 & l4);
}

static inline bool cx_tx_word_uso(uint64_t word, unsigned l3)
{
	return (word >> 32 & l3) && (word >> 36 & CX_L4_UDP);
}

/* CX_IEEE8021Q_* */
static inline unsigned cx_tx_word_ieee8021q(uint64_t word)
{
	return word >> 40 & (CX_IEEE8021Q_PRIORITY | CX_IEEE8021Q_VLAN);
}

/* The part of a word that is LSO and USO of these layer 3 kinds. */
static inline uint64_t cx_tx_word_gso_bits(unsigned l3)
{
	return (uint64_t)l3 << 24 | (uint64_t)l3 << 32;
}

/* Owned by the adapter; changed only on its PASSIVE_LEVEL thread. */
struct cx_offload {
	struct cx_offload_state hardware; /* as the driver declared it */
	struct cx_offload_state capable;  /* what may be on: the hardware's, or software's too */
	struct cx_offload_state defaults, active;
	struct cx_offload_state driver; /* the part of active that the driver is to do */
	_Atomic uint64_t tx;            /* cx_tx_word() of driver, for the datapath's threads */
	/*
	 * Set by the shape with the defaults: what the hardware lacks of the active offloads is
	 * done in software, and USO, RSC, directions and families of checksums are told apart.
	 * Without it the driver does all that is active.
	 */
	bool fallback;
	/* Of the NDIS_OFFLOAD that the version's framework tells NDIS; set by the shape, too. */
	uint8_t ndis_revision;
	bool paused; /* the driver does none of them for now */
};

/* A setting that is asked for. */
enum cx_setting { CX_SAME, CX_OFF, CX_ON };

struct cx_checksum_setting {
	enum cx_setting tx, rx;
};

/*
 * A change of the active offloads, as fine as NDIS can ask for it. A version of NetAdapterCx that
 * knows less than that decides itself what becomes of a half (client.h, merge_offloads).
 */
struct cx_offload_request {
	enum cx_setting lso_v1_ipv4, lso_v2_ipv4, lso_v2_ipv6;
	enum cx_setting uso_ipv4, uso_ipv6, rsc_ipv4, rsc_ipv6;
	enum cx_setting udp_rsc; /* both families */
	struct cx_checksum_setting ipv4_checksum;
	struct cx_checksum_setting tcp_ipv4_checksum, tcp_ipv6_checksum;
	struct cx_checksum_setting udp_ipv4_checksum, udp_ipv6_checksum;
	bool until_restart; /* the keywords do not follow */
};

/* cx_offload_common() - what hardware does of an active state: its kinds, limits and sizes. */
struct cx_offload_state cx_offload_common(const struct cx_offload_state *active,
					  const struct cx_offload_state *hardware);

/*
 * cx_offload_keyword() - a keyword of the adapter's, for a shape's defaults
 * Return: STATUS_SUCCESS with *@value; STATUS_OBJECT_NAME_NOT_FOUND when there is none; another
 * failure when it is no number.
 */
NTSTATUS cx_offload_keyword(const struct cx_adapter *adapter, const char *keyword, ULONG *value);

/*
 * cx_offload_keyword_off() - a keyword says that something is off
 * Only one that reads as exactly 0 does. One that is absent, of another type or no number counts as
 * on, like 1, 2 (Rx) or 3 (Tx and Rx).
 */
bool cx_offload_keyword_off(const struct cx_adapter *adapter, const char *keyword);

/*
 * cx_offload_start() - the miniport initialises: default := what the driver's version makes of
 * hardware and keywords, active := default, and the driver's callbacks hear of it.
 */
void cx_offload_start(struct cx_adapter *adapter);

/*
 * cx_offload_halt() - nothing is active any more
 * cx_offload_forget() - capabilities must be declared again
 */
void cx_offload_halt(struct cx_adapter *adapter);
void cx_offload_forget(struct cx_adapter *adapter);

/* cx_offload_next() - what the active state would be after a request. On the device's worker. */
struct cx_offload_state cx_offload_next(const struct cx_adapter *adapter,
					const struct cx_offload_request *request);

/*
 * cx_offload_set() - change the active state: the driver's callbacks, then the CURRENT_CONFIG
 * indication. No change detection: each request runs the callbacks and is indicated.
 * Return: STATUS_SUCCESS, or STATUS_INVALID_DEVICE_STATE when the adapter is not started.
 * PASSIVE_LEVEL, any thread; it runs on the device's worker.
 */
NTSTATUS cx_offload_set(struct cx_adapter *adapter, const struct cx_offload_request *request);

/*
 * cx_offload_pause(), _resume() - the driver does no offload for a while, software does them
 * The active state stays. Pausing indicates first, waits until the driver has returned what it was
 * given with offloads (CX_OFFLOAD_DRAIN_MS at most), and tells the driver then; resuming tells it
 * and indicates. Requests in between are for when it is over. On the device's worker, adapter
 * started.
 */
void cx_offload_pause(struct cx_adapter *adapter);
void cx_offload_resume(struct cx_adapter *adapter);

#endif
