/* SPDX-License-Identifier: MIT */
#include "edge/packet_gro.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "edge/netdev.h"

#define MERGING (NETDEV_GRO | NETDEV_GRO_HW | NETDEV_LRO)

static void say_it_stays(int ifindex, unsigned on, int status, char *note, size_t size)
{
	char name[IFNAMSIZ] = "the interface";
	const char *what = on & NETDEV_GRO ? "gro" : on & NETDEV_GRO_HW ? "rx-gro-hw" : "lro";

	if_indextoname((unsigned)ifindex, name);
	snprintf(
		note, size,
		"%s merges received frames (%s is on) and cannot be told not to%s%s: they are cut again, with IPv4 IDs that count up whatever they were; `ethtool -K %s %s off` helps",
		name, what, status ? ": " : "", status ? strerror(-status) : "", name, what);
}

void packet_gro_off(struct packet_gro *gro, int ifindex, char *note, size_t size)
{
	unsigned before = 0, after, wanted;
	struct netdev device;
	int status;

	*gro = (struct packet_gro){ .ifindex = ifindex };
	*note = 0;
	if (!netdev_open(&device, ifindex, false, NULL))
		return;
	/* An interface without features merges nothing. */
	if (!netdev_get_features(&device, &before, &wanted) && before & MERGING) {
		before &= MERGING;
		status = netdev_set_features(&device, before, 0);
		if (netdev_get_features(&device, &after, &wanted))
			after = before;
		gro->off = before & ~after;
		if (before & after)
			say_it_stays(ifindex, before & after, status, note, size);
	}
	netdev_close(&device);
}

void packet_gro_restore(struct packet_gro *gro)
{
	struct netdev device;

	if (gro->off && netdev_open(&device, gro->ifindex, false, NULL)) {
		netdev_set_features(&device, gro->off, gro->off);
		netdev_close(&device);
	}
	gro->off = 0;
}
