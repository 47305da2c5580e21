/* SPDX-License-Identifier: MIT */
/*
 * Source: OID_TCP_OFFLOAD_PARAMETERS page, NDIS_OFFLOAD_PARAMETERS page, "Using Registry Values to
 * Enable and Disable Task Offloading".
 */
#include "ndis/offload.h"

#include "cx/adapter.h"
#include "ndis/offload_parameters.h"
#include "nt/event.h"
#include "nt/registry.h"

/* How long a switch-off waits for the driver to return the LSO packets it has. */
#define DRAIN_MS 500

/* One setting of a request: what the hardware does of it, and the keyword that keeps it. */
struct item {
	enum cx_setting setting;
	bool can;
	const char *name, *keyword;
};

/* The same of a checksum, with the directions that are active. */
struct checksum_item {
	struct cx_checksum_setting setting;
	bool can, tx, rx;
	const char *name, *keyword;
};

#define ITEMS 7
#define SUMS  5

static void list_items(const struct cx_offload_request *r, const struct cx_offload_state *hardware,
		       struct item items[ITEMS])
{
	const struct item list[ITEMS] = {
		{ r->lso_v1_ipv4, cx_lso_ipv4(hardware), "LSO for IPv4", "*LsoV1IPv4" },
		{ r->lso_v2_ipv4, cx_lso_ipv4(hardware), "LSO for IPv4", "*LsoV2IPv4" },
		{ r->lso_v2_ipv6, cx_lso_ipv6(hardware), "LSO for IPv6", "*LsoV2IPv6" },
		{ r->uso_ipv4, cx_uso_ipv4(hardware), "USO for IPv4", "*UsoIPv4" },
		{ r->uso_ipv6, cx_uso_ipv6(hardware), "USO for IPv6", "*UsoIPv6" },
		{ r->rsc_ipv4, hardware->rsc.tcp & CX_L3_IPV4, "RSC for IPv4", "*RscIPv4" },
		{ r->rsc_ipv6, hardware->rsc.tcp & CX_L3_IPV6, "RSC for IPv6", "*RscIPv6" },
	};

	for (size_t i = 0; i < ITEMS; i++)
		items[i] = list[i];
}

/* Hardware that does one direction or family of a checksum is asked: it decides on its half. */
static void list_checksums(const struct cx_offload_request *r, const struct cx_offload *offload,
			   struct checksum_item items[SUMS])
{
	const struct cx_checksum_caps *tx_can = &offload->hardware.tx_checksum;
	const struct cx_checksum_caps *rx_can = &offload->hardware.rx_checksum;
	const struct cx_checksum_caps *tx = &offload->active.tx_checksum;
	const struct cx_checksum_caps *rx = &offload->active.rx_checksum;
	bool ip = cx_checksum_ipv4(tx_can) || cx_checksum_ipv4(rx_can);
	bool tcp = cx_checksum_tcp(tx_can) || cx_checksum_tcp(rx_can);
	bool udp = cx_checksum_udp(tx_can) || cx_checksum_udp(rx_can);
	const struct checksum_item list[SUMS] = {
		{ r->ipv4_checksum, ip, tx->ipv4.l3, rx->ipv4.l3, "IPv4 header checksums",
		  "*IPChecksumOffloadIPv4" },
		{ r->tcp_ipv4_checksum, tcp, tx->tcp.l3 & CX_L3_IPV4, rx->tcp.l3 & CX_L3_IPV4,
		  "TCP checksums", "*TCPChecksumOffloadIPv4" },
		{ r->tcp_ipv6_checksum, tcp, tx->tcp.l3 & CX_L3_IPV6, rx->tcp.l3 & CX_L3_IPV6,
		  "TCP checksums", "*TCPChecksumOffloadIPv6" },
		{ r->udp_ipv4_checksum, udp, tx->udp.l3 & CX_L3_IPV4, rx->udp.l3 & CX_L3_IPV4,
		  "UDP checksums", "*UDPChecksumOffloadIPv4" },
		{ r->udp_ipv6_checksum, udp, tx->udp.l3 & CX_L3_IPV6, rx->udp.l3 & CX_L3_IPV6,
		  "UDP checksums", "*UDPChecksumOffloadIPv6" },
	};

	for (size_t i = 0; i < SUMS; i++)
		items[i] = list[i];
}

/* NDIS never asks a miniport for what it has not declared. Return: NULL, or what that is. */
static const char *beyond_hardware(const struct item items[ITEMS],
				   const struct checksum_item checksums[SUMS])
{
	for (size_t i = 0; i < ITEMS; i++) {
		if (items[i].setting == CX_ON && !items[i].can)
			return items[i].name;
	}
	for (size_t i = 0; i < SUMS; i++) {
		bool on = checksums[i].setting.tx == CX_ON || checksums[i].setting.rx == CX_ON;

		if (on && !checksums[i].can)
			return checksums[i].name;
	}
	return NULL;
}

static bool after(bool now, enum cx_setting setting)
{
	return setting == CX_SAME ? now : setting == CX_ON;
}

