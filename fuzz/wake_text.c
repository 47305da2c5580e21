/* SPDX-License-Identifier: MIT */
/*
 * Fuzz target: any bytes as a pattern, as ARP's addresses and as neighbour discovery's, the first
 * byte says as what. Each is read, or there is a reason.
 */
#include "control/wake_text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t targets[2][16], host[4], remote[4];
	struct error why = { "" };
	struct wake_pattern pattern;
	bool read;
	char *text;

	if (!size)
		return 0;
	text = strndup((const char *)data + 1, size - 1);
	if (!text)
		return 0;
	if (data[0] % 3 == 0)
		read = wake_pattern_read(text, &pattern, &why);
	else if (data[0] % 3 == 1)
		read = wake_arp_read(text, host, remote, &why);
	else
		read = wake_ns_read(text, targets, &why);
	if (!read && !why.text[0])
		abort();
	free(text);
	return 0;
}
