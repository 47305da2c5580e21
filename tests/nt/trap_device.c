/* SPDX-License-Identifier: MIT */
#include "trap_device.h"

#include <stdio.h>

static void note(struct trap_device *device, char what, uint64_t offset, unsigned width)
{
	size_t used = strlen(device->log);

	if (!device->quiet)
		snprintf(device->log + used, sizeof(device->log) - used, "%s%c%u@%02llx",
			 used ? " " : "", what, width, (unsigned long long)offset);
}

static uint64_t read_device(void *context, uint64_t offset, unsigned width)
{
	struct trap_device *device = context;
	uint64_t value = 0;

	assert_true(width == 1 || width == 2 || width == 4 || width == 8);
	assert_true(offset + width <= TRAP_LENGTH);
	pthread_mutex_lock(&device->lock);
	memcpy(&value, device->memory + offset, width);
	note(device, 'R', offset, width);
	pthread_mutex_unlock(&device->lock);
	if (device->line && device->raise_on_read && offset == TRAP_LENGTH - 1)
		nt_line_set(device->line, 1);
	return value;
}

static void write_device(void *context, uint64_t offset, unsigned width, uint64_t value)
{
	struct trap_device *device = context;

	assert_true(width == 1 || width == 2 || width == 4 || width == 8);
	assert_true(offset + width <= TRAP_LENGTH);
	pthread_mutex_lock(&device->lock);
	memcpy(device->memory + offset, &value, width);
	note(device, 'W', offset, width);
	pthread_mutex_unlock(&device->lock);
	if (device->line && !device->raise_on_read && offset == TRAP_LENGTH - 1)
		nt_line_set(device->line, 1);
}

static const struct nt_mmio_ops operations = { .read = read_device, .write = write_device };

void trap_device_start(struct trap_device *device, struct nt_machine *machine, unsigned n)
{
	memset(device, 0, sizeof(*device));
	device->physical = TRAP_PHYSICAL + n * 0x1000;
	pthread_mutex_init(&device->lock, NULL);
	assert_int_equal(
		nt_mmio_add(&machine->mmio, device->physical, TRAP_LENGTH, &operations, device), 0);
	device->va = MmMapIoSpaceEx((PHYSICAL_ADDRESS){ .QuadPart = (LONGLONG)device->physical },
				    TRAP_LENGTH, PAGE_READWRITE | PAGE_NOCACHE);
	assert_non_null(device->va);
}

void trap_device_stop(struct trap_device *device, struct nt_machine *machine)
{
	MmUnmapIoSpace(device->va, TRAP_LENGTH);
	nt_mmio_remove(&machine->mmio, device->physical);
	pthread_mutex_destroy(&device->lock);
}

const char *trap_device_log(struct trap_device *device, char *text, size_t size)
{
	pthread_mutex_lock(&device->lock);
	snprintf(text, size, "%s", device->log);
	device->log[0] = 0;
	pthread_mutex_unlock(&device->lock);
	return text;
}