/* NDIS writes a changed setting to the adapter's keywords, so that it outlives a restart. */
static void keep_as_keywords(struct nt_reg_key *key, const struct item items[ITEMS],
			     const struct checksum_item checksums[SUMS])
{
	/* none, transmit, receive, both */
	static const char *const values[] = { "0", "1", "2", "3" };

	for (size_t i = 0; i < ITEMS; i++) {
		if (items[i].setting != CX_SAME)
			nt_reg_set_string(key, items[i].keyword,
					  items[i].setting == CX_ON ? "1" : "0");
	}
	for (size_t i = 0; i < SUMS; i++) {
		const struct checksum_item *c = &checksums[i];

		if (c->setting.tx != CX_SAME || c->setting.rx != CX_SAME)
			nt_reg_set_string(key, c->keyword,
					  values[after(c->tx, c->setting.tx) |
						 after(c->rx, c->setting.rx) << 1]);
	}
}

/* What takes super-packets of a family away from the driver. */
static bool goes_off_ipv4(const struct cx_offload_state *now, const struct cx_offload_state *next)
{
	return (cx_lso_ipv4(now) && !cx_lso_ipv4(next)) || (cx_uso_ipv4(now) && !cx_uso_ipv4(next));
}

static bool goes_off_ipv6(const struct cx_offload_state *now, const struct cx_offload_state *next)
{
	return (cx_lso_ipv6(now) && !cx_lso_ipv6(next)) || (cx_uso_ipv6(now) && !cx_uso_ipv6(next));
}

static void keep_common(struct cx_kinds *of, struct cx_kinds with)
{
	of->l3 &= with.l3;
}

/*
 * What goes off: the stack stops first, then the datapath cuts what is still on its way, then the
 * driver is told. It never holds a super-packet that it may no longer send. LSO and USO of a family
 * are held back together.
 * Return: is there a limit to be lifted afterwards?
 */
static bool hold_back(struct ndis_port *port, const struct cx_offload_state *next,
		      enum ndis_origin origin)
{
	const struct cx_offload_state *active = &port->adapter->offload.active;
	bool v4_off = goes_off_ipv4(active, next), v6_off = goes_off_ipv6(active, next);
	struct cx_offload_state less = *next;

	if (!v4_off && !v6_off)
		return false;
	keep_common(&less.lso.kinds, active->lso.kinds);
	keep_common(&less.uso.kinds, active->uso.kinds);
	if (origin != NDIS_FROM_STACK)
		port->ops->offer(port->context, &less);
	port->ops->limit_lso(port->context, !v4_off && (cx_lso_ipv4(active) || cx_uso_ipv4(active)),
			     !v6_off && (cx_lso_ipv6(active) || cx_uso_ipv6(active)), DRAIN_MS);
	return true;
}

static void emit_request(const struct ndis_port *port, const struct cx_offload_request *r,
			 enum ndis_origin origin)
{
	NT_EMIT(NT_EVENT_INDICATION, port->adapter->name, "OID_TCP_OFFLOAD_PARAMETERS",
		NT_TEXT("from", origin == NDIS_FROM_STACK           ? port->stack
				: origin == NDIS_FROM_ADMINISTRATOR ? "administrator"
								    : "OID"),
		NT_UINT("lso_v1", ndis_setting_code(r->lso_v1_ipv4)),
		NT_UINT("lso_v2_ipv4", ndis_setting_code(r->lso_v2_ipv4)),
		NT_UINT("lso_v2_ipv6", ndis_setting_code(r->lso_v2_ipv6)),
		NT_UINT("ipv4_checksum", ndis_checksum_code(r->ipv4_checksum)),
		NT_UINT("tcp_checksum", ndis_checksum_code(r->tcp_ipv4_checksum)),
		NT_UINT("udp_checksum", ndis_checksum_code(r->udp_ipv4_checksum)));
}

NTSTATUS ndis_set_offloads(struct ndis_port *port, const struct cx_offload_request *request,
			   enum ndis_origin origin, struct error *error)
{
	struct cx_adapter *cx = port->adapter;
	struct checksum_item checksums[SUMS];
	struct item items[ITEMS];
	struct cx_offload_state next;
	const char *beyond;
	NTSTATUS status;
	bool held;

	if (!cx || cx_adapter_state(cx) != CX_ADAPTER_STARTED) {
		error_set(error, "the adapter is not started");
		return STATUS_INVALID_DEVICE_STATE;
	}
	list_items(request, &cx->offload.hardware, items);
	list_checksums(request, &cx->offload, checksums);
	beyond = beyond_hardware(items, checksums);
	if (beyond) {
		error_set(error, "the hardware does not do %s", beyond);
		return STATUS_NOT_SUPPORTED;
	}
	next = cx_offload_next(cx, request);
	held = hold_back(port, &next, origin);
	emit_request(port, request, origin);
	status = cx_offload_set(cx, request);
	if (NT_SUCCESS(status)) {
		if (origin != NDIS_FROM_STACK)
			port->ops->offer(port->context, &cx->offload.active);
		keep_as_keywords(wdf_device_config(cx->device)->software_key, items, checksums);
	} else {
		error_set(error, "OID_TCP_OFFLOAD_PARAMETERS was refused");
	}
	/* From here on the active capabilities alone decide. */
	if (held)
		port->ops->limit_lso(port->context, true, true, 0);
	return status;
}
