/* SPDX-License-Identifier: MIT */
/* Super-packets of UDP between the kernel's stack and a TAP, in a network namespace of our own. */
#include <arpa/inet.h>
#include <linux/udp.h>
#include <linux/virtio_net.h>
#include <netcx/lso.h>
#include <sys/socket.h>
#include <unistd.h>

#include "edges.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif

#define SEGMENT 1200
#define PAYLOAD (10 * SEGMENT + 300)

static uint8_t room[80000];
static uint8_t data[PAYLOAD];

static const struct edge_config config = {
	.role = EDGE_STACK,
	.mtu = 1500,
	.mac = { 0x02, 0, 0, 0, 0, 0x11 },
	.offloads = { .checksum = true, .uso = true },
};

static struct edge *open_up(const struct edge_config *with)
{
	struct edge *edge = open_edge("tap:nic0", with);

	if (!edge->super_udp) {
		edge_close(edge);
		skip(); /* the kernel's TAP knows none */
	}
	assert_int_equal(edge_set_carrier(edge, true), 0);
	run("ip link set nic0 up; ip addr add 10.9.0.1/24 dev nic0");
	run("sysctl -qw net.ipv6.conf.nic0.disable_ipv6=0");
	run("ip -6 addr add fd09::1/64 dev nic0 nodad");
	run("ip neigh add 10.9.0.2 lladdr 02:00:00:00:00:02 dev nic0");
	run("ip -6 neigh add fd09::2 lladdr 02:00:00:00:00:02 dev nic0");
	return edge;
}

/* As one call, which the kernel hands on whole where the device takes it. */
static void send_segmented(int family)
{
	struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons(2000) };
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(2000) };
	int fd = socket(family, SOCK_DGRAM, 0), size = SEGMENT;
	ssize_t sent;

	inet_pton(AF_INET, "10.9.0.2", &to4.sin_addr);
	inet_pton(AF_INET6, "fd09::2", &to6.sin6_addr);
	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + i / 251);
	assert_int_equal(setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof(size)), 0);
	sent = family == AF_INET
		       ? sendto(fd, data, sizeof(data), 0, (const void *)&to4, sizeof(to4))
		       : sendto(fd, data, sizeof(data), 0, (const void *)&to6, sizeof(to6));
	assert_int_equal(sent, sizeof(data));
	close(fd);
}

/* The next frame of UDP; others are the kernel's own. */
static size_t next_udp(struct edge *edge, struct frame_meta *meta)
{
	for (int i = 0; i < 100; i++) {
		size_t length = receive(edge, room, sizeof(room), meta);
		struct iovec iov = { room, length };
		struct lso_layout layout;

		if (lso_parse(&iov, 1, &layout) == LSO_OK && layout.l4_protocol == IPPROTO_UDP &&
		    room[layout.l4_offset + 2] == 2000 >> 8)
			return length;
	}
	fail_msg("no datagram has come");
	return 0;
}

static void the_stack_hands_over_udp_whole(void **state)
{
	struct edge *edge = open_up(&config);
	const int families[] = { AF_INET, AF_INET6 };

	for (int i = 0; i < 2; i++) {
		struct frame_meta meta;
		size_t length;

		send_segmented(families[i]);
		length = next_udp(edge, &meta);
		assert_int_equal(meta.mss, SEGMENT);
		assert_true(meta.needs_checksum);
		assert_true(frame_is_super_udp(&meta));
		assert_int_equal(length - meta.layout.payload_offset, PAYLOAD);
		assert_memory_equal(room + meta.layout.payload_offset, data, PAYLOAD);
	}
	edge_close(edge);
}

