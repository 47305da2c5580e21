/* SPDX-License-Identifier: MIT */
#ifndef HOST_PORT_H
#define HOST_PORT_H

#include "host/nic.h"

/* port_note_status() - what the adapter is like now, for `netcx show`. On the worker. */
void port_note_status(struct port *port);

#endif
