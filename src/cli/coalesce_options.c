/* SPDX-License-Identifier: MIT */
#include "cli/coalesce_options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { OPT_RULES = 1, OPT_UPDATES, OPT_UDP, OPT_FLOWS, OPT_FRAMES, OPT_AGE, OPT_NDIS, OPT_TRUST };
enum { OPT_FORMAT = 100, OPT_STATS, OPT_JSON };

static const struct option options[] = {
	{ "rules", required_argument, NULL, OPT_RULES },
	{ "updates", no_argument, NULL, OPT_UPDATES },
	{ "udp", no_argument, NULL, OPT_UDP },
	{ "flows", required_argument, NULL, OPT_FLOWS },
	{ "frames", required_argument, NULL, OPT_FRAMES },
	{ "age", required_argument, NULL, OPT_AGE },
	{ "ndis-ids", no_argument, NULL, OPT_NDIS },
	{ "trust", no_argument, NULL, OPT_TRUST },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "stats", no_argument, NULL, OPT_STATS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ NULL, 0, NULL, 0 },
};

static int read_number(const char *option, const char *text, uint32_t least, uint32_t most,
		       uint32_t *value)
{
	unsigned long long v = 0;
	char *end = NULL;

	errno = 0;
	if (*text >= '0' && *text <= '9')
		v = strtoull(text, &end, 10);
	if (!end || *end || errno || v < least || v > most)
		return cli_error(CLI_USAGE, "coalesce", "--%s %s: %u to %u is expected", option,
				 text, least, most);
	*value = (uint32_t)v;
	return CLI_OK;
}

static int read_rules(struct lso_coalesce_options *o, const char *text)
{
	if (strcmp(text, "linux") && strcmp(text, "rsc"))
		return cli_error(CLI_USAGE, "coalesce", "--rules %s: linux or rsc is expected",
				 text);
	o->rules = strcmp(text, "rsc") ? LSO_RULES_LINUX : LSO_RULES_RSC;
	return CLI_OK;
}

static int read_age(struct lso_coalesce_options *o, const char *text)
{
	uint32_t age = 0;
	int code = read_number("age", text, 0, UINT32_MAX, &age);

	o->max_age = age ? age * UINT64_C(1000) : UINT64_MAX;
	return code;
}

static int read_option(struct coalesce_wishes *w, int option, const char *value)
{
	struct lso_coalesce_options *o = &w->options;

	switch (option) {
	case OPT_RULES:
		return read_rules(o, value);
	case OPT_UPDATES:
		o->updates = true;
		break;
	case OPT_UDP:
		o->protocols |= LSO_COALESCE_UDP4 | LSO_COALESCE_UDP6;
		break;
	case OPT_FLOWS:
		return read_number("flows", value, 1, 65536, &o->flows);
	case OPT_FRAMES:
		return read_number("frames", value, 1, 65535, &o->max_frames);
	case OPT_AGE:
		return read_age(o, value);
	case OPT_NDIS:
		o->ndis_ip_id = true;
		break;
	case OPT_TRUST:
		w->trust = true;
		break;
	case OPT_FORMAT:
		w->format = value;
		if (strcmp(value, "pcap") && strcmp(value, "pcapng"))
			return cli_error(CLI_USAGE, "coalesce",
					 "--format %s: pcap or pcapng is expected", value);
		break;
	case OPT_STATS:
		w->stats = true;
		break;
	default:
		w->json = true;
	}
	return CLI_OK;
}

int coalesce_read_options(struct coalesce_wishes *wishes, int argc, char **argv)
{
	int o;

	wishes->options.protocols = LSO_COALESCE_TCP4 | LSO_COALESCE_TCP6;
	wishes->options.flows = 256;
	wishes->options.max_age = 1000000;
	while ((o = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		int code = o == '?' || o == ':' ? cli_bad_option("coalesce", argv, o)
						: read_option(wishes, o, optarg);

		if (code != CLI_OK)
			return code;
	}
	if (wishes->options.updates && wishes->options.rules != LSO_RULES_RSC)
		return cli_error(CLI_USAGE, "coalesce", "--updates is for --rules rsc only");
	if (argc - optind != 2)
		return cli_error(CLI_USAGE, "coalesce",
				 "an input and an output are expected: netcx coalesce IN OUT");
	return CLI_OK;
}
