/* SPDX-License-Identifier: MIT */
#ifndef HOST_REQUEST_SHOW_H
#define HOST_REQUEST_SHOW_H

#include "host/nic.h"

/* show_port() - one adapter as control/protocol.h describes it. The main thread; never waits for a
 * driver.
 */
json_t *show_port(struct nic *nic, struct port *port);

/* show_name() - what an adapter is called; before NetAdapterCreate the nic's name. */
void show_name(struct nic *nic, const struct port *port, char name[64]);

/* show_coalesce() - are received frames coalesced: wanted, and the stack edge takes super-packets?
 */
bool show_coalesce(const struct port *port);

/* show_text() - a name or a path; those are the user's bytes, and JSON takes UTF-8 alone. */
json_t *show_text(const char *bytes);

#endif
