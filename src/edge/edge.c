/* SPDX-License-Identifier: MIT */
/* Opening an edge from its specification, and the calls that not every edge has. */
#include <errno.h>
#include <string.h>

#include "base/array.h"
#include "edge/private.h"

static const struct kind {
	const char *prefix;
	struct edge *(*open)(const char *argument, const struct edge_config *config,
			     struct error *error);
} kinds[] = {
	{ "tap:", edge_tap_open },
	{ "packet:", edge_packet_open },
	{ "pcap:", edge_pcap_open },
};

struct edge *edge_open(const char *spec, const struct edge_config *config, struct error *error)
{
	struct edge *edge = NULL;
	bool known = false;

	if (!strcmp(spec, "null")) {
		known = true;
		edge = edge_null_open("", config, error);
	}
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
		size_t length = strlen(kinds[i].prefix);

		if (strncmp(spec, kinds[i].prefix, length))
			continue;
		known = true;
		edge = kinds[i].open(spec + length, config, error);
	}
	if (!known)
		error_set(error, "there is no such edge; it is %s",
			  config->role == EDGE_STACK
				  ? "tap:NAME, pcap:FILE or null"
				  : "tap:NAME, tap:NAME,gso, packet:IFACE, pcap:FILE or null");
	if (edge)
		snprintf(edge->name, sizeof(edge->name), "%s", spec);
	else
		error_prefix(error, "%s: ", spec);
	return edge;
}

void edge_close(struct edge *edge)
{
	if (edge)
		edge->ops->close(edge);
}

int edge_set_offloads(struct edge *edge, const struct edge_offloads *offloads)
{
	return edge->ops->set_offloads ? edge->ops->set_offloads(edge, offloads) : -EOPNOTSUPP;
}

int edge_set_carrier(struct edge *edge, bool up)
{
	return edge->ops->set_carrier ? edge->ops->set_carrier(edge, up) : -EOPNOTSUPP;
}

int edge_set_mtu(struct edge *edge, uint32_t mtu)
{
	return edge->ops->set_mtu ? edge->ops->set_mtu(edge, mtu) : -EOPNOTSUPP;
}

int edge_set_mac(struct edge *edge, const uint8_t mac[6])
{
	return edge->ops->set_mac ? edge->ops->set_mac(edge, mac) : -EOPNOTSUPP;
}

int edge_next_change(struct edge *edge, struct edge_change *change)
{
	return edge->ops->next_change ? edge->ops->next_change(edge, change) : 0;
}

void edge_counters(const struct edge *edge, struct edge_counters *counters)
{
	count_copy(counters, &edge->counters, sizeof(*counters));
#define ADD(name) count_add(&counters->name, count_read(&sent->name));
	for (size_t i = 0; i < EDGE_SENDERS; i++) {
		const struct edge_counters *sent = &edge->sent[i].is;

		EDGE_COUNTERS(ADD)
	}
#undef ADD
	if (edge->ops->counters)
		edge->ops->counters(edge, counters);
}

void edge_account(struct edge *edge, struct edge_account *account)
{
	*account = (struct edge_account){ 0 };
	if (edge->ops->account)
		edge->ops->account(edge, account);
}

void edge_finish(struct edge *edge, bool whole)
{
	if (edge->ops->finish)
		edge->ops->finish(edge, whole);
}
