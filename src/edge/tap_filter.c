/* SPDX-License-Identifier: MIT */
#include "edge/tap_filter.h"
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

void tap_filter_open(struct tap_filter *filter, int ifindex)
{
	const struct itimerspec second = { .it_interval.tv_sec = 1, .it_value.tv_sec = 1 };

	filter->ifindex = ifindex;
	filter->groups = fopen("/proc/thread-self/net/dev_mcast", "re");
	filter->tick_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (filter->tick_fd >= 0)
		timerfd_settime(filter->tick_fd, 0, &second, NULL);
}

void tap_filter_close(struct tap_filter *filter)
{
	if (filter->groups)
		fclose(filter->groups);
	if (filter->tick_fd >= 0)
		close(filter->tick_fd);
	*filter = (struct tap_filter){ .tick_fd = -1 };
}

bool tap_filter_due(struct tap_filter *filter)
{
	uint64_t ticks;

	return filter->tick_fd >= 0 &&
	       read(filter->tick_fd, &ticks, sizeof(ticks)) == sizeof(ticks);
}

/* "4    nic0            1     0     01005e000001": index, name, users, global users, address */
void tap_filter_read(struct tap_filter *filter, struct edge_filter *wanted)
{
	char line[256];
	uint8_t mac[6];
	int index;

	wanted->count = 0;
	if (!filter->groups) {
		wanted->all_multicast = true;
		return;
	}
	memset(wanted->groups, 0, sizeof(wanted->groups));
	rewind(filter->groups);
	while (fgets(line, sizeof(line), filter->groups)) {
		if (sscanf(line, "%d %*s %*d %*d %2hhx%2hhx%2hhx%2hhx%2hhx%2hhx", &index, &mac[0],
			   &mac[1], &mac[2], &mac[3], &mac[4], &mac[5]) != 7 ||
		    index != filter->ifindex)
			continue;
		if (wanted->count == EDGE_GROUPS) {
			wanted->all_multicast = true;
			return;
		}
		memcpy(wanted->groups[wanted->count++], mac, sizeof(mac));
	}
}
