/* SPDX-License-Identifier: MIT */
/* Between a device on the bus and the PnP manager's view of it. */
#ifndef HOST_HARDWARE_H
#define HOST_HARDWARE_H

#include "device/bus.h"
#include "wdf/device.h"

/*
 * hardware_to_config() - regions, interrupts, memory and configuration space of @bus into @config
 * @bus: NULL: the device has no hardware, and @config stays as it is
 */
void hardware_to_config(struct bus *bus, struct wdf_device_config *config);

#endif
