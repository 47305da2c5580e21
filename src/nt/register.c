/* SPDX-License-Identifier: MIT */
/* READ_REGISTER_* and WRITE_REGISTER_*. Plain loads and stores come by way of trap/. */
#include "nt/export.h"
#include "nt/machine.h"
#include "nt/violation.h"

/* The mapping behind a register's address, or the end of the driver. */
static const struct nt_mmio_mapping *look_up(const volatile void *at, unsigned width,
					     uint64_t *offset, const char *call)
{
	struct nt_machine *machine = nt_machine();
	const struct nt_mmio_mapping *mapping;

	mapping = machine ? nt_mmio_at(&machine->mmio, at, width, offset) : NULL;
	if (!mapping)
		nt_violation_say(
			0x50, (uintptr_t)at, "PAGE_FAULT_IN_NONPAGED_AREA", call, NULL,
			"Registers are accessed within what MmMapIoSpaceEx has mapped and MmUnmapIoSpace has not unmapped.",
			"%u byte%s at %p are outside every mapping.", width, width == 1 ? "" : "s",
			(const void *)at);
	return mapping;
}

/* The device itself is there: one access of its width. */
static uint64_t read_direct(const volatile void *at, unsigned width)
{
	switch (width) {
	case 1:
		return *(const volatile uint8_t *)at;
	case 2:
		return *(const volatile uint16_t *)at;
	case 4:
		return *(const volatile uint32_t *)at;
	default:
		return *(const volatile uint64_t *)at;
	}
}

static void write_direct(volatile void *at, unsigned width, uint64_t value)
{
	switch (width) {
	case 1:
		*(volatile uint8_t *)at = (uint8_t)value;
		break;
	case 2:
		*(volatile uint16_t *)at = (uint16_t)value;
		break;
	case 4:
		*(volatile uint32_t *)at = (uint32_t)value;
		break;
	default:
		*(volatile uint64_t *)at = value;
	}
}

static inline uint64_t read_register(const volatile void *at, unsigned width, const char *call)
{
	uint64_t offset;
	const struct nt_mmio_mapping *mapping = look_up(at, width, &offset, call);
	const struct nt_mmio_region *region = mapping->region;

	if (__builtin_expect(mapping->direct, 0))
		return read_direct(at, width);
	return region->ops->read(region->context, offset, width);
}

static inline void write_register(volatile void *at, unsigned width, uint64_t value,
				  const char *call)
{
	uint64_t offset;
	const struct nt_mmio_mapping *mapping = look_up(at, width, &offset, call);
	const struct nt_mmio_region *region = mapping->region;

	if (__builtin_expect(mapping->direct, 0))
		write_direct(at, width, value);
	else
		region->ops->write(region->context, offset, width, value);
}

#define REGISTER(suffix, type)                                                                \
	NETCX_EXPORT type READ_REGISTER_##suffix(volatile type *Register)                     \
	{                                                                                     \
		return (type)read_register(Register, sizeof(type), "READ_REGISTER_" #suffix); \
	}                                                                                     \
	NETCX_EXPORT void WRITE_REGISTER_##suffix(volatile type *Register, type Value)        \
	{                                                                                     \
		write_register(Register, sizeof(type), Value, "WRITE_REGISTER_" #suffix);     \
	}

#define REGISTER_BUFFER(suffix, type)                                                           \
	NETCX_EXPORT void READ_REGISTER_BUFFER_##suffix(volatile type *Register, type *Buffer,  \
							ULONG Count)                            \
	{                                                                                       \
		for (ULONG i = 0; i < Count; i++)                                               \
			Buffer[i] = (type)read_register(Register + i, sizeof(type),             \
							"READ_REGISTER_BUFFER_" #suffix);       \
	}                                                                                       \
	NETCX_EXPORT void WRITE_REGISTER_BUFFER_##suffix(volatile type *Register, type *Buffer, \
							 ULONG Count)                           \
	{                                                                                       \
		for (ULONG i = 0; i < Count; i++)                                               \
			write_register(Register + i, sizeof(type), Buffer[i],                   \
				       "WRITE_REGISTER_BUFFER_" #suffix);                       \
	}

REGISTER(UCHAR, UCHAR)
REGISTER(USHORT, USHORT)
REGISTER(ULONG, ULONG)
REGISTER(ULONG64, ULONG64)
REGISTER_BUFFER(UCHAR, UCHAR)
REGISTER_BUFFER(USHORT, USHORT)
REGISTER_BUFFER(ULONG, ULONG)
