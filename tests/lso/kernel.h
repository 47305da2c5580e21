/* SPDX-License-Identifier: MIT */
/*
 * The kernel's own segmentation, as an oracle: a super-packet goes into a packet socket with a
 * virtio_net_hdr, out of a TAP device that offers no offload, and its frames are read there.
 */
#ifndef NETCX_TESTS_LSO_KERNEL_H
#define NETCX_TESTS_LSO_KERNEL_H

#include "packet.h"

struct kernel {
	int tap;
	int packet;
	uint8_t *frame;
	uint8_t *sent;
};

/*
 * kernel_open() - in a network namespace of its own, which the process keeps
 * Return: false when this user or machine cannot: then @why says what failed.
 */
bool kernel_open(struct kernel *k, const char **why);
void kernel_close(struct kernel *k);

/*
 * kernel_segment() - @seen is called with each frame, in order
 * @p: its checksum field is set to the seed that Linux wants
 * Return: frames, or -1 when the kernel refuses the packet.
 */
int kernel_segment(struct kernel *k, const struct packet *p,
		   void (*seen)(void *context, uint32_t i, const uint8_t *frame, size_t length),
		   void *context);

#endif
