/* SPDX-License-Identifier: MIT */
/*
 * Source: OID_TCP_OFFLOAD_PARAMETERS page, NDIS_OFFLOAD_PARAMETERS page, "Using Registry Values to
 * Enable and Disable Task Offloading".
 */
#include "ndis/offload.h"

#include "base/array.h"
#include "cx/adapter.h"
#include "ndis/offload_parameters.h"
#include "nt/event.h"
#include "nt/registry.h"

/* One setting of a request: what the adapter does of it, and the keyword that keeps it. */
struct item {
	enum cx_setting setting;
	bool can, hardware;
	bool software; /* in place of hardware that lacks it */
	const char *name, *keyword;
};

/* The same of a checksum: what it can and has of either direction. */
struct checksum_item {
	struct cx_checksum_setting setting;
	bool tx_can, rx_can, tx, rx;
	const char *name, *keyword;
};

#define ITEMS 8
#define SUMS  5

static void list_items(const struct cx_offload_request *r, const struct cx_offload *offload,
		       struct item items[ITEMS])
{
	const struct cx_offload_state *can = &offload->capable, *hw = &offload->hardware;
	bool software = offload->fallback;
	const struct item list[ITEMS] = {
		{ r->lso_v1_ipv4, cx_lso_ipv4(can), cx_lso_ipv4(hw), software, "LSO for IPv4",
		  "*LsoV1IPv4" },
		{ r->lso_v2_ipv4, cx_lso_ipv4(can), cx_lso_ipv4(hw), software, "LSO for IPv4",
		  "*LsoV2IPv4" },
		{ r->lso_v2_ipv6, cx_lso_ipv6(can), cx_lso_ipv6(hw), software, "LSO for IPv6",
		  "*LsoV2IPv6" },
		{ r->uso_ipv4, cx_uso_ipv4(can), cx_uso_ipv4(hw), software, "USO for IPv4",
		  "*UsoIPv4" },
		{ r->uso_ipv6, cx_uso_ipv6(can), cx_uso_ipv6(hw), software, "USO for IPv6",
		  "*UsoIPv6" },
		{ r->rsc_ipv4, cx_rsc_ipv4(can), cx_rsc_ipv4(hw), false, "RSC for IPv4",
		  "*RscIPv4" },
		{ r->rsc_ipv6, cx_rsc_ipv6(can), cx_rsc_ipv6(hw), false, "RSC for IPv6",
		  "*RscIPv6" },
		{ r->udp_rsc, cx_rsc_udp(can), cx_rsc_udp(hw), false, "RSC for UDP", "*UdpRsc" },
	};

	for (size_t i = 0; i < ITEMS; i++)
		items[i] = list[i];
}

static struct checksum_item checksum_item(const struct cx_offload *offload,
					  struct cx_checksum_setting setting, unsigned l3,
					  struct cx_kinds (*of)(const struct cx_checksum_caps *),
					  const char *name, const char *keyword)
{
	return (struct checksum_item){
		.setting = setting,
		.tx_can = of(&offload->capable.tx_checksum).l3 & l3,
		.rx_can = of(&offload->capable.rx_checksum).l3 & l3,
		.tx = of(&offload->active.tx_checksum).l3 & l3,
		.rx = of(&offload->active.rx_checksum).l3 & l3,
		.name = name,
		.keyword = keyword,
	};
}

static struct cx_kinds ipv4_of(const struct cx_checksum_caps *caps)
{
	return caps->ipv4;
}

static struct cx_kinds tcp_of(const struct cx_checksum_caps *caps)
{
	return caps->tcp;
}

static struct cx_kinds udp_of(const struct cx_checksum_caps *caps)
{
	return caps->udp;
}

static void list_checksums(const struct cx_offload_request *r, const struct cx_offload *o,
			   struct checksum_item items[SUMS])
{
	items[0] = checksum_item(o, r->ipv4_checksum, CX_L3_ALL_IPV4, ipv4_of,
				 "IPv4 header checksums", "*IPChecksumOffloadIPv4");
	items[1] = checksum_item(o, r->tcp_ipv4_checksum, CX_L3_ALL_IPV4, tcp_of, "TCP checksums",
				 "*TCPChecksumOffloadIPv4");
	items[2] = checksum_item(o, r->tcp_ipv6_checksum, CX_L3_ALL_IPV6, tcp_of, "TCP checksums",
				 "*TCPChecksumOffloadIPv6");
	items[3] = checksum_item(o, r->udp_ipv4_checksum, CX_L3_ALL_IPV4, udp_of, "UDP checksums",
				 "*UDPChecksumOffloadIPv4");
	items[4] = checksum_item(o, r->udp_ipv6_checksum, CX_L3_ALL_IPV6, udp_of, "UDP checksums",
				 "*UDPChecksumOffloadIPv6");
}

/*
 * What hardware or software could do is not offered without a keyword: it is the driver's INF that
 * says whether the adapter has it.
 */
static bool refuse_item(const struct item *item, bool fallback, struct error *error)
{
	if (item->setting != CX_ON || item->can)
		return false;
	if (fallback && (item->hardware || item->software))
		error_set(error, "the driver's INF offers no %s: it has no keyword like %s",
			  item->name, item->keyword);
	else
		error_set(error, "the hardware does not do %s", item->name);
	return true;
}

/*
 * Hardware that does one direction of a checksum is asked when both are to change together: a
 * driver that knows one bit decides on its half, another one does what it can. What is asked for
 * of one direction alone must be there.
 */
