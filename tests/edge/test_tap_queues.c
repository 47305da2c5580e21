/* SPDX-License-Identifier: MIT */
/* Several queues of a TAP against the kernel, in a network namespace of the test's own. */
#include <arpa/inet.h>
#include <net/if.h>
#include <sys/socket.h>
#include <unistd.h>

#include "edges.h"

#define FLOWS 64

static const struct edge_config three = {
	.role = EDGE_STACK,
	.mtu = 1500,
	.mac = { 0x02, 0, 0, 0, 0, 0x11 },
	.offloads = { .checksum = true },
	.queues = 3,
};

static struct edge *open_up(const char *spec, const struct edge_config *config)
{
	struct edge *edge = open_edge(spec, config);

	assert_int_equal(edge_set_carrier(edge, true), 0);
	run("ip link set %s up; ip addr add 10.9.0.1/24 dev %s", spec + 4, spec + 4);
	run("ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev %s", spec + 4);
	return edge;
}

/* One datagram of each of so many flows. */
static void send_flows(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x0a090002) };

	for (int i = 0; i < FLOWS; i++) {
		int fd = socket(AF_INET, SOCK_DGRAM, 0);

		to.sin_port = htons((uint16_t)(2000 + i));
		assert_int_equal(sendto(fd, &i, sizeof(i), 0, (const void *)&to, sizeof(to)),
				 sizeof(i));
		close(fd);
	}
}

/* The destination port of what comes out of a queue; 0: none is there, or no datagram of ours. */
static unsigned next_port(struct edge *edge, unsigned queue, bool *none)
{
	uint8_t frame[2000];
	struct iovec room = { frame, sizeof(frame) };
	struct frame_meta meta;
	ssize_t got = edge_receive_queue(edge, queue, &room, 1, &meta);

	assert_true(got >= 0);
	*none = got == 0;
	return got > 42 && frame[12] == 8 && frame[23] == IPPROTO_UDP
		       ? (unsigned)(frame[36] << 8 | frame[37])
		       : 0;
}

/* Which flows came out of which queue: the port, less 2000. Return: how many. */
static unsigned take(struct edge *edge, unsigned queue, bool seen[FLOWS])
{
	unsigned count = 0;
	bool none = false;

	while (!none) {
		unsigned port = next_port(edge, queue, &none);

		if (port < 2000 || port >= 2000 + FLOWS)
			continue;
		seen[port - 2000] = true;
		count++;
	}
	return count;
}

static void flows_are_spread(void **state)
{
	struct edge *edge = open_up("tap:nic0", &three);
	bool seen[FLOWS] = { 0 };
	unsigned total = 0, most = 0;

	assert_int_equal(edge_set_queues(edge, 3), 3);
	send_flows();
	usleep(50000);
	for (unsigned i = 0; i < 3; i++) {
		unsigned count = take(edge, i, seen);

		total += count;
		most = count > most ? count : most;
	}
	assert_int_equal(total, FLOWS);
	assert_in_range(most, 1, FLOWS - 1);
	edge_close(edge);
}

/* What a queue has read before it was asked for is lost when nobody asks any more; it is counted.
 */
static void what_was_read_ahead_is_not_forgotten_in_silence(void **state)
{
	struct edge *edge = open_up("tap:nic0", &three);
	bool seen[FLOWS] = { 0 }, none;
	unsigned taken = 0, there = 0;

	assert_int_equal(edge_set_queues(edge, 3), 3);
	send_flows();
	usleep(50000);
	for (unsigned queue = 0; queue < 3; queue++) {
		for (unsigned i = 0; i < 3; i++)
			taken += next_port(edge, queue, &none) >= 2000;
		there += queue && edge_holds(edge, queue);
	}
	assert_int_equal(edge_set_queues(edge, 1), 1);
	assert_false(edge_holds(edge, 1) || edge_holds(edge, 2));
	assert_in_range(counted(edge).rx_dropped, there, FLOWS);
	taken += take(edge, 0, seen);
	assert_in_range(taken + counted(edge).rx_dropped, taken, FLOWS);
	edge_close(edge);
}

static int bound_socket(unsigned port)
{
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	assert_int_equal(bind(fd, (const void *)&from, sizeof(from)), 0);
	return fd;
}

