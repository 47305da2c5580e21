/* SPDX-License-Identifier: MIT */
/* How `netcx sleep` writes what wakes an adapter and what it answers in its sleep. */
#ifndef CONTROL_WAKE_TEXT_H
#define CONTROL_WAKE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define WAKE_TEXT_BYTES   256 /* of a pattern */
#define WAKE_TEXT_ENTRIES 16  /* of a kind, in one request */

/* The beginning of a packet. */
struct wake_pattern {
	uint8_t bytes[WAKE_TEXT_BYTES];
	uint8_t mask[WAKE_TEXT_BYTES / 8]; /* a bit for each byte that counts, the lowest first */
	size_t length;                     /* bytes */
};

/*
 * wake_pattern_read() - "ffffffffffffxxxxxxxxxxxx0806": two hexadecimal digits a byte, xx for any
 * byte, colons between bytes or not
 * wake_arp_read() - "10.0.0.5" or "10.0.0.5,10.0.0.1": who is asked for, and who asks; no remote is
 * zeros
 * wake_ns_read() - "fe80::1" or "fe80::1,2001:db8::1": one or two addresses with the same
 * solicited-node address; no second is zeros
 * Return: false with one sentence in *@error, without the text itself.
 */
bool wake_pattern_read(const char *text, struct wake_pattern *pattern, struct error *error);
bool wake_arp_read(const char *text, uint8_t host[4], uint8_t remote[4], struct error *error);
bool wake_ns_read(const char *text, uint8_t targets[2][16], struct error *error);

#endif