static bool refuse_checksum(const struct checksum_item *item, bool fallback, struct error *error)
{
	bool tx_on = item->setting.tx == CX_ON, rx_on = item->setting.rx == CX_ON;

	if ((!tx_on || item->tx_can) && (!rx_on || item->rx_can))
		return false;
	if ((!fallback || (tx_on && rx_on)) && (item->tx_can || item->rx_can))
		return false;
	if (!fallback || (tx_on && rx_on))
		error_set(error, "the hardware does not do %s", item->name);
	else if (tx_on)
		error_set(error,
			  "the driver's INF offers no %s for transmit: it has no keyword like %s",
			  item->name, item->keyword);
	else
		error_set(error, "the hardware does not do %s of received packets", item->name);
	return true;
}

/* NDIS never asks a miniport for what it has not declared. */
static bool beyond_adapter(const struct item items[ITEMS],
			   const struct checksum_item checksums[SUMS], bool fallback,
			   struct error *error)
{
	for (size_t i = 0; i < ITEMS; i++) {
		if (refuse_item(&items[i], fallback, error))
			return true;
	}
	for (size_t i = 0; i < SUMS; i++) {
		if (refuse_checksum(&checksums[i], fallback, error))
			return true;
	}
	return false;
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
			     !v6_off && (cx_lso_ipv6(active) || cx_uso_ipv6(active)),
			     CX_OFFLOAD_DRAIN_MS);
	return true;
}

/* NDIS has no code for one direction that stays: it is told as it is. */
static UCHAR code_of(const struct checksum_item *item)
{
	struct cx_checksum_setting setting = item->setting;

	if (setting.tx == CX_SAME && setting.rx == CX_SAME)
		return NDIS_OFFLOAD_PARAMETERS_NO_CHANGE;
	setting.tx = after(item->tx, setting.tx) ? CX_ON : CX_OFF;
	setting.rx = after(item->rx, setting.rx) ? CX_ON : CX_OFF;
	return ndis_checksum_code(setting);
}

/* Of a driver with the coarse view only what it knows. */
static void emit_request(const struct ndis_port *port, const struct cx_offload_request *r,
			 const struct checksum_item sums[SUMS], enum ndis_origin origin)
{
	const char *from = origin == NDIS_FROM_STACK           ? port->stack
			   : origin == NDIS_FROM_ADMINISTRATOR ? "administrator"
							       : "OID";
	const struct nt_field fields[] = {
		NT_TEXT("from", from),
		NT_UINT("lso_v1", ndis_setting_code(r->lso_v1_ipv4)),
		NT_UINT("lso_v2_ipv4", ndis_setting_code(r->lso_v2_ipv4)),
		NT_UINT("lso_v2_ipv6", ndis_setting_code(r->lso_v2_ipv6)),
		NT_UINT("ipv4_checksum", code_of(&sums[0])),
		NT_UINT("tcp_checksum", code_of(&sums[1])),
		NT_UINT("udp_checksum", code_of(&sums[3])),
		NT_UINT("tcp_ipv6_checksum", code_of(&sums[2])),
		NT_UINT("udp_ipv6_checksum", code_of(&sums[4])),
		NT_UINT("uso_ipv4", ndis_setting_code(r->uso_ipv4)),
		NT_UINT("uso_ipv6", ndis_setting_code(r->uso_ipv6)),
		NT_UINT("rsc_ipv4", ndis_setting_code(r->rsc_ipv4)),
		NT_UINT("rsc_ipv6", ndis_setting_code(r->rsc_ipv6)),
		NT_UINT("udp_rsc", ndis_setting_code(r->udp_rsc)),
	};

	nt_emit(NT_EVENT_INDICATION, port->adapter->name, "OID_TCP_OFFLOAD_PARAMETERS", fields,
		port->adapter->offload.fallback ? ARRAY_COUNT(fields) : 7);
}

NTSTATUS ndis_set_offloads(struct ndis_port *port, const struct cx_offload_request *request,
			   enum ndis_origin origin, struct error *error)
{
	struct cx_adapter *cx = port->adapter;
	struct checksum_item checksums[SUMS];
	struct item items[ITEMS];
	struct cx_offload_state next;
	NTSTATUS status;
	bool held;

	if (!cx || cx_adapter_state(cx) != CX_ADAPTER_STARTED) {
		error_set(error, "the adapter is not started");
		return STATUS_INVALID_DEVICE_STATE;
	}
	list_items(request, &cx->offload, items);
	list_checksums(request, &cx->offload, checksums);
	if (beyond_adapter(items, checksums, cx->offload.fallback, error))
		return STATUS_NOT_SUPPORTED;
	next = cx_offload_next(cx, request);
	held = hold_back(port, &next, origin);
	emit_request(port, request, checksums, origin);
	status = cx_offload_set(cx, request);
	if (NT_SUCCESS(status)) {
		if (origin != NDIS_FROM_STACK)
			port->ops->offer(port->context, &cx->offload.active);
		if (!request->until_restart)
			keep_as_keywords(wdf_device_config(cx->device)->software_key, items,
					 checksums);
	} else {
		error_set(error, "OID_TCP_OFFLOAD_PARAMETERS was refused");
	}
	/* From here on the active capabilities alone decide. */
	if (held)
		port->ops->limit_lso(port->context, true, true, 0);
	return status;
}
