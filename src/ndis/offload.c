/* SPDX-License-Identifier: MIT */
/*
 * Changes of the active offloads: OID_TCP_OFFLOAD_PARAMETERS as NDIS sends it, and what NDIS does
 * around it. Source: OID_TCP_OFFLOAD_PARAMETERS page, NDIS_OFFLOAD_PARAMETERS page.
 */
#include <ndis.h>
#include <stdio.h>
#include <string.h>

#include "host/nic.h"
#include "host/port.h"

/* How long a switch-off waits for the driver to return the LSO packets it has. */
#define DRAIN_MS 500

static UCHAR checksum_code(enum offload_setting setting)
{
	return setting == OFFLOAD_ON    ? NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED
	       : setting == OFFLOAD_OFF ? NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED
					: NDIS_OFFLOAD_PARAMETERS_NO_CHANGE;
}

static UCHAR lso_code(enum offload_setting setting)
{
	return setting == OFFLOAD_ON    ? NDIS_OFFLOAD_PARAMETERS_LSOV2_ENABLED
	       : setting == OFFLOAD_OFF ? NDIS_OFFLOAD_PARAMETERS_LSOV2_DISABLED
					: NDIS_OFFLOAD_PARAMETERS_NO_CHANGE;
}

/*
 * NetAdapterCx 1.3 has one bit for both LSO versions of IPv4 and goes off only when both are
 * disabled; TCP and UDP checksums go off only for both IP versions together.
 */
static NDIS_OFFLOAD_PARAMETERS parameters_of(const struct offload_request *r)
{
	NDIS_OFFLOAD_PARAMETERS p = { 0 };

	p.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	p.Header.Revision = NDIS_OFFLOAD_PARAMETERS_REVISION_3;
	p.Header.Size = NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3;
	p.IPv4Checksum = checksum_code(r->checksum_ipv4);
	p.TCPIPv4Checksum = checksum_code(r->checksum_tcp);
	p.TCPIPv6Checksum = checksum_code(r->checksum_tcp);
	p.UDPIPv4Checksum = checksum_code(r->checksum_udp);
	p.UDPIPv6Checksum = checksum_code(r->checksum_udp);
	p.LsoV1 = lso_code(r->lso_v4);
	p.LsoV2IPv4 = lso_code(r->lso_v4);
	p.LsoV2IPv6 = lso_code(r->lso_v6);
	return p;
}

/* NDIS never asks a miniport for what it has not declared. */
static bool hardware_can(const struct cx_offload_state *hardware, const struct offload_request *r,
			 char *error, size_t size)
{
	const struct {
		enum offload_setting setting;
		bool can;
		const char *name;
	} items[] = {
		{ r->lso_v4, cx_lso_ipv4(hardware), "LSO for IPv4" },
		{ r->lso_v6, cx_lso_ipv6(hardware), "LSO for IPv6" },
		{ r->checksum_ipv4, cx_checksum_ipv4(&hardware->tx_checksum),
		  "IPv4 header checksums" },
		{ r->checksum_tcp, cx_checksum_tcp(&hardware->tx_checksum), "TCP checksums" },
		{ r->checksum_udp, cx_checksum_udp(&hardware->tx_checksum), "UDP checksums" },
	};

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		if (items[i].setting == OFFLOAD_ON && !items[i].can) {
			snprintf(error, size, "the hardware does not do %s", items[i].name);
			return false;
		}
	}
	return true;
}

/* NDIS writes a changed setting to the adapter's keywords, so that it outlives a restart. */
static void keep_as_keywords(struct nic *nic, const struct offload_request *r)
{
	const struct {
		enum offload_setting setting;
		const char *name, *on;
	} items[] = {
		{ r->lso_v4, "*LsoV1IPv4", "1" },
		{ r->lso_v4, "*LsoV2IPv4", "1" },
		{ r->lso_v6, "*LsoV2IPv6", "1" },
		{ r->checksum_ipv4, "*IPChecksumOffloadIPv4", "3" },
		{ r->checksum_tcp, "*TCPChecksumOffloadIPv4", "3" },
		{ r->checksum_tcp, "*TCPChecksumOffloadIPv6", "3" },
		{ r->checksum_udp, "*UDPChecksumOffloadIPv4", "3" },
		{ r->checksum_udp, "*UDPChecksumOffloadIPv6", "3" },
	};

	for (size_t i = 0; i < sizeof(items) / sizeof(items[0]); i++) {
		if (items[i].setting != OFFLOAD_SAME)
			nt_reg_set_string(nic->software, items[i].name,
					  items[i].setting == OFFLOAD_ON ? items[i].on : "0");
	}
}

NTSTATUS offload_change(struct port *port, const struct offload_request *request, bool from_stack,
			char *error, size_t size)
{
	struct cx_adapter *cx = port->cx;
	struct cx_offload_state next;
	struct cx_offload_request change;
	NDIS_OFFLOAD_PARAMETERS parameters;
	bool stays_v4, stays_v6;
	NTSTATUS status;

	if (!cx || cx_adapter_state(cx) != CX_ADAPTER_STARTED) {
		snprintf(error, size, "the adapter is not started");
		return STATUS_INVALID_DEVICE_STATE;
	}
	if (!hardware_can(&cx->offload.hardware, request, error, size))
		return STATUS_NOT_SUPPORTED;
	parameters = parameters_of(request);
	change = cx_offload_decode(&parameters);
	next = cx_offload_next(cx, &change);
	stays_v4 = cx_lso_ipv4(&cx->offload.active) && cx_lso_ipv4(&next);
	stays_v6 = cx_lso_ipv6(&cx->offload.active) && cx_lso_ipv6(&next);

	/*
	 * What goes off: the stack stops first, then the datapath cuts what is still on its way,
	 * then the driver is told. It never holds an LSO packet that it may no longer send.
	 */
	if (!from_stack && (cx_lso_ipv4(&cx->offload.active) > stays_v4 ||
			    cx_lso_ipv6(&cx->offload.active) > stays_v6)) {
		struct cx_offload_state less = next;

		if (!stays_v4)
			less.lso.kinds.l3 &= (uint8_t)~CX_L3_ALL_IPV4;
		if (!stays_v6)
			less.lso.kinds.l3 &= (uint8_t)~CX_L3_ALL_IPV6;
		stack_set_offloads(port, &less);
	}
	if (port->dp)
		dp_limit_lso(port->dp, stays_v4, stays_v6, DRAIN_MS);

	NT_EMIT(NT_EVENT_INDICATION, cx->name, "OID_TCP_OFFLOAD_PARAMETERS",
		NT_TEXT("from", from_stack ? port->stack->name : "administrator"),
		NT_UINT("lso_v1", parameters.LsoV1), NT_UINT("lso_v2_ipv4", parameters.LsoV2IPv4),
		NT_UINT("lso_v2_ipv6", parameters.LsoV2IPv6),
		NT_UINT("ipv4_checksum", parameters.IPv4Checksum),
		NT_UINT("tcp_checksum", parameters.TCPIPv4Checksum),
		NT_UINT("udp_checksum", parameters.UDPIPv4Checksum));
	port->nic->from_stack = from_stack;
	status = cx_offload_oid(cx, &parameters, parameters.Header.Size);
	port->nic->from_stack = false;
	if (!NT_SUCCESS(status))
		snprintf(error, size, "OID_TCP_OFFLOAD_PARAMETERS was refused");
	else
		keep_as_keywords(port->nic, request);

	/* From here on the active capabilities alone decide. */
	if (port->dp)
		dp_limit_lso(port->dp, true, true, 0);
	return status;
}
