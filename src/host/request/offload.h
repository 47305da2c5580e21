/* SPDX-License-Identifier: MIT */
/* The request "offload" of control/protocol.h, and how a set of offloads is shown. */
#ifndef HOST_REQUEST_OFFLOAD_H
#define HOST_REQUEST_OFFLOAD_H

#include "host/request/request.h"

/*
 * show_state() - a set of capabilities, SET in control/protocol.h
 * @fine: the driver tells directions and families apart (cx_offload.fallback)
 */
json_t *show_state(const struct cx_offload_state *state, bool fine);

/* show_offloads() - an adapter's sets, "offloads" in control/protocol.h. Under the nic's lock. */
json_t *show_offloads(const struct port_status *status);

/* request_offload() - Return: the reply, or NULL when it comes from the worker. */
json_t *request_offload(const struct request *request);

#endif
