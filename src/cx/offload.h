/* SPDX-License-Identifier: MIT */
/*
 * The offload manager: hardware, default and active capabilities of one adapter, and when the
 * driver's callbacks hear of them. Everything else stands on this.
 */
#ifndef CX_OFFLOAD_H
#define CX_OFFLOAD_H

#include <ndis.h>
#include <netadaptercx.h>
#include <ntddk.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cx_adapter;

struct cx_lso_caps {
	bool ipv4, ipv6;
	size_t maximum_offload_size;  /* bytes of TCP payload */
	size_t minimum_segment_count; /* segments */
};

struct cx_checksum_caps {
	bool ipv4, tcp, udp;
};

/* One set of capabilities (hardware, default or active). */
struct cx_offload_state {
	struct cx_checksum_caps checksum;
	struct cx_lso_caps lso;
};

/* Owned by the adapter; changed only on its PASSIVE_LEVEL thread. */
struct cx_offload {
	struct cx_offload_state hardware, defaults, active;
	bool checksum_declared, lso_declared; /* decides whether the packet extensions exist */
	PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM set_checksum;
	PFN_NET_ADAPTER_OFFLOAD_SET_LSO set_lso;
	/* The active flags for the datapath's threads: CX_ACTIVE_* bits. */
	_Atomic uint32_t active_bits;
};

#define CX_ACTIVE_IPV4_CHECKSUM 1u
#define CX_ACTIVE_TCP_CHECKSUM  2u
#define CX_ACTIVE_UDP_CHECKSUM  4u
#define CX_ACTIVE_LSO_IPV4      8u
#define CX_ACTIVE_LSO_IPV6      16u

/*
 * cx_offload_start() - the miniport initialises: default := hardware and keywords, active :=
 * default, EvtNetAdapterOffloadSetChecksum then SetLso with it (lso-contract of 1809).
 */
void cx_offload_start(struct cx_adapter *adapter);

/* cx_offload_forget() - halt: capabilities must be declared again. */
void cx_offload_forget(struct cx_adapter *adapter);

/*
 * cx_offload_oid() - OID_TCP_OFFLOAD_PARAMETERS: both callbacks, then the CURRENT_CONFIG indication
 * @buffer, @length: an NDIS_OFFLOAD_PARAMETERS as NDIS sends it; checked
 * Return: STATUS_SUCCESS, STATUS_INVALID_PARAMETER (short: below revision 3), or
 * STATUS_INVALID_DEVICE_STATE when the adapter is not started.
 * PASSIVE_LEVEL on the device's worker.
 */
NTSTATUS cx_offload_oid(struct cx_adapter *adapter, const void *buffer, size_t length);

/* cx_offload_ndis() - a set of capabilities as NDIS_OFFLOAD revision 5 reports it (4.1). */
void cx_offload_ndis(const struct cx_offload_state *state, NDIS_OFFLOAD *offload);

/* ---- for the DDIs: what the driver declares, copied; the last call before the start wins ---- */
void cx_offload_declare_checksum(struct cx_offload *offload,
				 const NET_ADAPTER_OFFLOAD_CHECKSUM_CAPABILITIES *hardware,
				 PFN_NET_ADAPTER_OFFLOAD_SET_CHECKSUM set);
void cx_offload_declare_lso(struct cx_offload *offload,
			    const NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES *hardware,
			    PFN_NET_ADAPTER_OFFLOAD_SET_LSO set);

/*
 * cx_offload_apply_lso() / _checksum() - what a request makes of the active capabilities
 * @parameters: of revision 3 at least; values out of range are no change
 */
struct cx_lso_caps cx_offload_apply_lso(struct cx_lso_caps active,
					const struct cx_lso_caps *hardware,
					const NDIS_OFFLOAD_PARAMETERS *parameters);
struct cx_checksum_caps cx_offload_apply_checksum(struct cx_checksum_caps active,
						  const NDIS_OFFLOAD_PARAMETERS *parameters);

#endif
