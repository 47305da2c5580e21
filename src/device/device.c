/* SPDX-License-Identifier: MIT */
/* The registry of device models, and the calls that go to one of them. */
#include "device/device.h"

#include <errno.h>
#include <string.h>

#include "device/rtl8168/model.h"

/* Where register windows are put: as a PC's firmware does, below 4 GB. */
#define BAR_FIRST 0xF0000000u
#define BAR_STEP  0x10000u

static const struct device_ops *const models[] = { &rtl8168_ops };

static const struct device_ops *find_model(const char *name)
{
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++) {
		if (!strcmp(models[i]->name, name))
			return models[i];
	}
	return NULL;
}

/* The first free window. Return: 0 or a negative errno. */
static int place(struct device *device)
{
	struct nt_mmio *mmio = &device->machine->mmio;
	int error = -ENOSPC;

	for (unsigned n = 0; n < NT_MMIO_REGIONS; n++) {
		device->physical = BAR_FIRST + (uint64_t)n * BAR_STEP;
		error = nt_mmio_add(mmio, device->physical, device->ops->bar_length,
				    &device->ops->registers, device);
		if (error != -EEXIST)
			break;
	}
	return error;
}

struct device *device_create(struct nt_machine *machine, const char *model, const uint8_t mac[6],
			     const struct device_wire *wire)
{
	const struct device_ops *ops = find_model(model);
	struct device *device;
	int error;

	if (!ops) {
		errno = ENODEV;
		return NULL;
	}
	device = ops->create(ops);
	if (!device) {
		errno = ENOMEM;
		return NULL;
	}
	device->ops = ops;
	device->machine = machine;
	device->wire = *wire;
	device->line.name = ops->name;
	memcpy(device->mac, mac, sizeof(device->mac));
	ops->reset(device);
	error = place(device);
	if (error) {
		ops->destroy(device);
		errno = error == -EEXIST ? ENOSPC : -error;
		return NULL;
	}
	return device;
}

void device_destroy(struct device *device)
{
	if (!device)
		return;
	nt_mmio_remove(&device->machine->mmio, device->physical);
	device->ops->destroy(device);
}

int device_pump(struct device *device, int budget)
{
	return device->ops->pump(device, budget);
}

bool device_receive_ready(struct device *device)
{
	return device->ops->receive_ready(device);
}

void device_remove(struct device *device)
{
	device->removed = true;
	device->ops->remove(device);
}

void device_set_link(struct device *device, bool up)
{
	device->ops->set_link(device, up);
}

void device_counters(struct device *device, struct device_counters *counters)
{
	device->ops->counters(device, counters);
}

const char *const *device_models(void)
{
	static const char *const names[] = { "rtl8168", NULL };

	return names;
}