/* What the kernel cuts itself, where we do not take it whole, is what liblso makes of the whole. */
static void our_segments_are_the_kernels(void **state)
{
	struct edge_config without = config;
	struct edge *edge = open_up(&config);
	static uint8_t whole[sizeof(room)], segment[2000];
	struct iovec iov = { whole, 0 };
	struct lso_options options = { .mss = SEGMENT, .ip_id = LSO_IP_ID_LINUX };
	struct lso_segmenter segmenter;
	struct frame_meta meta;
	size_t length;

	send_segmented(AF_INET6);
	iov.iov_len = next_udp(edge, &meta);
	memcpy(whole, room, iov.iov_len);
	edge_close(edge);
	assert_int_equal(lso_begin(&segmenter, &iov, 1, &options), LSO_OK);

	without.offloads.uso = false;
	edge = open_up(&without);
	send_segmented(AF_INET6);
	while ((length = lso_next(&segmenter, segment))) {
		size_t l4 = meta.layout.l4_offset;
		struct frame_meta theirs;

		assert_int_equal(next_udp(edge, &theirs), length);
		assert_int_equal(theirs.mss, 0);
		iov = (struct iovec){ room, length };
		if (theirs.needs_checksum)
			assert_true(frame_finish_checksum(&iov, 1, &theirs));
		/* Another socket: the source port, and with it the checksum, is another. */
		assert_memory_equal(room + 18, segment + 18, l4 - 18);
		assert_memory_equal(room + l4 + 2, segment + l4 + 2, 4);
		assert_memory_equal(room + l4 + 8, segment + l4 + 8, length - l4 - 8);
	}
	edge_close(edge);
}

/* Upwards: one write, and the socket gets the datagrams that it stands for. */
static void a_socket_gets_the_datagrams_of_a_super_packet(void **state)
{
	struct edge *edge = open_up(&config);
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(3000) };
	const struct timeval second = { .tv_sec = 2 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	uint8_t frame[42 + PAYLOAD] = { 0x02, 0, 0, 0, 0, 0x11, 0x02, 0, 0, 0, 0, 2, 8, 0, 0x45 };
	struct iovec iov = { frame, sizeof(frame) };
	struct frame super = { .iov = &iov,
			       .count = 1,
			       .meta = { .mss = SEGMENT, .needs_checksum = true } };
	uint16_t seed, length = htons(PAYLOAD + 28), udp = htons(PAYLOAD + 8);

	assert_int_equal(bind(fd, (const void *)&at, sizeof(at)), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second, sizeof(second)), 0);
	memcpy(frame + 16, &length, 2);
	memcpy(frame + 22, (uint8_t[]){ 64, IPPROTO_UDP }, 2);
	memcpy(frame + 26, (uint8_t[]){ 10, 9, 0, 2, 10, 9, 0, 1 }, 8);
	memcpy(frame + 34, (uint8_t[]){ 2000 >> 8, 2000 & 255, 3000 >> 8, 3000 & 255 }, 4);
	memcpy(frame + 38, &udp, 2);
	memcpy(frame + 42, data, PAYLOAD);
	assert_int_equal(lso_parse(&iov, 1, &super.meta.layout), LSO_OK);
	lso_fill_checksums(frame, sizeof(frame), &super.meta.layout, true, false);
	seed = lso_pseudo_sum(frame, &super.meta.layout, PAYLOAD + 8);
	memcpy(frame + 40, &seed, 2);

	assert_int_equal(edge_send(edge, &super, 1), 1);
	assert_int_equal(counted(edge).tx_super, 1);
	for (size_t done = 0; done < PAYLOAD;) {
		size_t expected = PAYLOAD - done < SEGMENT ? PAYLOAD - done : SEGMENT;

		assert_int_equal(recv(fd, room, sizeof(room), 0), expected);
		assert_memory_equal(room, data + done, expected);
		done += expected;
	}
	close(fd);
	edge_close(edge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_stack_hands_over_udp_whole),
		cmocka_unit_test(our_segments_are_the_kernels),
		cmocka_unit_test(a_socket_gets_the_datagrams_of_a_super_packet),
	};

	own_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
