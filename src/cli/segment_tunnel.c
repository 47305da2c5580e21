/* SPDX-License-Identifier: MIT */
#include "cli/segment_tunnel.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/cli.h"

static const struct {
	const char *name;
	enum lso_tunnel_kind kind;
} kinds[] = {
	{ "vxlan", LSO_TUNNEL_VXLAN },   { "vxlan-gpe", LSO_TUNNEL_VXLAN_GPE },
	{ "geneve", LSO_TUNNEL_GENEVE }, { "gtpu", LSO_TUNNEL_GTPU },
	{ "gue", LSO_TUNNEL_GUE },       { "fou", LSO_TUNNEL_FOU },
	{ "gre", LSO_TUNNEL_GRE },       { "mpls", LSO_TUNNEL_MPLS },
	{ "udp", LSO_TUNNEL_NONE },
};

static bool read_kind(const char *text, size_t length, uint8_t *kind)
{
	for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
		if (strlen(kinds[i].name) == length && !memcmp(kinds[i].name, text, length)) {
			*kind = (uint8_t)kinds[i].kind;
			return true;
		}
	}
	return false;
}

static bool read_port(const char *text, uint16_t *port)
{
	unsigned long value;
	char *end;

	if (*text < '0' || *text > '9' || strlen(text) > 5)
		return false;
	value = strtoul(text, &end, 10);
	*port = (uint16_t)value;
	return !*end && value >= 1 && value <= 65535;
}

int segment_read_tunnel(struct segment_tunnels *tunnels, const char *text)
{
	const char *colon = strchr(text, ':');
	struct lso_tunnel_port told;

	if (!strcmp(text, "none")) {
		tunnels->none = true;
		return CLI_OK;
	}
	if (!read_kind(text, colon ? (size_t)(colon - text) : strlen(text), &told.kind))
		return cli_error(
			CLI_USAGE, "segment",
			"--tunnel %s: none or KIND:PORT is expected, KIND one of vxlan, vxlan-gpe, geneve, gtpu, gue, fou, gre, mpls, udp",
			text);
	if (!colon || !read_port(colon + 1, &told.port))
		return cli_error(
			CLI_USAGE, "segment",
			"--tunnel %s: a UDP port, 1 to 65535, is expected behind the colon", text);
	for (size_t i = 0; i < tunnels->count; i++) {
		if (tunnels->ports[i].port == told.port)
			return cli_error(CLI_USAGE, "segment",
					 "--tunnel %s: that port has been told before", text);
	}
	if (tunnels->count == SEGMENT_TUNNEL_PORTS)
		return cli_error(CLI_USAGE, "segment", "--tunnel %s: %d ports at most", text,
				 SEGMENT_TUNNEL_PORTS);
	tunnels->ports[tunnels->count++] = told;
	return CLI_OK;
}
