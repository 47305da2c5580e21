/* SPDX-License-Identifier: MIT */
#include "cx/adapter.h"
#include "ndis/ndis.h"

void ndis_enable_wake(struct ndis_port *port, bool wake)
{
	struct cx_power_flags flags = { 0 };

	if (!port->adapter)
		return;
	if (wake)
		flags.wake_patterns =
			port->adapter->power.caps.wake_patterns & CX_WAKE_MAGIC_PACKET;
	cx_power_enable(port->adapter, &flags);
}
