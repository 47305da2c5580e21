/* SPDX-License-Identifier: MIT */
/*
 * A device that lives elsewhere, as small as it can be: two register regions, three messages, a
 * thread of its own, and no wire. It sees the driver's memory only as the listener of its address
 * space told it: by file descriptor, in its own mapping.
 */
#ifndef TESTS_DEVICE_TINY_H
#define TESTS_DEVICE_TINY_H

#include "device/nic.h"

#define TINY_VENDOR 0x1AF4
#define TINY_DEVICE 0x10F0

/* Region 0, registers of 4 bytes. */
#define TINY_CONTROL        0
#define TINY_CONTROL_LENGTH 0x1000
#define TINY_ID             0x00 /* reads TINY_IS */
#define TINY_IS             0x59544E49
#define TINY_SEND           0x04 /* write n: message n */
#define TINY_ADDRESS        0x08 /* 8 bytes: where the buffer is */
#define TINY_LENGTH         0x10
#define TINY_INVERT         0x14 /* write: invert each bit of the buffer, then send TINY_DONE */

/* Region 3: memory. */
#define TINY_MEMORY        3
#define TINY_MEMORY_LENGTH 0x20000

#define TINY_MESSAGES      3
#define TINY_DONE          2

extern const struct device_ops tiny_ops;

/* What it has mapped now, and how often it was told of a mapping. */
unsigned tiny_mappings(struct device *device);
unsigned tiny_told(struct device *device);

#endif
