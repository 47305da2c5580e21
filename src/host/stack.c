/* SPDX-License-Identifier: MIT */
/*
 * The stack edge's network device and the adapter follow each other. What its users change
 * (ethtool -K, ip link) becomes what NDIS or an administrator would do to the adapter on Windows;
 * what the adapter is becomes the device's carrier, MTU, address and features.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "frame/frame.h"
#include "host/nic.h"
#include "host/port.h"
#include "ndis/offload.h"

#define HEADERS_AT_LEAST 40    /* IPv4 and TCP without options */
#define GSO_MAX          65536 /* what Linux takes without BIG TCP */

struct edge_offloads stack_offloads(const struct cx_offload_state *state, uint32_t mtu)
{
	struct edge_offloads o = {
		.tso4 = cx_lso_ipv4(state),
		.tso6 = cx_lso_ipv6(state),
		.uso = cx_uso_ipv4(state) || cx_uso_ipv6(state),
	};
	bool tso = o.tso4 || o.tso6;
	size_t most = tso ? state->lso.maximum_offload_size : state->uso.maximum_offload_size;

	/*
	 * Linux has one checksum feature for TCP and UDP, none of its segmentation without it, and
	 * one size for all; what the adapter does not do of it the datapath does in software.
	 */
	o.checksum = cx_checksum_tcp(&state->tx_checksum) || cx_checksum_udp(&state->tx_checksum) ||
		     tso || o.uso;
	/*
	 * MaximumOffloadSize counts payload, Linux the whole packet. With the smallest headers
	 * counted the payload fits always, and with options less of it is used.
	 */
	if ((tso || o.uso) && most > mtu)
		o.gso_max_size = most < GSO_MAX - HEADERS_AT_LEAST
					 ? (uint32_t)most + HEADERS_AT_LEAST
					 : GSO_MAX;
	return o;
}

/* The worker's; notes what the edge says it is now. */
static void note_stack(struct port *port, const struct edge_offloads *offloads, uint32_t mtu)
{
	pthread_mutex_lock(&port->nic->lock);
	if (offloads)
		port->status.stack = *offloads;
	if (mtu)
		port->status.stack_mtu = mtu;
	pthread_mutex_unlock(&port->nic->lock);
}

static void log_failure(struct port *port, const char *what, int error)
{
	if (error == -EOPNOTSUPP || error == 0)
		return;
	nt_log(port->nic->name, "%s: %s: %s", port->stack->name, what, strerror(-error));
}

void stack_set_offloads(struct port *port, const struct cx_offload_state *active)
{
	struct nic *nic = port->nic;
	struct edge_offloads o =
		stack_offloads(active, port->ndis.adapter ? port->ndis.adapter->mtu : 1500);
	int error;

	pthread_mutex_lock(&nic->stack_lock);
	error = edge_set_offloads(port->stack, &o);
	pthread_mutex_unlock(&nic->stack_lock);
	log_failure(port, "offloads", error);
	if (error == 0)
		note_stack(port, &o, 0);
	host_news(nic->host, HOST_NEWS_STACK);
}

void stack_follow_adapter(struct port *port)
{
	struct nic *nic = port->nic;
	struct cx_adapter *cx = port->ndis.adapter;
	uint32_t mtu = cx->mtu;
	uint64_t tx = 0, rx = 0;
	int error;

	if (nic->mtu && nic->mtu < mtu)
		mtu = nic->mtu;
	pthread_mutex_lock(&nic->stack_lock);
	error = edge_set_mtu(port->stack, mtu);
	log_failure(port, "MTU", error);
	if (error == 0)
		note_stack(port, NULL, mtu);
	if (cx->current_address.length == 6)
		log_failure(port, "address", edge_set_mac(port->stack, cx->current_address.bytes));
	pthread_mutex_unlock(&nic->stack_lock);
	if (nic->mtu > cx->mtu) {
		nt_log(nic->name, "an MTU of %u was asked for; the driver has %u", nic->mtu,
		       (unsigned)cx->mtu);
		nic->mtu = 0;
	}

	stack_set_offloads(port, &cx->offload.active);
	atomic_store(&port->link_up, cx_adapter_link_up(cx, &tx, &rx));
	pthread_mutex_lock(&nic->lock);
	port->tx_bps = tx;
	port->rx_bps = rx;
	pthread_mutex_unlock(&nic->lock);
	atomic_store(&port->link_dirty, true);
	host_news(nic->host, HOST_NEWS_STACK);
}

