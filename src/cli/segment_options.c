/* SPDX-License-Identifier: MIT */
#include "cli/segment_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "cli/cli.h"
#include "cli/segment_tunnel.h"

enum {
	OPT_MTU = 256,
	OPT_MSS,
	OPT_UDP_MSS,
	OPT_LIST,
	OPT_HANDSHAKE,
	OPT_ECN,
	OPT_ID,
	OPT_TUNNEL,
	OPT_KEEP,
	OPT_FIX,
	OPT_FORMAT,
	OPT_STATS,
	OPT_JSON,
};

static const struct option options[] = {
	{ "mtu", required_argument, NULL, OPT_MTU },
	{ "mss", required_argument, NULL, OPT_MSS },
	{ "udp-mss", required_argument, NULL, OPT_UDP_MSS },
	{ "mss-from-handshake", no_argument, NULL, OPT_HANDSHAKE },
	{ "ecn", required_argument, NULL, OPT_ECN },
	{ "fix-checksums", no_argument, NULL, OPT_FIX },
	{ "mss-list", required_argument, NULL, OPT_LIST },
	{ "ip-id", required_argument, NULL, OPT_ID },
	{ "tunnel", required_argument, NULL, OPT_TUNNEL },
	{ "keep-small", no_argument, NULL, OPT_KEEP },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "stats", no_argument, NULL, OPT_STATS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ 0 },
};

/* On the way through the options. */
struct reading {
	struct segment_rules *rules;
	struct segment_wishes *wishes;
	/* Of sizes, until it is known that they go together. */
	const char *list; /* a file's name */
	int ways;         /* of mtu, mss and list */
	bool handshake;
};

/* number() - a whole number from 1 on, or from 0 with @zero */
static bool number(const char *text, bool zero, uint32_t *value)
{
	unsigned long long v;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	v = strtoull(text, &end, 10);
	if (errno || *end || v > UINT32_MAX || (v == 0 && !zero))
		return false;
	*value = (uint32_t)v;
	return true;
}

/* add_size() - one more. @room: of the list, sizes */
static bool add_size(struct segment_rules *rules, struct segment_wishes *wishes, uint32_t size,
		     size_t *room)
{
	if (rules->list_length == *room) {
		size_t more = *room ? 2 * *room : 1024;
		uint32_t *list = realloc(wishes->list, more * sizeof(*list));

		if (!list)
			return false;
		rules->list = wishes->list = list;
		*room = more;
	}
	wishes->list[rules->list_length++] = size;
	return true;
}

static int read_sizes(struct segment_rules *rules, struct segment_wishes *wishes, FILE *file,
		      const char *path)
{
	size_t room = 0;
	char line[64];
	uint32_t size;

	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\r\n")] = 0;
		if (!number(line, true, &size))
			return cli_error(CLI_FAILED, "segment", "%s:%zu: '%s' is not an MSS", path,
					 rules->list_length + 1, line);
		if (!add_size(rules, wishes, size, &room))
			return cli_error(CLI_FAILED, "segment", "out of memory");
	}
	if (ferror(file))
		return cli_error(CLI_FAILED, "segment", "%s: %s", path, strerror(errno));
	if (rules->list_length == 0)
		return cli_error(CLI_FAILED, "segment", "%s: it is empty", path);
	return CLI_OK;
}

static int read_list(struct segment_rules *rules, struct segment_wishes *wishes, const char *path)
{
	FILE *file = fopen(path, "r");
	int code;

	if (!file)
		return cli_error(CLI_FAILED, "segment", "%s: %s", path, strerror(errno));
	code = read_sizes(rules, wishes, file, path);
	fclose(file);
	return code;
}

static int read_size(const char *option, const char *text, uint32_t least, uint32_t *value)
{
	if (number(text, false, value) && *value >= least && *value <= 65535)
		return CLI_OK;
	return cli_error(CLI_USAGE, "segment", "--%s %s: %u to 65535 is expected", option, text,
			 least);
}

