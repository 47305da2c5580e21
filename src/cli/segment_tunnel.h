/* SPDX-License-Identifier: MIT */
/* The --tunnel option of `netcx segment`. */
#ifndef CLI_SEGMENT_TUNNEL_H
#define CLI_SEGMENT_TUNNEL_H

#include "segment/tunnel.h"

/* segment_read_tunnel() - "none", or KIND:PORT, one more. Return: CLI_OK, or CLI_USAGE and said. */
int segment_read_tunnel(struct segment_tunnels *tunnels, const char *text);

#endif
