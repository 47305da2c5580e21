/* SPDX-License-Identifier: MIT */
/*
 * Capture files. As the stack: a capture taken on a sending host is read, its packets are what the
 * stack hands over, super-packets and unfinished checksums among them. As the wire: what the
 * adapter sends is written.
 */
#include "edge/pcap.h"

#include <string.h>

#include "base/output.h"

#define PREFIX "pcap:"

struct edge *edge_pcap_open(const char *argument, const struct edge_config *config,
			    struct error *error)
{
	if (!*argument)
		return error_set(error, "the file's name is missing; '-' is the standard %s",
				 config->role == EDGE_STACK ? "input" : "output");
	return config->role == EDGE_STACK ? edge_pcap_reader(argument, config, error)
					  : edge_pcap_writer(argument, error);
}

bool edge_same_file(const char *stack, const char *wire)
{
	size_t prefix = strlen(PREFIX);

	return strncmp(stack, PREFIX, prefix) == 0 && strncmp(wire, PREFIX, prefix) == 0 &&
	       output_is_input(stack + prefix, wire + prefix);
}
