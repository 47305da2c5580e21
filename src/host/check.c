/* SPDX-License-Identifier: MIT */
/*
 * What can be said against adapters before anything of them is touched: no device made, no file
 * written, no driver loaded.
 */
#include "host/check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"

/* A locally administered address that two hosts on one machine do not share. */
static void make_up_mac(uint8_t mac[6], const char *name)
{
	uint32_t hash = hash_text(HASH_START ^ (uint32_t)getpid(), name);

	mac[0] = 0x02;
	mac[1] = 0x6E;
	for (int i = 0; i < 4; i++)
		mac[2 + i] = (uint8_t)(hash >> 8 * i);
}

int check_mac(uint8_t mac[6], const char *text, const char *name, struct error *error)
{
	char end;

	if (!text) {
		make_up_mac(mac, name);
		return NETCX_OK;
	}
	if (strlen(text) != 17 || sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%c", &mac[0],
					 &mac[1], &mac[2], &mac[3], &mac[4], &mac[5], &end) != 6)
		return error_number(error, NETCX_USAGE,
				    "--mac %s: an address such as 02:00:00:00:00:01 is expected",
				    text);
	if (mac[0] & 1)
		return error_number(error, NETCX_USAGE, "--mac %s: that is a multicast address",
				    text);
	if (!memcmp(mac, "\0\0\0\0\0", 6))
		return error_number(error, NETCX_USAGE, "--mac %s: that is nobody's address", text);
	return NETCX_OK;
}

static int check_model(const char *device, struct error *error)
{
	char room[256];
	struct text list = text_in(room, sizeof(room));

	for (const char *const *m = device_models(); *m; m++) {
		if (strcmp(*m, device) == 0)
			return NETCX_OK;
		text_add(&list, "%s%s", list.length ? ", " : "", *m);
	}
	return error_number(error, NETCX_USAGE, "--device %s: no such model; there is %s", device,
			    room);
}

int check_os(const char *text, struct inf_os *os, struct error *error)
{
	if (inf_os_parse(text, os, error))
		return NETCX_OK;
	error_prefix(error, "--os %.60s: ", text);
	return NETCX_USAGE;
}

/* A network device that is to be made: its name, and the namespace it is in. */
struct tap_name {
	const char *name;
	size_t length;
	const char *netns;
};

static bool find_tap(const char *spec, const char *netns, struct tap_name *tap)
{
	if (!spec || strncmp(spec, "tap:", 4) != 0)
		return false;
	*tap = (struct tap_name){ .name = spec + 4,
				  .length = strcspn(spec + 4, ","),
				  .netns = netns ? netns : "" };
	/* The kernel finds a free name for a pattern. */
	return !memchr(tap->name, '%', tap->length);
}

/* One TAP cannot be in front of two adapters, even where the kernel allows it for its queues. */
static bool same_tap(const char *a, const char *a_netns, const char *b, const char *b_netns)
{
	struct tap_name x, y;

	return find_tap(a, a_netns, &x) && find_tap(b, b_netns, &y) && x.length == y.length &&
	       memcmp(x.name, y.name, x.length) == 0 && strcmp(x.netns, y.netns) == 0;
}

/* It stands in lines of the log, in a file's name and on command lines. */
static int check_name(const char *name, struct error *error)
{
	for (const char *at = name; at && *at; at++) {
		if ((unsigned char)*at < ' ' || *at == 0x7F)
			return error_number(
				error, NETCX_USAGE,
				"--name: a name has no control characters; there is one (0x%02X) behind \"%.*s\"",
				(unsigned char)*at, (int)(at - name > 60 ? 60 : at - name), name);
	}
	return NETCX_OK;
}

/* The two ends of an adapter are two things. */
static int check_ends(const struct netcx_adapter_config *config, struct error *error)
{
	if (!config->stack || !config->wire)
		return NETCX_OK;
	if (edge_same_file(config->stack, config->wire))
		return error_number(error, NETCX_USAGE,
				    "--stack %s, --wire %s: input and output are the same file",
				    config->stack, config->wire);
	if (same_tap(config->stack, config->netns, config->wire, NULL))
		return error_number(
			error, NETCX_USAGE,
			"--stack %s, --wire %s: one TAP cannot be both ends of an adapter",
			config->stack, config->wire);
	return NETCX_OK;
}

/* The range of numbers, the form of the rest. */
int check_config(const struct netcx_adapter_config *config, struct error *error)
{
	struct inf_os os;
	uint8_t mac[6];
	int r = NETCX_OK;

	if (!config->driver || config->driver[0] == '\0')
		return error_number(error, NETCX_USAGE, "the driver's shared object is missing");
	if (config->wire && !config->device && strcmp(config->wire, "null") != 0)
		return error_number(
			error, NETCX_USAGE,
			"--wire needs --device: without hardware there is no connector");
	if (config->mtu && (config->mtu < NETCX_LEAST_MTU || config->mtu > NETCX_MOST_MTU))
		return error_number(error, NETCX_USAGE,
				    "--mtu %u: an MTU from %d to %d is expected", config->mtu,
				    NETCX_LEAST_MTU, NETCX_MOST_MTU);
	if (config->tx_queues > NETCX_MOST_TX_QUEUES)
		return error_number(error, NETCX_USAGE, "--tx-queues %u: 1 to %d is expected",
				    config->tx_queues, NETCX_MOST_TX_QUEUES);
	r = check_mac(mac, config->mac, "", error);
	if (r == NETCX_OK && config->device)
		r = check_model(config->device, error);
	if (r == NETCX_OK && config->code_page && !inf_code_page_known(config->code_page))
		r = error_number(
			error, NETCX_USAGE,
			"--codepage %u: no code page that iconv(3) knows; 1252, 932 and 65001 for UTF-8 are some",
			config->code_page);
	if (r == NETCX_OK && config->os)
		r = check_os(config->os, &os, error);
	if (r == NETCX_OK)
		r = nic_check_settings(config, error);
	if (r == NETCX_OK)
		r = check_name(config->name, error);
	if (r == NETCX_OK)
		r = check_ends(config, error);
	return r;
}

/* ---- several beside each other ---- */

/* A capture that one of them writes. */
static bool same_capture(const char *a, const char *wire)
{
	return a && wire && strncmp(wire, "pcap:", 5) == 0 &&
	       (strcmp(a, wire) == 0 || edge_same_file(a, wire));
}

int check_apart(const struct netcx_adapter_config *a, const struct netcx_adapter_config *b,
		struct error *error)
{
	const char *option = NULL, *value = NULL;

	if (a->name && b->name && strcmp(a->name, b->name) == 0)
		return error_number(error, NETCX_USAGE, "the name is there twice");
	if (same_tap(a->stack, a->netns, b->stack, b->netns) ||
	    same_tap(a->wire, NULL, b->stack, b->netns) || same_capture(b->stack, a->wire)) {
		option = "stack";
		value = b->stack;
	} else if (same_tap(a->stack, a->netns, b->wire, NULL) ||
		   same_tap(a->wire, NULL, b->wire, NULL) || same_capture(a->stack, b->wire) ||
		   same_capture(a->wire, b->wire)) {
		option = "wire";
		value = b->wire;
	}
	if (!option)
		return NETCX_OK;
	return error_number(error, NETCX_USAGE, "--%s %s: adapter \"%s\" has it already", option,
			    value, a->name ? a->name : "Ethernet");
}
