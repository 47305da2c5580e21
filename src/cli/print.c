/* SPDX-License-Identifier: MIT */
#include "cli/print.h"

#include <stdio.h>

#include "base/array.h"

static const char *const sets[] = { "hardware", "default", "active" };

static const struct {
	const char *title, *group, *member;
} rows[] = {
	{ "checksum IPv4", "checksum", "ipv4" },
	{ "checksum TCP", "checksum", "tcp" },
	{ "checksum UDP", "checksum", "udp" },
	{ "LSO IPv4", "lso", "ipv4" },
	{ "LSO IPv6", "lso", "ipv6" },
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

void print_offloads(json_t *offloads)
{
	if (json_object_size(offloads) == 0)
		return;
	printf("  offloads          ");
	for (size_t i = 0; i < 3; i++) {
		if (json_object_get(offloads, sets[i]))
			printf("  %10s", sets[i]);
	}
	printf("\n");
	for (size_t row = 0; row < ARRAY_COUNT(rows); row++) {
		printf("    %-16s", rows[row].title);
		for (size_t i = 0; i < 3; i++) {
			json_t *set = json_object_get(offloads, sets[i]);

			if (set)
				print_value(json_object_get(json_object_get(set, rows[row].group),
							    rows[row].member));
		}
		printf("\n");
	}
}
