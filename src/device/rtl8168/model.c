/* SPDX-License-Identifier: MIT */
/* The RTL8168D as a device model: making, ending, plugging. */
#include "device/rtl8168/model.h"

#include <stdlib.h>

static struct device *create(const struct device_ops *ops)
{
	size_t size = (sizeof(struct rtl8168) + 63) & ~(size_t)63;
	struct rtl8168 *r = aligned_alloc(64, size);

	if (!r)
		return NULL;
	*r = (struct rtl8168){ 0 };
	r->tx_rings = 1;
	if (ops == &rtl8168_ext_ops) {
		r->tx_rings = RTL_TX_RINGS;
		r->extension = RTL_EXTENSION_SIGNATURE | RTL_EXTENSION_USO | RTL_EXTENSION_HASH |
			       RTL_EXTENSION_RSC | RTL_EXTENSION_TX_RINGS(RTL_TX_RINGS);
		if (!rtl_rsc_init(r)) {
			rtl_rsc_destroy(r);
			free(r);
			return NULL;
		}
	}
	pthread_mutex_init(&r->registers_lock, NULL);
	for (unsigned i = 0; i < RTL_TX_RINGS; i++) {
		pthread_mutex_init(&r->tx[i].lock, NULL);
		r->tx[i].card = r;
		r->tx[i].id = i;
	}
	pthread_mutex_init(&r->rx.lock, NULL);
	r->phy.cable = true;
	rtl_link_init(r);
	return &r->device;
}

static void destroy(struct device *device)
{
	struct rtl8168 *r = (struct rtl8168 *)device;

	rtl_link_end(r, true);
	pthread_mutex_destroy(&r->rx.lock);
	for (unsigned i = 0; i < RTL_TX_RINGS; i++)
		pthread_mutex_destroy(&r->tx[i].lock);
	pthread_mutex_destroy(&r->registers_lock);
	rtl_rsc_destroy(r);
	free(r);
}

static void power_on(struct device *device)
{
	struct rtl8168 *r = (struct rtl8168 *)device;

	pthread_mutex_lock(&r->registers_lock);
	rtl_reset(r, true);
	pthread_mutex_unlock(&r->registers_lock);
	rtl_line_update(r);
}

static void set_link(struct device *device, bool up)
{
	struct rtl8168 *r = (struct rtl8168 *)device;
	bool changed;

	pthread_mutex_lock(&r->registers_lock);
	changed = rtl_phy_cable(&r->phy, up) && rtl_link_follow(r);
	pthread_mutex_unlock(&r->registers_lock);
	if (changed)
		rtl_raise(r, RTL_LINK_CHG);
}

/* Taking both paths' locks waits for DMA that is under way. */
static void removed(struct device *device)
{
	struct rtl8168 *r = (struct rtl8168 *)device;

	pthread_mutex_lock(&r->registers_lock);
	rtl_transmit_configure(r, 0);
	rtl_receive_configure(r, 0);
	pthread_mutex_unlock(&r->registers_lock);
	rtl_link_end(r, false);
	rtl_line_update(r);
}

static void counters(struct device *device, struct device_counters *counters)
{
	const struct rtl8168 *r = (struct rtl8168 *)device;

	count_copy(counters, &r->counters, sizeof(*counters));
#define ADD(name) count_add(&counters->name, count_read(&r->tx[i].counters.name));
	for (unsigned i = 0; i < r->tx_rings; i++) {
		DEVICE_COUNTERS(ADD)
	}
#undef ADD
}

static void state(struct device *device, struct device_state *state)
{
	struct rtl8168 *r = (struct rtl8168 *)device;

	pthread_mutex_lock(&r->registers_lock);
	state->transmits = r->registers[RTL_CMD] & RTL_CMD_TE;
	state->receives = r->registers[RTL_CMD] & RTL_CMD_RE;
	state->wakes = r->registers[RTL_CONFIG3] & RTL_CONFIG3_MAGIC;
	pthread_mutex_unlock(&r->registers_lock);
	state->interrupts = r->imr;
}

#define OPS(model)                                                                              \
	{                                                                                       \
		.name = (model),                                                                \
		.bus = { .vendor = 0x10EC,                                                      \
			 .device = 0x8168,                                                      \
			 .revision = 3,                                                         \
			 .class_code = 0x020000,                                                \
			 .capabilities = rtl_capabilities,                                      \
			 .regions[RTL_BAR] = { RTL_BAR_LENGTH,                                  \
					       { .read = rtl_read, .write = rtl_write } } },    \
		.create = create, .destroy = destroy, .reset = power_on, .pump = rtl_pump,      \
		.receive_ready = rtl_receive_ready, .set_link = set_link, .counters = counters, \
		.state = state, .remove = removed,                                              \
	}

const struct device_ops rtl8168_ops = OPS("rtl8168");
const struct device_ops rtl8168_ext_ops = OPS("rtl8168-ext");
