/* SPDX-License-Identifier: MIT */
/* A TAP that is moved into another network namespace while it is open, as container tools do. */
#include <net/if.h>
#include <netcx/lso.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edges.h"

static const struct edge_config stack = {
	.role = EDGE_STACK,
	.mtu = 1500,
	.mac = { 0x02, 0, 0, 0, 0, 0x11 },
	.offloads = { .checksum = true, .tso4 = true, .tso6 = true },
};

/* A process that does nothing but have a network namespace of its own; made before any edge. */
static pid_t another_namespace(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNET) || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static struct edge *open_up(const char *spec, const struct edge_config *config)
{
	struct edge *edge = open_edge(spec, config);
	struct edge_change change;

	assert_int_equal(edge_set_carrier(edge, true), 0);
	run("ip link set nic0 up");
	while (edge_next_change(edge, &change) > 0)
		;
	return edge;
}

/* The next change of a kind, others passed over. */
static struct edge_change change_of(struct edge *edge, enum edge_change_kind kind)
{
	struct edge_change change = { 0 };

	for (int tries = 0; tries < 100; tries++) {
		struct pollfd readable = { .fd = edge->change_fd, .events = POLLIN };
		int status = edge_next_change(edge, &change);

		assert_true(status >= 0);
		if (status && change.kind == kind)
			return change;
		if (!status)
			poll(&readable, 1, 100);
	}
	fail_msg("no change of kind %d was told", kind);
	return change;
}

static void takes_a_frame_in(struct edge *edge, pid_t pid, const char *name)
{
	struct test_frame frame = make_frame(&(struct shape){ .payload = 100, .final = true });
	struct iovec iov = { frame.bytes, frame.length };
	struct frame out = { .iov = &iov, .count = 1 };
	uint64_t before = counted(edge).tx_frames;

	assert_int_equal(edge_send(edge, &out, 1), 1);
	assert_int_equal(counted(edge).tx_frames, before + 1);
	assert_true(says("\"rx\":{\"bytes\":154,\"packets\":1,",
			 "nsenter -t %d -n ip -j -s link show %s", pid, name));
	free(frame.bytes);
}

static void is_followed(void **state)
{
	pid_t there = another_namespace();
	struct edge *edge = open_up("tap:nic0", &stack);
	const uint8_t ours[6] = { 2, 0, 0, 0, 0, 0x44 };
	struct edge_offloads offloads = stack.offloads;
	struct edge_change change;

	/* Its index is taken there, so it gets another one; and it is renamed on the way. */
	run("nsenter -t %d -n ip link add busy0 index %u type bridge", there,
	    if_nametoindex("nic0"));
	run("ip link set nic0 netns %d name eth7", there);
	/* The kernel takes it down, moves it, and says both. */
	assert_int_equal(change_of(edge, EDGE_CHANGE_MOVED).not_followed, 0);
	while (edge_next_change(edge, &change) > 0)
		;
	run("nsenter -t %d -n ip link set eth7 up", there);
	assert_true(change_of(edge, EDGE_CHANGE_UP).up);
	takes_a_frame_in(edge, there, "eth7");

	/* Both directions of control, there. */
	run("nsenter -t %d -n ethtool -K eth7 tso off", there);
	change = change_of(edge, EDGE_CHANGE_OFFLOADS);
	assert_true(change.offloads.checksum);
	assert_false(change.offloads.tso4);
	run("nsenter -t %d -n ip link set eth7 mtu 1300", there);
	assert_int_equal(change_of(edge, EDGE_CHANGE_MTU).mtu, 1300);
	assert_int_equal(edge_set_mac(edge, ours), 0);
	assert_int_equal(edge_set_mtu(edge, 1400), 0);
	offloads.tso4 = offloads.tso6 = offloads.checksum = false;
	assert_int_equal(edge_set_offloads(edge, &offloads), 0);
	assert_true(says("mtu 1400", "nsenter -t %d -n ip link show eth7", there));
	assert_true(says("02:00:00:00:00:44", "nsenter -t %d -n ip link show eth7", there));
	assert_true(says("tx-checksum-ip-generic: off", "nsenter -t %d -n ethtool -k eth7", there));
	while (edge_next_change(edge, &change) > 0)
		;

	/* Groups are those of the namespace that it is in. */
	run("nsenter -t %d -n ip maddress add 01:00:5e:00:00:77 dev eth7", there);
	run("nsenter -t %d -n ip link set eth7 allmulticast on", there);
	change = change_of(edge, EDGE_CHANGE_FILTER);
	assert_true(change.filter.all_multicast);
	assert_true(change.filter.count > 0);

	run("nsenter -t %d -n ip link del eth7", there);
	while (edge_next_change(edge, &change) > 0)
		;
	assert_int_equal(edge_next_change(edge, &change), -ENODEV);
	assert_string_equal(edge_ended(edge), "tap:nic0: the device was deleted");
	edge_close(edge);
	end(there);
}

