/* SPDX-License-Identifier: MIT */
/*
 * Offloads as a driver of 2.x sees them. One of 2.1 and later declares them by direction and by
 * kind of header, is told by five callbacks what it is to do, and what its hardware lacks is done
 * in software. One of 2.0 has the coarse view (cx/coarse_offload.h), as 1.3 does.
 */
#ifndef CX_API_2_OFFLOAD_H
#define CX_API_2_OFFLOAD_H

#include "cx/api/2/public.h"
#include "cx/coarse_offload.h"

struct cx2_adapter;
struct cx_site;

/* What a NETOFFLOAD can be asked: bits. */
enum {
	CX2_CHECKSUM_IPV4 = 0x1,
	CX2_CHECKSUM_TCP = 0x2,
	CX2_CHECKSUM_UDP = 0x4,
	CX2_LSO_IPV4 = 0x10,
	CX2_LSO_IPV6 = 0x20,
	CX2_USO_IPV4 = 0x40,
	CX2_USO_IPV6 = 0x80,
	CX2_RSC_IPV4 = 0x100,
	CX2_RSC_IPV6 = 0x200,
	CX2_RSC_TIMESTAMPS = 0x400,
	CX2_RSC_UDP = 0x800,
};

/* The callbacks, in the order in which they are called. */
enum cx2_offload_kind {
	CX2_OFFLOAD_NONE,     /* no NETOFFLOAD, or one whose callback has returned */
	CX2_OFFLOAD_CHECKSUM, /* 2.0: both directions */
	CX2_OFFLOAD_TX_CHECKSUM,
	CX2_OFFLOAD_RX_CHECKSUM,
	CX2_OFFLOAD_GSO, /* LSO in the preview of 2.0 */
	CX2_OFFLOAD_RSC,
	CX2_OFFLOAD_KINDS
};

/*
 * A NETOFFLOAD: good for one call of the driver's callback, then its kind is cleared. An adapter
 * takes them in turn, so that one that was kept is found out in the next callback as well.
 */
struct cx2_netoffload {
	uint32_t magic;
	enum cx2_offload_kind kind;
	unsigned yes; /* of the bits above */
	struct cx_adapter *adapter;
};

#define CX2_NETOFFLOAD_MAGIC 0x326c666fu
#define CX2_NETOFFLOADS      16u

/*
 * The offloads that a driver declared and its callbacks. Changed on the device's worker. The
 * capabilities themselves are the core's (cx_offload.hardware).
 */
struct cx2_offload {
	bool checksum_declared; /* by 2.0's call for both directions */
	bool tx_checksum_declared, rx_checksum_declared;
	bool gso_declared; /* 2.0: LSO */
	bool rsc_declared;
	PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM set_checksum;
	PFN_NET_ADAPTER_OFFLOAD_SET_TX_CHECKSUM set_tx_checksum;
	PFN_NET_ADAPTER_OFFLOAD_SET_RX_CHECKSUM set_rx_checksum;
	PFN_NET_ADAPTER_OFFLOAD_SET_GSO set_gso;
	PFN_NET_ADAPTER_OFFLOAD_SET_RSC set_rsc;
	struct cx2_netoffload handles[CX2_NETOFFLOADS];
	unsigned next_handle;
};

/* ---- for the DDIs: what the driver declares, copied; the last call before the start wins ---- */
void cx2_declare_checksum(struct cx2_adapter *adapter,
			  const NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *hardware);
void cx2_declare_tx_checksum(struct cx2_adapter *adapter,
			     const NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES *hardware);
void cx2_declare_rx_checksum(struct cx2_adapter *adapter,
			     const NET_ADAPTER_OFFLOAD_RX_CHECKSUM_CAPABILITIES *capabilities);
void cx2_declare_gso(struct cx2_adapter *adapter,
		     const NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES *hardware);
void cx2_declare_rsc(struct cx2_adapter *adapter,
		     const NET_ADAPTER_OFFLOAD_RSC_CAPABILITIES *hardware);
void cx2_declare_tags(struct cx2_adapter *adapter,
		      const NET_ADAPTER_OFFLOAD_IEEE8021Q_TAG_CAPABILITIES *hardware);
void cx2_declare_preview_lso(struct cx2_adapter *adapter,
			     const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *hardware);
void cx2_declare_preview_rsc(struct cx2_adapter *adapter,
			     const struct netcx_rsc_capabilities_2_0 *hardware);

/* ---- verify_offload.c ---- */
void cx2_verify_tx_checksum_capabilities(const struct cx_site *at,
					 const NET_ADAPTER_OFFLOAD_TX_CHECKSUM_CAPABILITIES *caps);
void cx2_verify_gso_capabilities(const struct cx_site *at,
				 const NET_ADAPTER_OFFLOAD_GSO_CAPABILITIES *caps);
void cx2_verify_preview_lso(const struct cx_site *at,
			    const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *caps);
/* A NETOFFLOAD in the callback it was given to, which is of this kind. */
void cx2_verify_netoffload(const struct cx_site *at, const struct cx2_netoffload *offload,
			   enum cx2_offload_kind kind);
/* A function that drivers above 2.0 no longer call; its index in their table of functions. */
void cx2_verify_not_deprecated(const struct cx_site *at, unsigned minor, unsigned index);
void cx2_verify_adapter_started(const struct cx_site *at, const struct cx_adapter *adapter);
void cx2_verify_offload_paused(const struct cx_site *at, const struct cx_adapter *adapter);

#endif
