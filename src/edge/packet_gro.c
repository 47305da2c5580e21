/* SPDX-License-Identifier: MIT */
#include "edge/packet_gro.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/array.h"

/* Whatever merges; the others (rx-gro-list, rx-udp-gro-forwarding) do nothing without the first. */
static const char *const merging[] = { "rx-gro", "rx-gro-hw", "rx-lro" };

#define FEATURE_BLOCKS 8 /* of 32 features; Linux 6.18 has two */

/* The number of each of `merging` among the interface's features; -1: this kernel has none. */
struct numbers {
	unsigned blocks;
	int of[ARRAY_COUNT(merging)];
};

static int ask(int fd, unsigned ifindex, void *command)
{
	struct ifreq request = { .ifr_data = command };

	if (!if_indextoname(ifindex, request.ifr_name))
		return -ENODEV;
	return ioctl(fd, SIOCETHTOOL, &request) ? -errno : 0;
}

static int count_features(int fd, unsigned ifindex, uint32_t *count)
{
	union {
		struct ethtool_sset_info info;
		uint8_t room[sizeof(struct ethtool_sset_info) + sizeof(uint32_t)];
	} sets = { .info = { .cmd = ETHTOOL_GSSET_INFO, .sset_mask = 1ull << ETH_SS_FEATURES } };
	int status = ask(fd, ifindex, &sets);

	memcpy(count, sets.room + sizeof(struct ethtool_sset_info), sizeof(*count));
	if (!status && (!sets.info.sset_mask || *count > 32 * FEATURE_BLOCKS))
		return -EOPNOTSUPP;
	return status;
}

static int find_numbers(int fd, unsigned ifindex, struct numbers *numbers)
{
	struct ethtool_gstrings *names;
	uint32_t count;
	int status = count_features(fd, ifindex, &count);

	if (status)
		return status;
	names = calloc(1, sizeof(*names) + (size_t)count * ETH_GSTRING_LEN);
	if (!names)
		return -ENOMEM;
	*names = (struct ethtool_gstrings){ .cmd = ETHTOOL_GSTRINGS,
					    .string_set = ETH_SS_FEATURES,
					    .len = count };
	status = ask(fd, ifindex, names);
	numbers->blocks = (count + 31) / 32;
	for (size_t m = 0; m < ARRAY_COUNT(merging); m++) {
		numbers->of[m] = -1;
		for (uint32_t i = 0; !status && i < names->len && i < count; i++) {
			if (!strncmp((char *)names->data + (size_t)i * ETH_GSTRING_LEN, merging[m],
				     ETH_GSTRING_LEN))
				numbers->of[m] = (int)i;
		}
	}
	free(names);
	return status;
}

/* Which of `merging` are active. Return: 0 or -errno. */
static int get(int fd, unsigned ifindex, const struct numbers *numbers, uint32_t *active)
{
	union {
		struct ethtool_gfeatures features;
		uint8_t room[sizeof(struct ethtool_gfeatures) +
			     FEATURE_BLOCKS * sizeof(struct ethtool_get_features_block)];
	} all = { .features = { .cmd = ETHTOOL_GFEATURES, .size = numbers->blocks } };
	int status = ask(fd, ifindex, &all);

	*active = 0;
	for (size_t m = 0; m < ARRAY_COUNT(merging); m++) {
		int n = numbers->of[m];

		if (!status && n >= 0 && all.features.features[n / 32].active >> n % 32 & 1)
			*active |= 1u << m;
	}
	return status;
}

/* The ones in @mask all on or all off. Return: 0 or -errno; some may stay as they are. */
static int set(int fd, unsigned ifindex, const struct numbers *numbers, uint32_t mask, bool on)
{
	union {
		struct ethtool_sfeatures features;
		uint8_t room[sizeof(struct ethtool_sfeatures) +
			     FEATURE_BLOCKS * sizeof(struct ethtool_set_features_block)];
	} all = { .features = { .cmd = ETHTOOL_SFEATURES, .size = numbers->blocks } };

	for (size_t m = 0; m < ARRAY_COUNT(merging); m++) {
		int n = numbers->of[m];

		if (n < 0 || !(mask >> m & 1))
			continue;
		all.features.features[n / 32].valid |= 1u << n % 32;
		if (on)
			all.features.features[n / 32].requested |= 1u << n % 32;
	}
	return ask(fd, ifindex, &all);
}

static void say_it_stays(unsigned ifindex, uint32_t on, int status, char *note, size_t size)
{
	char name[IFNAMSIZ] = "the interface";
	const char *what = on & 1 ? "gro" : on & 2 ? "rx-gro-hw" : "lro";

	if_indextoname(ifindex, name);
	snprintf(
		note, size,
		"%s merges received frames (%s is on) and cannot be told not to%s%s: they are cut again, with IPv4 IDs that count up whatever they were; `ethtool -K %s %s off` helps",
		name, what, status ? ": " : "", status ? strerror(-status) : "", name, what);
}

void packet_gro_off(struct packet_gro *gro, int fd, unsigned ifindex, char *note, size_t size)
{
	struct numbers numbers;
	uint32_t before, after;
	int status;

	*gro = (struct packet_gro){ .ifindex = ifindex };
	*note = 0;
	/* An interface without features merges nothing. */
	if (find_numbers(fd, ifindex, &numbers) || get(fd, ifindex, &numbers, &before) || !before)
		return;
	status = set(fd, ifindex, &numbers, before, false);
	if (get(fd, ifindex, &numbers, &after))
		after = before;
	gro->off = before & ~after;
	if (before & after)
		say_it_stays(ifindex, before & after, status, note, size);
}

void packet_gro_restore(struct packet_gro *gro, int fd)
{
	struct numbers numbers;

	if (gro->off && !find_numbers(fd, gro->ifindex, &numbers))
		set(fd, gro->ifindex, &numbers, gro->off, true);
	gro->off = 0;
}
