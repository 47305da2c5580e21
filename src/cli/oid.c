/* SPDX-License-Identifier: MIT */
/* netcx oid */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/client.h"

#define MOST_DATA   4096
#define MOST_LENGTH 65536

static const char help[] =
	"Usage: netcx oid [ADAPTER] query|set|method OID [DATA] [--length BYTES] [--json]\n"
	"\n"
	"Sends an OID request to an adapter, as NDIS does: it reaches the driver's NETREQUEST queue\n"
	"(or NetAdapterCx, for its own OIDs; OID_TCP_OFFLOAD_CURRENT_CONFIG and\n"
	"_HARDWARE_CAPABILITIES are answered by NDIS). Prints how it was completed, and the answer.\n"
	"\n"
	"  ADAPTER         an adapter's name, the name of its TAP, or the pid of its host; may be\n"
	"                  left out when there is one\n"
	"  OID             a name, OID_GEN_STATISTICS or GEN_STATISTICS, or a number, 0x20106\n"
	"  DATA            of set and method: a number (a ULONG, 11 or 0xB), or bytes: 01:00:5e:...\n"
	"                  or hex:0a0b\n"
	"  --length BYTES  room for the answer; default: what the OID needs, else 256\n"
	"  --json          print the reply as JSON\n"
	"\n"
	"Exit codes: 0 completed with success, 1 not, or no such adapter, 2 wrong usage.\n"
	"\n"
	"Examples:\n"
	"  netcx oid query OID_GEN_STATISTICS\n"
	"  netcx oid set OID_GEN_CURRENT_PACKET_FILTER 0x2B   # and promiscuous\n"
	"  netcx oid set OID_802_3_MULTICAST_LIST 01:00:5e:00:00:fb,33:33:00:00:00:fb\n";

static const struct option options[] = { { "length", required_argument, NULL, 'l' },
					 { "json", no_argument, NULL, 'j' },
					 { 0 } };

/* A number of 32 bits, decimal or 0x... */
static bool number_of(const char *text, uint32_t *number)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	value = strtoull(text, &end, text[0] == '0' && tolower(text[1]) == 'x' ? 16 : 10);
	*number = (uint32_t)value;
	return *end == '\0' && errno == 0 && value <= UINT32_MAX;
}

/* Bytes of two digits each, with colons, commas or nothing between them. */
static bool bytes_of(const char *text, char *hex)
{
	size_t n = 0;

	while (*text) {
		if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]) ||
		    n + 2 > 2 * MOST_DATA)
			return false;
		hex[n++] = text[0];
		hex[n++] = text[1];
		text += 2;
		if (*text && strchr(":,-", *text))
			text++;
	}
	hex[n] = '\0';
	return n > 0;
}

static json_t *data_of(const char *text)
{
	char hex[2 * MOST_DATA + 1];
	uint32_t number;

	if (strncmp(text, "hex:", 4) != 0 && number_of(text, &number)) {
		for (int i = 0; i < 4; i++)
			snprintf(hex + 2 * i, 3, "%02x", number >> 8 * i & 0xFF);
		return json_string(hex);
	}
	if (strncmp(text, "hex:", 4) == 0)
		text += 4;
	return bytes_of(text, hex) ? json_string(hex) : NULL;
}

static bool is_type(const char *word)
{
	return word && (!strcmp(word, "query") || !strcmp(word, "set") || !strcmp(word, "method"));
}

static void print_value(json_t *value, int indent)
{
	const char *name;
	json_t *member;
	size_t i;

	if (json_is_object(value)) {
		json_object_foreach(value, name, member)
		{
			bool nested = json_is_object(member) || json_is_array(member);

			printf("%*s%s:%s", indent, "", name, nested ? "\n" : " ");
			print_value(member, nested ? indent + 2 : 0);
		}
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, member)
			printf("%*s%s\n", indent, "", json_string_value(member));
	} else if (json_is_integer(value)) {
		printf("%*s%lld\n", indent, "", (long long)json_integer_value(value));
	} else if (json_is_boolean(value)) {
		printf("%*s%s\n", indent, "", json_is_true(value) ? "yes" : "no");
	} else {
		printf("%*s%s\n", indent, "", json_string_value(value));
	}
}

