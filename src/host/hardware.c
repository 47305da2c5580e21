/* SPDX-License-Identifier: MIT */
#include "host/hardware.h"

_Static_assert(BUS_REGIONS <= WDF_REGIONS && BUS_INTERRUPTS <= WDF_INTERRUPTS,
	       "what the bus hands out has room in a resource list");

static unsigned read_config(void *context, unsigned offset, void *to, unsigned length)
{
	return bus_config_read(context, offset, to, length);
}

static unsigned write_config(void *context, unsigned offset, const void *from, unsigned length)
{
	return bus_config_write(context, offset, from, length);
}

void hardware_to_config(struct bus *bus, struct wdf_device_config *config)
{
	if (!bus)
		return;
	for (unsigned i = 0; i < BUS_REGIONS; i++)
		config->regions[i] =
			(struct wdf_region){ .physical = bus->physical[i],
					     .length = bus->identity->regions[i].length };
	config->interrupts = bus->interrupts;
	config->interrupt_count = bus->interrupt_count;
	config->dma = bus->dma;
	config->config_space = (struct wdf_config_space){ .context = bus,
							  .read = read_config,
							  .write = write_config };
}