/* ---- from the network device to the adapter, on the worker ---- */

struct change_job {
	struct nic *nic;
	struct edge_change change;
};

static enum cx_setting setting(bool had, bool has)
{
	return had == has ? CX_SAME : has ? CX_ON : CX_OFF;
}

/*
 * ethtool -K. Only what its user has changed is asked for, as Windows' stack does: an
 * administrator's setting of something else stays. Linux' one feature is both families of NDIS',
 * and both directions of a driver that does not tell them apart.
 */
static struct cx_offload_request asked_for(const struct cx_offload *offload,
					   const struct edge_offloads *had,
					   const struct edge_offloads *wanted)
{
	const struct cx_offload_state *can = &offload->capable;
	enum cx_setting tx = setting(had->checksum, wanted->checksum);
	const struct cx_checksum_setting sum = { tx, offload->fallback ? CX_SAME : tx };
	enum cx_setting uso = setting(had->uso, wanted->uso);
	struct cx_offload_request r = { 0 };

	if (cx_lso_ipv4(can))
		r.lso_v1_ipv4 = r.lso_v2_ipv4 = setting(had->tso4, wanted->tso4);
	if (cx_lso_ipv6(can))
		r.lso_v2_ipv6 = setting(had->tso6, wanted->tso6);
	if (cx_uso_ipv4(can))
		r.uso_ipv4 = uso;
	if (cx_uso_ipv6(can))
		r.uso_ipv6 = uso;
	if (cx_checksum_tcp(&can->tx_checksum))
		r.tcp_ipv4_checksum = r.tcp_ipv6_checksum = sum;
	if (cx_checksum_udp(&can->tx_checksum))
		r.udp_ipv4_checksum = r.udp_ipv6_checksum = sum;
	return r;
}

static void change_offloads(struct nic *nic, const struct edge_change *change)
{
	static const struct cx_offload_request nothing;
	const struct edge_offloads *wanted = &change->offloads;
	struct port *port = &nic->first;
	struct cx_offload_request request;
	struct error error;
	NTSTATUS status;

	note_stack(port, wanted, 0);
	if (!port->ndis.adapter)
		return;
	NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, "StackOffloads", NT_TEXT("stack", port->stack->name),
		NT_BOOL("checksum", wanted->checksum), NT_BOOL("tso4", wanted->tso4),
		NT_BOOL("tso6", wanted->tso6), NT_BOOL("uso", wanted->uso));
	request = asked_for(&port->ndis.adapter->offload, &change->before, wanted);
	if (!memcmp(&request, &nothing, sizeof(request)))
		return;
	status = ndis_set_offloads(&port->ndis, &request, NDIS_FROM_STACK, &error);
	if (!NT_SUCCESS(status))
		NT_EMIT(NT_EVENT_LOG, nic->name, "OffloadChangeFailed", NT_STATUS("status", status),
			NT_TEXT("text", error.text));
}

static void change_mtu(struct nic *nic, uint32_t mtu)
{
	struct port *port = &nic->first;
	char text[32];

	NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, "StackMtu", NT_TEXT("stack", port->stack->name),
		NT_UINT("mtu", mtu));
	note_stack(port, NULL, mtu);
	if (!port->ndis.adapter)
		return;
	/* A stack may send less than the adapter takes. More: as Windows does it, by a restart. */
	nic->mtu = mtu;
	if (mtu <= port->ndis.adapter->mtu)
		return;
	snprintf(text, sizeof(text), "%u", mtu + FRAME_ETHERNET_HEADER);
	nt_reg_set_string(nic->software, "*JumboPacket", text);
	nic_restart(nic, "*JumboPacket");
}

