/* SPDX-License-Identifier: MIT */
/* Times of packets, whose units are 10^-n or 2^-n seconds, n up to 127. */
#include "capture/private.h"

#define SECOND 1000000000u /* nanoseconds */

__extension__ typedef unsigned __int128 wide;

static struct capture_time binary(uint64_t time, unsigned n)
{
	uint64_t fraction = n < 64 ? time & ((UINT64_C(1) << n) - 1) : time;

	return (struct capture_time){ .seconds = n < 64 ? (int64_t)(time >> n) : 0,
				      .nanoseconds = (uint32_t)((wide)fraction * SECOND >> n) };
}

static struct capture_time decimal(uint64_t time, unsigned n)
{
	uint64_t second = 1;

	for (; n > 19; n--) /* 10^19 is the last that fits; there is no whole second then */
		time /= 10;
	for (unsigned i = 0; i < n; i++)
		second *= 10;
	return (struct capture_time){ .seconds = (int64_t)(time / second),
				      .nanoseconds =
					      (uint32_t)((wide)(time % second) * SECOND / second) };
}

struct capture_time capture_time(const struct capture_packet *packet)
{
	const struct capture_interface *interface = packet->interface;
	unsigned n = interface->resolution & 0x7f;
	struct capture_time t =
		interface->resolution & 0x80 ? binary(packet->time, n) : decimal(packet->time, n);

	/* Both may be anything, and their sum nothing that a file can hold. */
	if (__builtin_add_overflow(t.seconds, interface->offset, &t.seconds))
		t.seconds = interface->offset < 0 ? INT64_MIN : INT64_MAX;
	return t;
}
