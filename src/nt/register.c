/* SPDX-License-Identifier: MIT */
/* READ_REGISTER_* and WRITE_REGISTER_*: the only way to a device's registers. */
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
			"%u byte%s at %p are outside every mapping", width, width == 1 ? "" : "s",
			(const void *)at);
	return mapping;
}

static inline uint64_t read_register(const volatile void *at, unsigned width, const char *call)
{
	uint64_t offset;
	const struct nt_mmio_region *region = look_up(at, width, &offset, call)->region;

	return region->ops->read(region->context, offset, width);
}

static inline void write_register(volatile void *at, unsigned width, uint64_t value,
				  const char *call)
{
	uint64_t offset;
	const struct nt_mmio_region *region = look_up(at, width, &offset, call)->region;

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
