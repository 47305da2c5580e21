/* SPDX-License-Identifier: MIT */
/* What a TAP's users want to receive: groups, all multicast, everything. In a namespace of its own.
 */
#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "edges.h"

static const struct edge_config stack = { .role = EDGE_STACK,
					  .mtu = 1500,
					  .mac = { 0x02, 0, 0, 0, 0, 0x11 } };

static uint8_t room[65536];

/* The filter after everything that is to come within the time has come. */
static struct edge_filter settled(struct edge *edge, int ms)
{
	struct edge_change change;
	struct edge_filter filter = { 0 };
	struct iovec iov = { room, sizeof(room) };
	struct frame_meta meta;

	for (int waited = 0; waited < ms; waited += 10) {
		while (edge_receive(edge, &iov, 1, &meta) > 0)
			;
		while (edge_next_change(edge, &change) > 0) {
			if (change.kind == EDGE_CHANGE_FILTER)
				filter = change.filter;
		}
		usleep(10000);
	}
	return filter;
}

static bool has(const struct edge_filter *filter, const char *text)
{
	uint8_t mac[6];

	assert_int_equal(sscanf(text, "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx", &mac[0], &mac[1],
				&mac[2], &mac[3], &mac[4], &mac[5]),
			 6);
	for (unsigned i = 0; i < filter->count; i++) {
		if (memcmp(filter->groups[i], mac, 6) == 0)
			return true;
	}
	return false;
}

static struct edge *open_up(void)
{
	struct edge *edge = open_edge("tap:nic0", &stack);

	assert_int_equal(edge_set_carrier(edge, true), 0);
	run("sysctl -qw net.ipv6.conf.nic0.accept_dad=0 net.ipv6.conf.nic0.disable_ipv6=0");
	run("ip link set nic0 up");
	return edge;
}

static void groups_follow_the_addresses(void **state)
{
	struct edge *edge = open_up();
	struct edge_filter filter = settled(edge, 300);

	assert_true(has(&filter, "33:33:00:00:00:01"));
	assert_false(filter.promiscuous);
	assert_false(filter.all_multicast);
	run("ip address add fd00::12:3456/64 dev nic0");
	filter = settled(edge, 200);
	assert_true(has(&filter, "33:33:ff:12:34:56"));
	run("ip address del fd00::12:3456/64 dev nic0");
	filter = settled(edge, 200);
	assert_true(filter.count > 0);
	assert_false(has(&filter, "33:33:ff:12:34:56"));
	edge_close(edge);
}

/* No message tells of it but the report that the stack sends. */
static void a_group_that_a_program_joins(void **state)
{
	struct edge *edge = open_up();
	struct ip_mreqn group = { .imr_multiaddr.s_addr = htonl(0xEF010203) };
	struct ipv6_mreq group6 = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), fd6 = socket(AF_INET6, SOCK_DGRAM, 0);
	struct edge_filter filter;

	run("ip address add 10.9.9.1/24 dev nic0");
	settled(edge, 200);
	group.imr_ifindex = (int)if_nametoindex("nic0");
	assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof(group)), 0);
	filter = settled(edge, 1000);
	assert_true(has(&filter, "01:00:5e:01:02:03"));
	group6.ipv6mr_interface = if_nametoindex("nic0");
	assert_int_equal(inet_pton(AF_INET6, "ff05::7:8", &group6.ipv6mr_multiaddr), 1);
	assert_int_equal(setsockopt(fd6, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group6, sizeof(group6)),
			 0);
	filter = settled(edge, 1000);
	assert_true(has(&filter, "33:33:00:07:00:08"));
	close(fd);
	close(fd6);
	edge_close(edge);
}

static void promiscuous_and_all_multicast(void **state)
{
	struct edge *edge = open_up();
	struct edge_filter filter;

	settled(edge, 300);
	run("ip link set nic0 promisc on");
	filter = settled(edge, 100);
	assert_true(filter.promiscuous);
	run("ip link set nic0 promisc off");
	run("ip link set nic0 allmulticast on");
	filter = settled(edge, 100);
	assert_false(filter.promiscuous);
	assert_true(filter.all_multicast);
	/* A bridge counts, the administrator's flag stays off. */
	run("ip link set nic0 allmulticast off");
	run("ip link add br0 type bridge");
	run("ip link set nic0 master br0");
	filter = settled(edge, 100);
	assert_true(filter.promiscuous);
	run("ip link del br0");
	edge_close(edge);
}

static void more_groups_than_there_is_room_for(void **state)
{
	struct edge *edge = open_up();
	struct edge_filter filter;

	settled(edge, 300);
	for (int i = 0; i < EDGE_GROUPS + 10; i++)
		run("ip maddress add 01:00:5e:7f:00:%02x dev nic0", i);
	run("ip link set nic0 mtu 1400");
	filter = settled(edge, 100);
	assert_true(filter.all_multicast);
	assert_int_equal(filter.count, EDGE_GROUPS);
	for (int i = 0; i < EDGE_GROUPS + 10; i++)
		run("ip maddress del 01:00:5e:7f:00:%02x dev nic0", i);
	run("ip link set nic0 mtu 1300");
	filter = settled(edge, 100);
	assert_false(filter.all_multicast);
	edge_close(edge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_follow_the_addresses),
		cmocka_unit_test(a_group_that_a_program_joins),
		cmocka_unit_test(promiscuous_and_all_multicast),
		cmocka_unit_test(more_groups_than_there_is_room_for),
	};

	own_namespace();
	return cmocka_run_group_tests_name("edge tap filter", tests, NULL, NULL);
}
