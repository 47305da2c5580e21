/* SPDX-License-Identifier: MIT */
/*
 * A device on the machine's bus: who it is, its register regions, its interrupts, and how it
 * reaches memory. What a model and a device that lives elsewhere have in common; what a network
 * card has beyond that is in nic.h.
 */
#ifndef DEVICE_BUS_H
#define DEVICE_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nt/interrupt.h"
#include "nt/machine.h"

#define BUS_REGIONS     6   /* base address registers, as PCI has */
#define BUS_INTERRUPTS  32  /* messages at most, as MSI has */
#define BUS_CONFIG_SIZE 256 /* bytes of configuration space */

/* Four bytes of configuration space, little endian. */
struct bus_config_word {
	uint8_t at; /* offset, a multiple of 4, behind the header; 0 ends an array of them */
	uint32_t value;
};

/* What a kind of device is to the bus. Constant. */
struct bus_identity {
	uint16_t vendor, device; /* PCI */
	uint8_t revision;
	uint32_t class_code; /* 24 bits: 0x020000 is an Ethernet controller */
	unsigned messages;   /* it interrupts by so many messages; 0: by a line */
	struct {
		size_t length;             /* bytes; 0: no such region */
		struct nt_mmio_ops access; /* context is bus_plug()'s */
	} regions[BUS_REGIONS];
	/*
	 * Its capabilities, each with the offset of the next, from the one that the list begins
	 * with; NULL: it has no list. Drivers read them: what they write there changes nothing, as
	 * power states, interrupts and the link are not in a driver's hands here, nor, by these
	 * registers, on Windows.
	 */
	const struct bus_config_word *capabilities;
	/*
	 * config_read, config_write: for a device that has a configuration space of its own.
	 * [offset, offset + length) lies inside BUS_CONFIG_SIZE. Any thread, any IRQL. NULL: the
	 * bus makes one of the above, in which a driver may write only what PCI lets it write.
	 */
	void (*config_read)(void *context, unsigned offset, void *to, unsigned length);
	void (*config_write)(void *context, unsigned offset, const void *from, unsigned length);
};

/* One device's place on the bus. Embedded in the device, which owns it. */
struct bus {
	const struct bus_identity *identity;
	struct nt_machine *machine;
	struct nt_dma *dma; /* the memory it reaches */
	void *context;
	uint64_t physical[BUS_REGIONS]; /* where each region lies; 0: there is none */
	struct nt_interrupt interrupts[BUS_INTERRUPTS];
	unsigned interrupt_count;
	uint8_t config[BUS_CONFIG_SIZE];
};

/*
 * bus_plug() - give a device its addresses. One that lives elsewhere has set bus->dma to an address
 * space of its own; another gets the machine's.
 * @identity: kept, not copied
 * @name:     of the device, for messages about its interrupts; kept
 * @context:  for the identity's callbacks
 * Return: 0, or -ENOSPC with nothing plugged: the machine has no room for its regions.
 */
int bus_plug(struct bus *bus, struct nt_machine *machine, const struct bus_identity *identity,
	     const char *name, void *context);

/* bus_unplug() - nobody reaches its registers any more. */
void bus_unplug(struct bus *bus);

/*
 * bus_config_read(), bus_config_write() - configuration space, little endian
 * Return: how many bytes; what lies beyond BUS_CONFIG_SIZE is left out. Any thread, any IRQL.
 */
unsigned bus_config_read(struct bus *bus, unsigned offset, void *to, unsigned length);
unsigned bus_config_write(struct bus *bus, unsigned offset, const void *from, unsigned length);

#endif
