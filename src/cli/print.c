/* SPDX-License-Identifier: MIT */
#include "cli/print.h"

#include <stdbool.h>
#include <stdio.h>

#include "base/array.h"

static const char *const sets[] = { "hardware", "offered", "default", "active", "driver" };

struct row {
	const char *title, *group, *member;
};

static const struct row coarse_rows[] = {
	{ "checksum IPv4", "checksum", "ipv4" },
	{ "checksum TCP", "checksum", "tcp" },
	{ "checksum UDP", "checksum", "udp" },
	{ "LSO IPv4", "lso", "ipv4" },
	{ "LSO IPv6", "lso", "ipv6" },
	{ "maximum size", "lso", "maximum_offload_size" },
	{ "minimum segments", "lso", "minimum_segment_count" },
};

/* Of a driver that tells directions and families apart. */
static const struct row fine_rows[] = {
	{ "Tx checksum IPv4", "tx_checksum", "ipv4" },
	{ "Tx TCP over IPv4", "tx_checksum", "tcp_v4" },
	{ "Tx TCP over IPv6", "tx_checksum", "tcp_v6" },
	{ "Tx UDP over IPv4", "tx_checksum", "udp_v4" },
	{ "Tx UDP over IPv6", "tx_checksum", "udp_v6" },
	{ "Rx checksum IPv4", "rx_checksum", "ipv4" },
	{ "Rx TCP over IPv4", "rx_checksum", "tcp_v4" },
	{ "Rx TCP over IPv6", "rx_checksum", "tcp_v6" },
	{ "Rx UDP over IPv4", "rx_checksum", "udp_v4" },
	{ "Rx UDP over IPv6", "rx_checksum", "udp_v6" },
	{ "LSO IPv4", "lso", "ipv4" },
	{ "LSO IPv6", "lso", "ipv6" },
	{ "USO IPv4", "uso", "ipv4" },
	{ "USO IPv6", "uso", "ipv6" },
	{ "RSC IPv4", "rsc", "ipv4" },
	{ "RSC IPv6", "rsc", "ipv6" },
	{ "RSC timestamps", "rsc", "tcp_timestamps" },
	{ "RSC UDP", "rsc", "udp" },
	{ "priority tags", "ieee8021q", "priority" },
	{ "VLAN tags", "ieee8021q", "vlan" },
	{ "maximum size", "lso", "maximum_offload_size" },
	{ "minimum segments", "lso", "minimum_segment_count" },
};

static void print_value(json_t *value)
{
	char text[32] = "-";

	if (json_is_boolean(value))
		snprintf(text, sizeof(text), "%s", json_is_true(value) ? "on" : "off");
	else if (json_is_integer(value))
		snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(value));
	printf("  %10s", text);
}

static void print_row(json_t *offloads, const struct row *row)
{
	printf("    %-16s", row->title);
	for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
		json_t *set = json_object_get(offloads, sets[i]);

		if (set)
			print_value(json_object_get(json_object_get(set, row->group), row->member));
	}
	printf("\n");
}

void print_offloads(json_t *offloads)
{
	bool fine = json_object_get(json_object_get(offloads, "active"), "tx_checksum");
	const struct row *rows = fine ? fine_rows : coarse_rows;
	size_t count = fine ? ARRAY_COUNT(fine_rows) : ARRAY_COUNT(coarse_rows);

	if (json_object_size(offloads) == 0)
		return;
	printf("  offloads          ");
	for (size_t i = 0; i < ARRAY_COUNT(sets); i++) {
		if (json_object_get(offloads, sets[i]))
			printf("  %10s", sets[i]);
	}
	printf("%s\n", json_is_true(json_object_get(offloads, "paused")) ? "  (paused)" : "");
	for (size_t i = 0; i < count; i++)
		print_row(offloads, &rows[i]);
}

void print_coalesce(json_t *coalesce)
{
	if (coalesce)
		printf("  coalesce     %s\n", json_is_true(coalesce) ? "on" : "off");
}
