/* SPDX-License-Identifier: MIT */
/* Opening an edge from its specification, and the calls that not every edge has. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "edge/internal.h"

static const struct kind {
	const char *prefix;
	struct edge *(*open)(const char *argument, const struct edge_config *config,
			     const struct edge_error *error);
} kinds[] = {
	{ "tap:", edge_tap_open },
	{ "packet:", edge_packet_open },
	{ "pcap:", edge_pcap_open },
};

void *edge_fail(const struct edge_error *error, const char *format, ...)
{
	va_list args;
	int used;

	if (!error->text || !error->size)
		return NULL;
	used = snprintf(error->text, error->size, "%s: ", error->edge);
	if (used < 0 || (size_t)used >= error->size)
		return NULL;
	va_start(args, format);
	vsnprintf(error->text + used, error->size - (size_t)used, format, args);
	va_end(args);
	return NULL;
}

void edge_end(struct edge *edge, const char *format, ...)
{
	int open = EDGE_OPEN;
	va_list args;
	int used;

	if (!__atomic_compare_exchange_n(&edge->end_state, &open, EDGE_ENDING, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		return;
	used = snprintf(edge->end, sizeof(edge->end), "%s: ", edge->name);
	va_start(args, format);
	vsnprintf(edge->end + used, sizeof(edge->end) - (size_t)used, format, args);
	va_end(args);
	__atomic_store_n(&edge->end_state, EDGE_ENDED, __ATOMIC_RELEASE);
}

const char *edge_ended(const struct edge *edge)
{
	return __atomic_load_n(&edge->end_state, __ATOMIC_ACQUIRE) == EDGE_ENDED ? edge->end : NULL;
}

bool edge_interface_name(char name[static IFNAMSIZ], const char *text, size_t length,
			 const struct edge_error *error)
{
	if (!length) {
		edge_fail(error, "the interface's name is missing");
		return false;
	}
	if (length >= IFNAMSIZ) {
		edge_fail(error, "an interface's name has at most %d characters, this one %zu",
			  IFNAMSIZ - 1, length);
		return false;
	}
	memcpy(name, text, length);
	name[length] = 0;
	/* The kernel's dev_valid_name(); and it would replace %d by a number. */
	for (const char *c = name; *c; c++) {
		if (*c == '/' || *c == ':' || *c == '%' || !isgraph((unsigned char)*c)) {
			edge_fail(error, "an interface's name has no blanks, '/', ':' or '%%'");
			return false;
		}
	}
	if (!strcmp(name, ".") || !strcmp(name, "..")) {
		edge_fail(error, "'%s' cannot be an interface's name", name);
		return false;
	}
	return true;
}

struct edge *edge_open(const char *spec, const struct edge_config *config, char *error, size_t size)
{
	const struct edge_error where = { .edge = spec, .text = error, .size = size };
	struct edge *edge = NULL;
	bool known = false;

	if (!strcmp(spec, "null")) {
		known = true;
		edge = edge_null_open("", config, &where);
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		size_t length = strlen(kinds[i].prefix);

		if (strncmp(spec, kinds[i].prefix, length))
			continue;
		known = true;
		edge = kinds[i].open(spec + length, config, &where);
	}
	if (!known)
		edge_fail(&where, "there is no such edge; it is %s",
			  config->role == EDGE_STACK
				  ? "tap:NAME, pcap:FILE or null"
				  : "tap:NAME, tap:NAME,gso, packet:IFACE, pcap:FILE or null");
	if (edge)
		snprintf(edge->name, sizeof(edge->name), "%s", spec);
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
