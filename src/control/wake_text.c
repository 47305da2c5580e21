/* SPDX-License-Identifier: MIT */
#include "control/wake_text.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"

/* One byte. Return: how it is written, 2 characters; 0: it is none. */
static size_t read_byte(const char *text, uint8_t *byte, bool *counts)
{
	unsigned high = hex_digit((unsigned char)text[0]), low;

	*counts = !(text[0] == 'x' && text[1] == 'x');
	*byte = 0;
	if (!*counts)
		return 2;
	low = high < 16 ? hex_digit((unsigned char)text[1]) : 16;
	if (low > 15)
		return 0;
	*byte = (uint8_t)(high << 4 | low);
	return 2;
}

bool wake_pattern_read(const char *text, struct wake_pattern *pattern, struct error *error)
{
	bool counts, any = false;

	memset(pattern, 0, sizeof(*pattern));
	for (const char *at = text; *at;) {
		size_t i = pattern->length, taken;

		if (*at == ':' && i && at[1])
			at++;
		if (i == WAKE_TEXT_BYTES)
			return error_set(error, "a pattern has at most %d bytes", WAKE_TEXT_BYTES);
		taken = read_byte(at, &pattern->bytes[i], &counts);
		if (!taken)
			return error_set(
				error,
				"two hexadecimal digits or xx are expected for byte %zu, not \"%.2s\"",
				i + 1, at);
		pattern->mask[i / 8] |= (uint8_t)(counts << i % 8);
		any |= counts;
		pattern->length++;
		at += taken;
	}
	if (!any)
		return error_set(error, "a pattern has at least one byte that is not xx");
	return true;
}

/* The part before a comma, and what follows it; NULL: nothing does. */
static bool split(const char *text, char *first, size_t size, const char **second)
{
	const char *comma = strchr(text, ',');
	size_t length = comma ? (size_t)(comma - text) : strlen(text);

	*second = comma ? comma + 1 : NULL;
	return snprintf(first, size, "%.*s", (int)length, text) < (int)size;
}

bool wake_arp_read(const char *text, uint8_t host[4], uint8_t remote[4], struct error *error)
{
	static const uint8_t nobody[4];
	char first[INET6_ADDRSTRLEN];
	const char *second;

	memset(remote, 0, 4);
	if (!split(text, first, sizeof(first), &second) || inet_pton(AF_INET, first, host) != 1)
		return error_set(error, "an IPv4 address is expected");
	if (!memcmp(host, nobody, 4) || host[0] >= 224)
		return error_set(error, "nobody asks for %s: a host's address is expected", first);
	if (second && inet_pton(AF_INET, second, remote) != 1)
		return error_set(error, "after the comma the address of who asks is expected");
	return true;
}

bool wake_ns_read(const char *text, uint8_t targets[2][16], struct error *error)
{
	static const uint8_t nobody[16];
	char first[INET6_ADDRSTRLEN];
	const char *second;

	memset(targets[1], 0, 16);
	if (!split(text, first, sizeof(first), &second) ||
	    inet_pton(AF_INET6, first, targets[0]) != 1)
		return error_set(error, "an IPv6 address is expected");
	if (!memcmp(targets[0], nobody, 16) || targets[0][0] == 0xff)
		return error_set(error, "nobody solicits %s: a host's address is expected", first);
	if (!second)
		return true;
	if (inet_pton(AF_INET6, second, targets[1]) != 1)
		return error_set(error, "after the comma a second IPv6 address is expected");
	if (memcmp(targets[0] + 13, targets[1] + 13, 3) != 0)
		return error_set(
			error,
			"two addresses of one offload end in the same three bytes: they share a solicited-node address");
	return true;
}
