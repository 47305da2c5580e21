/* SPDX-License-Identifier: MIT */
/* The registry of device models, and the calls that go to one of them. */
#include <errno.h>
#include <string.h>

#include "device/nic.h"
#include "device/rtl8168/model.h"

/* A model is named here, once: its name on the command line, its operations. */
#define MODELS(each)          each("rtl8168", rtl8168_ops) each("rtl8168-ext", rtl8168_ext_ops)

#define OPS(name, operations) &(operations),
static const struct device_ops *const models[] = { MODELS(OPS) };

#define NAME(name, operations) name,
static const char *const names[] = { MODELS(NAME) NULL };

static const struct device_ops *find_model(const char *name)
{
	for (size_t i = 0; names[i]; i++) {
		if (!strcmp(names[i], name))
			return models[i];
	}
	return NULL;
}

struct device *device_plug(struct nt_machine *machine, const struct device_ops *ops,
			   const uint8_t mac[6], const struct device_wire *wire)
{
	struct device *device = ops->create(ops);
	int error;

	if (!device) {
		errno = ENOMEM;
		return NULL;
	}
	device->ops = ops;
	device->wire = *wire;
	memcpy(device->mac, mac, sizeof(device->mac));
	error = bus_plug(&device->bus, machine, &ops->bus, ops->name, device);
	if (error) {
		ops->destroy(device);
		errno = -error;
		return NULL;
	}
	ops->reset(device);
	return device;
}

struct device *device_create(struct nt_machine *machine, const char *model, const uint8_t mac[6],
			     const struct device_wire *wire)
{
	const struct device_ops *ops = find_model(model);

	if (!ops) {
		errno = ENODEV;
		return NULL;
	}
	return device_plug(machine, ops, mac, wire);
}

void device_destroy(struct device *device)
{
	if (!device)
		return;
	bus_unplug(&device->bus);
	device->ops->destroy(device);
}

int device_pump(struct device *device, int budget)
{
	return device->ops->pump ? device->ops->pump(device, budget) : 0;
}

bool device_receive_ready(struct device *device)
{
	return !device->ops->receive_ready || device->ops->receive_ready(device);
}

void device_remove(struct device *device)
{
	device->removed = true;
	device->ops->remove(device);
}

void device_set_link(struct device *device, bool up)
{
	if (device->ops->set_link)
		device->ops->set_link(device, up);
}

bool device_has_cable(const struct device *device)
{
	return device->ops->set_link;
}

void device_counters(struct device *device, struct device_counters *counters)
{
	device->ops->counters(device, counters);
}

bool device_state(struct device *device, struct device_state *state)
{
	if (!device->ops->state)
		return false;
	device->ops->state(device, state);
	return true;
}

const struct bus_identity *device_identity(const char *model)
{
	const struct device_ops *ops = find_model(model);

	return ops ? &ops->bus : NULL;
}

const char *const *device_models(void)
{
	return names;
}
