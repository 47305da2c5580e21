/* SPDX-License-Identifier: MIT */
/*
 * A network card: a device on the bus (bus.h) with a connector for the wire, a link and counters.
 * Models (a folder each beside this file) fill struct device_ops.
 */
#ifndef DEVICE_NIC_H
#define DEVICE_NIC_H

#include "base/count.h"
#include "device/bus.h"
#include "frame/frame.h"

/*
 * The connector: where the cable is plugged in (wire.h). The device calls it; it must live until
 * device_destroy().
 */
struct device_wire {
	void *context;
	bool super_packets; /* takes and gives frames with meta.mss */
	/*
	 * send: whole frames, their checksums final: meta says nothing, but of a super-packet all.
	 * In order, blocking as long as the wire takes (a few ms at most); what the wire
	 * refuses is lost and counted by it. Any thread, several at once.
	 */
	void (*send)(void *context, const struct frame *frames, int count);
	/*
	 * receive: the next frame into @iov. Return: its length (more than the room means cut off),
	 * 0 when none is there. Never blocks. Called by device_pump()'s caller.
	 * @meta: filled when there is one, with nothing unless the frame is a super-packet
	 */
	size_t (*receive)(void *context, const struct iovec *iov, int count,
			  struct frame_meta *meta);
};

#define DEVICE_COUNTERS(X)                                                                   \
	X(tx_super_packets) /* LSO packets taken from the driver */                          \
	X(tx_plain_packets)                                                                  \
	X(tx_segments) /* frames that LSO packets became (also counted when passed whole) */ \
	X(tx_frames)   /* frames on the wire in all */                                       \
	X(tx_bytes)    /* on the wire, without CRC */                                        \
	X(tx_errors)                                                                         \
	X(rx_frames)                                                                         \
	X(rx_bytes)                                                                          \
	X(rx_missed) /* no descriptor */                                                     \
	X(rx_filtered)                                                                       \
	X(rx_coalesced)          /* packets made of several frames */                        \
	X(rx_coalesced_segments) /* what they were made of, counted in rx_frames as well */  \
	X(rx_errors)                                                                         \
	X(interrupts)

struct device_counters {
	DEVICE_COUNTERS(COUNT_MEMBER)
};

/* What a driver has left switched on in a card. */
struct device_state {
	bool interrupts; /* any is unmasked */
	bool transmits, receives;
	bool wakes; /* a magic packet wakes the system */
};

struct device;

struct device_ops {
	const char *name;        /* "rtl8168" */
	struct bus_identity bus; /* its callbacks' context is the struct device */
	/* create: NULL when out of memory. The model embeds struct device first. */
	struct device *(*create)(const struct device_ops *ops);
	void (*destroy)(struct device *device);
	void (*reset)(struct device *device); /* power-on state; plugged in by now */
	/*
	 * pump: take up to @budget frames from the wire into descriptors, interrupt. A device that
	 * lives elsewhere has its wire there: pump, receive_ready and set_link are NULL then.
	 */
	int (*pump)(struct device *device, int budget);
	bool (*receive_ready)(struct device *device);
	void (*set_link)(struct device *device, bool up);
	void (*counters)(struct device *device, struct device_counters *counters);
	/* state: NULL: nobody knows, since the registers are elsewhere. Any thread. */
	void (*state)(struct device *device, struct device_state *state);
	/* remove: device->removed has just been set; return when no DMA is under way. */
	void (*remove)(struct device *device);
};

/* The part all models share. Owned by the host. */
struct device {
	const struct device_ops *ops;
	struct bus bus;
	struct device_wire wire;
	uint8_t mac[6];       /* in its EEPROM */
	_Atomic bool removed; /* pulled out: registers read all ones, no DMA, no interrupt */
};

/*
 * device_create() - plug a model into the machine
 * @model: "rtl8168"; see device_models()
 * @mac:   goes into its EEPROM
 * @wire:  copied
 * Return: NULL with errno: ENODEV (no such model), ENOMEM, ENOSPC.
 */
struct device *device_create(struct nt_machine *machine, const char *model, const uint8_t mac[6],
			     const struct device_wire *wire);
/* device_plug() - the same with a model that is not in the list */
struct device *device_plug(struct nt_machine *machine, const struct device_ops *ops,
			   const uint8_t mac[6], const struct device_wire *wire);
void device_destroy(struct device *device);

/*
 * device_pump() - let the device receive: called by the thread that waits for the wire
 * Return: frames taken off the wire (also those filtered out). 0: the wire is empty or no
 * descriptor is free; device_receive_ready() tells which.
 * A super-packet counts as the frames it is cut into; where descriptors run out in its middle the
 * device holds the rest and goes on with it when it is pumped again.
 */
int device_pump(struct device *device, int budget);

/*
 * device_receive_ready() - is waiting for the wire all there is to do
 * Return: true: receiver on and a descriptor free (or receiver off: frames are dropped). False: no
 * descriptor is free, or the rest of a super-packet is held; pump again without the wire's asking.
 */
bool device_receive_ready(struct device *device);

/*
 * device_remove() - surprise removal: from now on the hardware is gone, the object stays
 * On return no DMA is under way any more. Any thread that is not inside a device call.
 */
void device_remove(struct device *device);

/*
 * device_set_link() - cable in or out. A cable is in at device_create(), and the link is up.
 * Out: the link is lost at once. In: it comes after the model's negotiation time, on a thread of
 * the machine's. Both raise the model's link-change interrupt.
 */
void device_set_link(struct device *device, bool up);

/* device_has_cable() - is there one to be pulled? Not when the wire is elsewhere. */
bool device_has_cable(const struct device *device);

void device_counters(struct device *device, struct device_counters *counters);

/* device_state() - what is switched on. Return: false: it is not known. */
bool device_state(struct device *device, struct device_state *state);

/* device_identity() - what a model is to the bus; NULL: there is no such model */
const struct bus_identity *device_identity(const char *model);

/* device_models() - names, NULL-terminated, for help texts. */
const char *const *device_models(void);

#endif