static void change_mac(struct nic *nic, const uint8_t mac[6])
{
	struct port *port = &nic->first;
	char text[32], shown[HEX_MAC];

	snprintf(text, sizeof(text), "%02X%02X%02X%02X%02X%02X", mac[0], mac[1], mac[2], mac[3],
		 mac[4], mac[5]);
	hex_put_mac(shown, mac);
	NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, "StackAddress", NT_TEXT("stack", port->stack->name),
		NT_TEXT("mac", shown));
	if (!port->ndis.adapter)
		return;
	if (port->ndis.adapter->current_address.length == 6 &&
	    memcmp(port->ndis.adapter->current_address.bytes, mac, 6) == 0)
		return;
	nt_reg_set_string(nic->software, "NetworkAddress", text);
	nic_restart(nic, "NetworkAddress");
}

static void change_filter(struct nic *nic, const struct edge_filter *wanted)
{
	struct ndis_filter filter = { .promiscuous = wanted->promiscuous,
				      .all_multicast = wanted->all_multicast,
				      .count = wanted->count };

	_Static_assert(sizeof(filter.groups) == sizeof(wanted->groups), "as many groups");
	memcpy(filter.groups, wanted->groups, sizeof(filter.groups));
	ndis_filter(&nic->first.ndis, &filter);
}

static void tell_moved(struct nic *nic, int not_followed)
{
	const char *stack = nic->first.stack->name;

	NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, "StackMoved", NT_TEXT("stack", stack),
		NT_BOOL("followed", !not_followed));
	if (not_followed)
		nt_log(nic->name,
		       "%s was moved into another network namespace, where netcx may not follow: frames pass, but changes there (ethtool, ip) no longer reach the driver: %s",
		       stack, strerror(-not_followed));
}

static void apply_change(void *context)
{
	struct change_job *job = context;
	struct nic *nic = job->nic;

	switch (job->change.kind) {
	case EDGE_CHANGE_OFFLOADS:
		change_offloads(nic, &job->change);
		break;
	case EDGE_CHANGE_MTU:
		change_mtu(nic, job->change.mtu);
		break;
	case EDGE_CHANGE_MAC:
		change_mac(nic, job->change.mac);
		break;
	case EDGE_CHANGE_FILTER:
		change_filter(nic, &job->change.filter);
		break;
	case EDGE_CHANGE_MOVED:
		tell_moved(nic, job->change.not_followed);
		break;
	case EDGE_CHANGE_UP:
		NT_EMIT(NT_EVENT_LIFECYCLE, nic->name, job->change.up ? "StackUp" : "StackDown",
			NT_TEXT("stack", nic->first.stack->name));
		break;
	}
	free(job);
}

/* ---- the main thread ---- */

static void set_carriers(struct nic *nic)
{
	struct port *port = &nic->first;

	/* Only the first has a network device behind its edge. */
	if (!atomic_exchange(&port->link_dirty, false))
		return;
	pthread_mutex_lock(&nic->stack_lock);
	edge_set_carrier(port->stack, atomic_load(&port->link_up));
	pthread_mutex_unlock(&nic->stack_lock);
}

void stack_poll(struct nic *nic)
{
	struct edge_change change;
	struct change_job *job;
	int result;

	set_carriers(nic);
	for (;;) {
		pthread_mutex_lock(&nic->stack_lock);
		result = edge_next_change(nic->first.stack, &change);
		pthread_mutex_unlock(&nic->stack_lock);
		if (result <= 0)
			break;
		job = malloc(sizeof(*job));
		if (!job)
			break;
		*job = (struct change_job){ nic, change };
		if (nt_worker_post(nic->worker, apply_change, job) != 0) {
			free(job);
			break;
		}
	}
	if (result < 0 && result != -EOPNOTSUPP)
		nic_edge_lost(nic, nic->first.stack, -result);
}