static int read_ip_id(struct segment_rules *rules, const char *text)
{
	if (strcmp(text, "ndis") && strcmp(text, "linux"))
		return cli_error(CLI_USAGE, "segment", "--ip-id %s: ndis or linux is expected",
				 text);
	rules->ip_id = strcmp(text, "ndis") ? LSO_IP_ID_LINUX : LSO_IP_ID_NDIS;
	return CLI_OK;
}

static int read_ecn(struct segment_rules *rules, const char *text)
{
	static const char *const kinds[] = { [SEGMENT_ECN_FLOW] = "flow",
					     [SEGMENT_ECN_CLASSIC] = "classic",
					     [SEGMENT_ECN_ACCURATE] = "accurate" };

	for (unsigned i = 0; i < ARRAY_COUNT(kinds); i++) {
		if (strcmp(text, kinds[i]) == 0) {
			rules->ecn = (enum segment_ecn)i;
			return CLI_OK;
		}
	}
	return cli_error(CLI_USAGE, "segment", "--ecn %s: flow, classic or accurate is expected",
			 text);
}

static int read_option(struct reading *r, int option, const char *value)
{
	struct segment_rules *rules = r->rules;

	switch (option) {
	case OPT_MTU:
		r->ways++;
		rules->mtu_told = true;
		return read_size("mtu", value, 68, &rules->mtu);
	case OPT_MSS:
		r->ways++;
		return read_size("mss", value, 1, &rules->mss);
	case OPT_UDP_MSS:
		return read_size("udp-mss", value, 1, &rules->udp_mss);
	case OPT_LIST:
		r->ways++;
		r->list = value;
		return CLI_OK;
	case OPT_HANDSHAKE:
		r->handshake = true;
		return CLI_OK;
	case OPT_ECN:
		return read_ecn(rules, value);
	case OPT_ID:
		return read_ip_id(rules, value);
	case OPT_TUNNEL:
		return segment_read_tunnel(&rules->tunnels, value);
	case OPT_KEEP:
		rules->keep_small = true;
		return CLI_OK;
	case OPT_FIX:
		rules->all_checksums = true;
		return CLI_OK;
	case OPT_FORMAT:
		r->wishes->format = value;
		if (!strcmp(value, "pcap") || !strcmp(value, "pcapng"))
			return CLI_OK;
		return cli_error(CLI_USAGE, "segment", "--format %s: pcap or pcapng is expected",
				 value);
	case OPT_JSON:
		r->wishes->json = true;
		return CLI_OK;
	default:
		r->wishes->stats = true;
		return CLI_OK;
	}
}

int segment_read_options(struct segment_rules *rules, struct segment_wishes *wishes, int argc,
			 char **argv)
{
	struct reading r = { .rules = rules, .wishes = wishes };
	int o, code;

	while ((o = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (o == '?' || o == ':')
			return cli_bad_option("segment", argv, o);
		code = read_option(&r, o, optarg);
		if (code != CLI_OK)
			return code;
	}
	if (r.ways > 1)
		return cli_error(CLI_USAGE, "segment",
				 "one of --mtu, --mss and --mss-list is enough");
	if (r.list && (r.handshake || rules->udp_mss))
		return cli_error(
			CLI_USAGE, "segment",
			"--mss-list tells the size of each packet: no --mss-from-handshake or --udp-mss");
	if (rules->tunnels.none && rules->tunnels.count)
		return cli_error(CLI_USAGE, "segment",
				 "--tunnel none looks for none: no --tunnel KIND:PORT beside it");
	if (rules->keep_small && rules->all_checksums)
		return cli_error(CLI_USAGE, "segment",
				 "--keep-small leaves what --fix-checksums is to change");
	if (argc - optind != 2)
		return cli_error(CLI_USAGE, "segment",
				 "an input and an output are expected: netcx segment IN OUT");
	rules->handshake = r.handshake || !r.ways;
	return r.list ? read_list(rules, wishes, r.list) : CLI_OK;
}