static void print_bytes(const char *hex)
{
	for (size_t i = 0; hex[0] && hex[1]; hex += 2, i++)
		printf("%s%.2s", i == 0 ? "  " : i % 16 ? " " : "\n  ", hex);
	putchar('\n');
}

static void print(json_t *reply)
{
	json_t *value = json_object_get(reply, "value");
	const char *name = json_text(reply, "oid"), *data = json_text(reply, "data");
	long long needed = json_integer_value(json_object_get(reply, "bytes_needed"));
	bool set = strcmp(json_text(reply, "type"), "set") == 0;

	printf("%s: %s ", json_text(reply, "adapter"), json_text(reply, "type"));
	if (*name)
		printf("%s", name);
	else
		printf("OID 0x%08llx", json_integer_value(json_object_get(reply, "number")));
	printf(": %s", json_text(reply, "status"));
	if (json_integer_value(json_object_get(reply, "status_number")) == 0xC00000BB)
		printf(": nobody handles it");
	else if (needed)
		printf(", %lld bytes needed", needed);
	else if (set)
		printf(", %lld bytes read",
		       json_integer_value(json_object_get(reply, "bytes_read")));
	putchar('\n');
	if (value)
		print_value(value, 2);
	else if (*data)
		print_bytes(data);
}

static json_t *request_of(const char *type, const char *oid, const char *data)
{
	json_t *request = json_pack("{s:s,s:s}", "op", "oid", "type", type), *bytes;
	uint32_t number;

	if (number_of(oid, &number))
		json_object_set_new(request, "oid", json_integer(number));
	else
		json_object_set_new(request, "oid", json_string(oid));
	if (!data)
		return request;
	bytes = data_of(data);
	if (!bytes) {
		json_decref(request);
		return NULL;
	}
	json_object_set_new(request, "data", bytes);
	return request;
}

static int read_words(int argc, char **argv, const char **adapter, json_t **request)
{
	int at = optind;

	*adapter = NULL;
	if (!is_type(argv[at]) && argc - at > 1)
		*adapter = argv[at++];
	if (!is_type(argv[at]))
		return cli_error(CLI_USAGE, "oid", "%s: query, set or method is expected",
				 argv[at] ? argv[at] : "nothing");
	if (argc - at < 2)
		return cli_error(CLI_USAGE, "oid", "which OID? A name or a number is expected");
	if (argc - at > 3)
		return cli_error(CLI_USAGE, "oid", "%s: that is one too many", argv[at + 3]);
	if (argc - at == 3 && strcmp(argv[at], "query") == 0)
		return cli_error(CLI_USAGE, "oid", "%s: a query takes no data", argv[at + 2]);
	*request = request_of(argv[at], argv[at + 1], argv[at + 2]);
	if (!*request)
		return cli_error(
			CLI_USAGE, "oid",
			"%s: a number, or up to %d bytes of two hexadecimal digits, are expected",
			argv[at + 2], MOST_DATA);
	return CLI_OK;
}

static int oid(int argc, char **argv)
{
	const char *adapter;
	json_t *request = NULL, *reply;
	uint32_t length = MOST_LENGTH + 1;
	bool json = false, success;
	int option, result;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
		if (option == '?' || option == ':')
			return cli_bad_option("oid", argv, option);
		json = json || option == 'j';
		if (option == 'l' && (!number_of(optarg, &length) || length > MOST_LENGTH))
			return cli_error(CLI_USAGE, "oid",
					 "--length %s: bytes are expected, at most %d", optarg,
					 MOST_LENGTH);
	}
	result = read_words(argc, argv, &adapter, &request);
	if (result != CLI_OK)
		return result;
	if (length <= MOST_LENGTH)
		json_object_set_new(request, "length", json_integer(length));
	reply = ask_adapter("oid", adapter, request);
	if (!reply)
		return CLI_FAILED;
	success = json_is_true(json_object_get(reply, "success"));
	if (json)
		print_reply(reply);
	else
		print(reply);
	json_decref(reply);
	return success ? CLI_OK : CLI_FAILED;
}

const struct cli_command cli_oid = { "oid", "send an OID request to an adapter", help, oid };
