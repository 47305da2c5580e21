/* SPDX-License-Identifier: MIT */
#include "edge/tap_filter.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/bytes.h"
#include "frame/frame.h"

#define IPV6_HEADER 40

void tap_filter_move(struct tap_filter *filter, int ifindex)
{
	if (filter->groups)
		fclose(filter->groups);
	filter->ifindex = ifindex;
	filter->groups = fopen("/proc/thread-self/net/dev_mcast", "re");
}

void tap_filter_open(struct tap_filter *filter, int ifindex)
{
	tap_filter_move(filter, ifindex);
	filter->seen_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

void tap_filter_close(struct tap_filter *filter)
{
	if (filter->groups)
		fclose(filter->groups);
	if (filter->seen_fd >= 0)
		close(filter->seen_fd);
	*filter = (struct tap_filter){ .seen_fd = -1 };
}

/* RFC 3376 4 and RFC 2236 2: IP protocol 2. RFC 3810 5: ICMPv6 behind a hop-by-hop header. */
static bool is_report(const uint8_t *bytes, size_t length)
{
	const uint8_t *ip = bytes + FRAME_ETHERNET_HEADER;
	unsigned type;

	if (length < FRAME_ETHERNET_HEADER + IPV6_HEADER)
		return false;
	type = load_be16(bytes + 12);
	return (type == 0x0800 && ip[9] == 2) || (type == 0x86DD && ip[6] == 0);
}

void tap_filter_seen(struct tap_filter *filter, const uint8_t *bytes, size_t length)
{
	uint64_t one = 1;

	if (filter->seen_fd < 0 || !is_report(bytes, length))
		return;
	if (write(filter->seen_fd, &one, sizeof(one)) < 0) {
		/* EAGAIN: it is readable. */
	}
}

bool tap_filter_due(struct tap_filter *filter)
{
	uint64_t seen;

	return filter->seen_fd >= 0 && read(filter->seen_fd, &seen, sizeof(seen)) == sizeof(seen);
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
