/* SPDX-License-Identifier: MIT */
/*
 * How a driver of one API shape of NetAdapterCx is spoken to. A shape is a set of versions that are
 * binary compatible; each has its folder below cx/api and one constant table of this type. A device
 * gets its table from the DDI that its driver calls first; the core never asks which shape it is.
 *
 * All functions run at PASSIVE_LEVEL on the device's worker unless said otherwise.
 */
#ifndef CX_CLIENT_H
#define CX_CLIENT_H

#include <ntddk.h>

struct cx_adapter;
struct cx_offload_request;
struct cx_offload_state;

struct cx_client {
	unsigned major, minor; /* the shape's newest version */

	/*
	 * default_offloads() - active at start: what hardware and keywords allow
	 * merge_offloads() - what a request makes of @state
	 * set_offloads() - tell the driver that this is active from now on, by its callbacks
	 */
	void (*default_offloads)(struct cx_adapter *adapter, struct cx_offload_state *defaults);
	void (*merge_offloads)(const struct cx_adapter *adapter,
			       const struct cx_offload_request *request,
			       struct cx_offload_state *state);
	void (*set_offloads)(struct cx_adapter *adapter, const struct cx_offload_state *active);
};

#endif