/* A datagram from the other side to ours at @port; its checksum does not matter to the device. */
static void send_answer(struct edge *edge, unsigned port)
{
	uint8_t bytes[60] = { 0x02, 0, 0, 0, 0, 0x11, 0x02, 0, 0, 0, 0, 2, 8, 0, 0x45, 0, 0, 46 };
	const struct iovec iov = { bytes, sizeof(bytes) };
	const struct frame frame = { .iov = &iov, .count = 1 };

	memcpy(bytes + 22, (uint8_t[]){ 64, IPPROTO_UDP }, 2);
	memcpy(bytes + 26, (uint8_t[]){ 10, 9, 0, 2, 10, 9, 0, 1 }, 8);
	memcpy(bytes + 34,
	       (uint8_t[]){ 2000 >> 8, 2000 & 255, (uint8_t)(port >> 8), (uint8_t)port, 0, 26 }, 6);
	assert_int_equal(edge_send(edge, &frame, 1), 1);
}

static int queue_of_flow(struct edge *edge, int fd)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(0x0a090002),
				  .sin_port = htons(2000) };
	bool seen[FLOWS] = { 0 };
	int queue = -1;

	assert_int_equal(sendto(fd, "x", 1, 0, (const void *)&to, sizeof(to)), 1);
	usleep(10000);
	for (unsigned i = 0; i < 3; i++)
		if (take(edge, i, seen))
			queue = (int)i;
	assert_true(queue >= 0);
	return queue;
}

/* An answer that is written does not draw its flow to another queue. */
static void what_goes_up_moves_no_flow(void **state)
{
	struct edge *edge = open_up("tap:nic0", &three);

	assert_int_equal(edge_set_queues(edge, 3), 3);
	for (unsigned port = 3000; port < 3010; port++) {
		int fd = bound_socket(port), before = queue_of_flow(edge, fd);

		send_answer(edge, port);
		assert_int_equal(queue_of_flow(edge, fd), before);
		close(fd);
	}
	edge_close(edge);
}

static void one_queue_takes_all(void **state)
{
	struct edge *edge = open_up("tap:nic0", &three);
	bool seen[FLOWS] = { 0 };
	struct edge_counters counters;

	assert_int_equal(edge_set_queues(edge, 3), 3);
	assert_int_equal(edge_set_queues(edge, 1), 1);
	send_flows();
	usleep(50000);
	assert_int_equal(take(edge, 0, seen), FLOWS);
	assert_int_equal(edge_set_queues(edge, 9), 3);
	send_flows();
	usleep(50000);
	assert_int_equal(take(edge, 0, seen) + take(edge, 1, seen) + take(edge, 2, seen), FLOWS);
	edge_counters(edge, &counters);
	assert_true(counters.rx_frames >= 2 * FLOWS);
	edge_close(edge);
	assert_int_equal(if_nametoindex("nic0"), 0);
}

/* One that root has made in advance has as many as it was made with. */
static void a_device_that_lasts_keeps_its_kind(void **state)
{
	struct edge_config one = three;
	struct edge *edge;

	run("ip tuntap add nic0 mode tap");
	edge = open_edge("tap:nic0", &three);
	assert_non_null(strstr(edge->few, "multi_queue"));
	assert_int_equal(edge_set_queues(edge, 3), 1);
	edge_close(edge);
	run("ip link del nic0");

	one.queues = 1;
	run("ip tuntap add nic0 mode tap multi_queue");
	edge = open_edge("tap:nic0", &one);
	assert_string_equal(edge->few, "");
	assert_int_equal(edge_set_queues(edge, 3), 1);
	edge_close(edge);
	edge = open_edge("tap:nic0", &three);
	assert_int_equal(edge_set_queues(edge, 3), 3);
	edge_close(edge);
	run("ip link del nic0");
}

static void two_users_are_kept_apart(void **state)
{
	struct edge *edge = open_edge("tap:nic0", &three);

	open_fails("tap:nic0", &three, "in use by another process");
	edge_close(edge);
	open_fails("tap:lo", &three, "not a TAP");
}

/* Sent by any thread, super-packets too, and taken by the kernel. */
static void frames_go_up(void **state)
{
	struct edge *edge = open_up("tap:nic0", &three);
	uint8_t bytes[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 2, 8, 6 };
	const struct iovec iov = { bytes, sizeof(bytes) };
	const struct frame frame = { .iov = &iov, .count = 1 };

	assert_int_equal(edge_set_queues(edge, 2), 2);
	assert_int_equal(edge_send(edge, &frame, 1), 1);
	assert_int_equal(counted(edge).tx_frames, 1);
	assert_true(says(" 60 ", "ip -s link show nic0"));
	edge_close(edge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flows_are_spread),
		cmocka_unit_test(what_was_read_ahead_is_not_forgotten_in_silence),
		cmocka_unit_test(what_goes_up_moves_no_flow),
		cmocka_unit_test(one_queue_takes_all),
		cmocka_unit_test(a_device_that_lasts_keeps_its_kind),
		cmocka_unit_test(two_users_are_kept_apart),
		cmocka_unit_test(frames_go_up),
	};

	own_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
