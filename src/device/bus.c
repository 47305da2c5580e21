/* SPDX-License-Identifier: MIT */
/* Addresses of regions, and the configuration space of devices that have none of their own. */
#include "device/bus.h"

#include <errno.h>
#include <string.h>

/* Where register regions are put: as a PC's firmware does, below 4 GB. */
#define REGIONS_FIRST 0xF0000000u
#define REGIONS_END   0xFEC00000u /* the interrupt controllers' */
#define REGIONS_STEP  0x10000u

/* PCI 3.0, 6.1: the type 0 header. */
#define CONFIG_VENDOR           0x00
#define CONFIG_DEVICE           0x02
#define CONFIG_COMMAND          0x04
#define CONFIG_COMMAND_WRITABLE 0x0547
#define CONFIG_STATUS           0x06
#define CONFIG_REVISION         0x08
#define CONFIG_CLASS            0x09
#define CONFIG_CACHE_LINE       0x0C
#define CONFIG_LATENCY          0x0D
#define CONFIG_BAR              0x10
#define CONFIG_SUBSYSTEM        0x2C
#define CONFIG_CAPABILITIES     0x34
#define CONFIG_INTERRUPT_LINE   0x3C
#define CONFIG_INTERRUPT_PIN    0x3D
#define COMMAND_MEMORY          0x0002
#define COMMAND_BUS_MASTER      0x0004
#define STATUS_CAPABILITIES     0x0010

static void put(struct bus *bus, unsigned at, uint32_t value, unsigned length)
{
	for (unsigned i = 0; i < length; i++)
		bus->config[at + i] = (uint8_t)(value >> 8 * i);
}

static void put_capabilities(struct bus *bus)
{
	const struct bus_config_word *word = bus->identity->capabilities;

	if (!word)
		return;
	put(bus, CONFIG_STATUS, STATUS_CAPABILITIES, 2);
	put(bus, CONFIG_CAPABILITIES, word->at, 1);
	for (; word->at; word++)
		put(bus, word->at, word->value, 4);
}

/* As firmware leaves it: regions placed, memory access and bus mastering on. */
static void make_config(struct bus *bus)
{
	const struct bus_identity *identity = bus->identity;

	put(bus, CONFIG_VENDOR, identity->vendor, 2);
	put(bus, CONFIG_DEVICE, identity->device, 2);
	put(bus, CONFIG_COMMAND, COMMAND_MEMORY | COMMAND_BUS_MASTER, 2);
	put(bus, CONFIG_REVISION, identity->revision, 1);
	put(bus, CONFIG_CLASS, identity->class_code, 3);
	for (unsigned i = 0; i < BUS_REGIONS; i++)
		put(bus, CONFIG_BAR + 4 * i, (uint32_t)bus->physical[i], 4);
	put(bus, CONFIG_SUBSYSTEM, identity->vendor, 2);
	put(bus, CONFIG_SUBSYSTEM + 2, identity->device, 2);
	put(bus, CONFIG_INTERRUPT_PIN, identity->messages ? 0 : 1, 1);
	put_capabilities(bus);
}

/* A region lies at a multiple of its size, as PCI's do. Return: 0 or a negative errno. */
static int place(struct bus *bus, unsigned n)
{
	size_t length = bus->identity->regions[n].length;
	uint64_t step = REGIONS_STEP;
	int error = -ENOSPC;

	if (!length)
		return 0;
	while (step < length)
		step *= 2;
	for (uint64_t at = REGIONS_FIRST; at + length <= REGIONS_END; at += step) {
		error = nt_mmio_add(&bus->machine->mmio, at, length,
				    &bus->identity->regions[n].access, bus->context);
		if (!error)
			bus->physical[n] = at;
		if (error != -EEXIST)
			break;
	}
	return error == -EEXIST ? -ENOSPC : error;
}

int bus_plug(struct bus *bus, struct nt_machine *machine, const struct bus_identity *identity,
	     const char *name, void *context)
{
	bus->identity = identity;
	bus->machine = machine;
	bus->context = context;
	if (!bus->dma)
		bus->dma = &machine->dma;
	bus->interrupt_count = identity->messages ? identity->messages : 1;
	for (unsigned i = 0; i < bus->interrupt_count; i++) {
		bus->interrupts[i].name = name;
		if (identity->messages)
			bus->interrupts[i].kind = NT_INTERRUPT_MESSAGE;
	}
	for (unsigned i = 0; i < BUS_REGIONS; i++) {
		int error = place(bus, i);

		if (error) {
			bus_unplug(bus);
			return error;
		}
	}
	make_config(bus);
	return 0;
}

void bus_unplug(struct bus *bus)
{
	for (unsigned i = 0; i < BUS_REGIONS; i++) {
		if (bus->physical[i])
			nt_mmio_remove(&bus->machine->mmio, bus->physical[i]);
		bus->physical[i] = 0;
	}
}

static unsigned within(unsigned offset, unsigned length)
{
	if (offset >= BUS_CONFIG_SIZE)
		return 0;
	return length < BUS_CONFIG_SIZE - offset ? length : BUS_CONFIG_SIZE - offset;
}

unsigned bus_config_read(struct bus *bus, unsigned offset, void *to, unsigned length)
{
	length = within(offset, length);
	if (!length)
		return 0;
	if (bus->identity->config_read)
		bus->identity->config_read(bus->context, offset, to, length);
	else
		memcpy(to, bus->config + offset, length);
	return length;
}

/* The bits of a byte that a driver can change: command, cache line, latency, interrupt line. */
static uint8_t writable(unsigned at)
{
	switch (at) {
	case CONFIG_COMMAND:
		return CONFIG_COMMAND_WRITABLE & 0xFF;
	case CONFIG_COMMAND + 1:
		return CONFIG_COMMAND_WRITABLE >> 8;
	case CONFIG_CACHE_LINE:
	case CONFIG_LATENCY:
	case CONFIG_INTERRUPT_LINE:
		return 0xFF;
	default:
		return 0;
	}
}

unsigned bus_config_write(struct bus *bus, unsigned offset, const void *from, unsigned length)
{
	const uint8_t *bytes = from;

	length = within(offset, length);
	if (length && bus->identity->config_write) {
		bus->identity->config_write(bus->context, offset, from, length);
		return length;
	}
	for (unsigned i = 0; i < length; i++) {
		uint8_t mask = writable(offset + i), *byte = &bus->config[offset + i];

		*byte = (uint8_t)((*byte & ~mask) | (bytes[i] & mask));
	}
	return length;
}