/* What our side sets before it has heard of the move goes to where the device is. */
static void is_found_by_our_own_calls(void **state)
{
	pid_t there = another_namespace();
	struct edge *edge = open_up("tap:nic0", &stack);
	struct edge_offloads offloads = stack.offloads;

	run("ip link set nic0 netns %d", there);
	offloads.tso6 = false;
	assert_int_equal(edge_set_offloads(edge, &offloads), 0);
	assert_true(says("tx-tcp6-segmentation: off", "nsenter -t %d -n ethtool -k nic0", there));
	assert_int_equal(next_change(edge).kind, EDGE_CHANGE_MOVED);
	edge_close(edge);
	end(there);
}

/* There and back, before anyone looked. */
static void comes_back(void **state)
{
	pid_t there = another_namespace();
	struct edge *edge = open_up("tap:nic0", &stack);
	struct edge_change change;

	run("ip link set nic0 netns %d; nsenter -t %d -n ip link set nic0 netns %d", there, there,
	    getpid());
	run("ip link set nic0 mtu 1300");
	assert_int_equal(change_of(edge, EDGE_CHANGE_MTU).mtu, 1300);
	run("ip link set nic0 mtu 1200");
	assert_int_equal(change_of(edge, EDGE_CHANGE_MTU).mtu, 1200);
	while (edge_next_change(edge, &change) > 0)
		;
	edge_close(edge);
	assert_int_equal(if_nametoindex("nic0"), 0);
	end(there);
}

/* A wire's TAP tells nothing, but its MTU is set by us. */
static void a_wire_is_found(void **state)
{
	struct edge_config wire = { .role = EDGE_WIRE };
	pid_t there = another_namespace();
	struct edge *edge = open_edge("tap:nic0", &wire);

	run("ip link set nic0 netns %d", there);
	assert_int_equal(edge_set_mtu(edge, 1300), 0);
	assert_true(says("mtu 1300", "nsenter -t %d -n ip link show nic0", there));
	edge_close(edge);
	end(there);
}

/* Without the permission to go there the frames still pass, and it is said. */
static void is_not_followed_without_permission(void **state)
{
	pid_t there = another_namespace();
	struct edge *edge = open_up("tap:nic0", &stack);
	struct edge_change change;

	run("ip link set nic0 netns %d && nsenter -t %d -n ip link set nic0 up", there, there);
	assert_int_equal(seteuid(65534), 0);
	assert_int_equal(change_of(edge, EDGE_CHANGE_MOVED).not_followed, -EPERM);
	assert_int_equal(edge_next_change(edge, &change), 0);
	assert_int_equal(edge_set_mtu(edge, 1300), -EPERM);
	assert_int_equal(seteuid(0), 0);
	takes_a_frame_in(edge, there, "nic0");
	assert_null(edge_ended(edge));
	edge_close(edge);
	end(there);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_followed),
		cmocka_unit_test(is_found_by_our_own_calls),
		cmocka_unit_test(comes_back),
		cmocka_unit_test(a_wire_is_found),
		cmocka_unit_test(is_not_followed_without_permission),
	};

	own_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
