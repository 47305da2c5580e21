/* SPDX-License-Identifier: MIT */
/* What a driver says of a received checksum, and what the kernel above the TAP makes of it. */
#include <arpa/inet.h>
#include <linux/virtio_net.h>
#include <netcx/lso.h>
#include <poll.h>
#include <unistd.h>

#include "edges.h"

static const struct edge_config stack = { .role = EDGE_STACK, .mtu = 1500 };
static uint8_t room[80000];

static struct edge *open_up(void)
{
	struct edge *edge = open_edge("tap:nic0", &stack);
	struct edge_change change;

	assert_int_equal(edge_set_carrier(edge, true), 0);
	run("ip link set nic0 up");
	while (edge_next_change(edge, &change) > 0)
		;
	return edge;
}

/* One frame to the stack in pieces of @piece bytes. */
static void send_up(struct edge *edge, const uint8_t *bytes, size_t length, size_t piece, bool good)
{
	struct iovec iov[64];
	struct frame frame = { .iov = iov, .meta = { .checksum_valid = good } };

	for (size_t at = 0; at < length; at += piece)
		iov[frame.count++] = (struct iovec){ (void *)(uintptr_t)(bytes + at),
						     length - at < piece ? length - at : piece };
	assert_int_equal(edge_send(edge, &frame, 1), 1);
}

static struct virtio_net_hdr arrives(int fd, size_t length)
{
	struct virtio_net_hdr header;

	assert_int_equal(read(fd, room, sizeof(room)), sizeof(header) + length);
	memcpy(&header, room, sizeof(header));
	memmove(room, room + sizeof(header), length);
	return header;
}

/* As the kernel would complete it when it sends the frame on. */
static void complete(const struct virtio_net_hdr *header, size_t length)
{
	uint16_t sum =
		(uint16_t)~lso_checksum(room + header->csum_start, length - header->csum_start, 0);

	if (!sum)
		sum = 0xffff;
	memcpy(room + header->csum_start + header->csum_offset, &sum, sizeof(sum));
}

static void a_good_one_is_told(void **state)
{
	const struct shape shapes[] = {
		{ .payload = 700, .final = true },
		{ .version = 6, .payload = 700, .final = true },
		{ .protocol = IPPROTO_UDP, .payload = 701, .final = true },
		{ .version = 6, .protocol = IPPROTO_UDP, .payload = 701, .final = true },
		{ .ip_words = 10, .tcp_words = 10, .payload = 122, .final = true },
		{ .version = 6, .ip_words = 1, .tcp_words = 3, .payload = 1300, .final = true },
	};
	struct edge *edge = open_up();
	int fd = raw_socket("nic0");

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		struct test_frame frame = make_frame(&shapes[i]);
		uint8_t *sent = malloc(frame.length);
		struct virtio_net_hdr header;

		memcpy(sent, frame.bytes, frame.length);
		for (size_t piece = 31; piece < 2000; piece += 1969 / 2) {
			send_up(edge, sent, frame.length, piece, true);
			/* What is the driver's is only read. */
			assert_memory_equal(sent, frame.bytes, frame.length);
			header = arrives(fd, frame.length);
			assert_int_equal(header.flags, VIRTIO_NET_HDR_F_NEEDS_CSUM);
			assert_int_equal(header.csum_start, frame.l4);
			complete(&header, frame.length);
			assert_memory_equal(room, frame.bytes, frame.length);
		}
		send_up(edge, sent, frame.length, 2000, false);
		header = arrives(fd, frame.length);
		assert_int_equal(header.flags, 0);
		assert_memory_equal(room, frame.bytes, frame.length);
		free(sent);
		free(frame.bytes);
	}
	close(fd);
	edge_close(edge);
}

/* Where completing would not give the frame back it goes up as it is. */
static void what_cannot_be_told_is_left_alone(void **state)
{
	struct edge *edge = open_up();
	struct test_frame tcp = make_frame(&(struct shape){ .payload = 300, .final = true });
	struct test_frame small = make_frame(&(struct shape){ .payload = 201, .final = true });
	struct test_frame udp = make_frame(
		&(struct shape){ .protocol = IPPROTO_UDP, .payload = 300, .final = true });
	uint8_t bytes[400];
	int fd = raw_socket("nic0");

	/* Summed in no time: 255 bytes. */
	send_up(edge, small.bytes, small.length, 400, true);
	assert_int_equal(arrives(fd, small.length).flags, 0);
	assert_memory_equal(room, small.bytes, small.length);
	/* Bytes behind the packet. */
	memcpy(bytes, tcp.bytes, tcp.length);
	memset(bytes + tcp.length, 0xAA, 6);
	send_up(edge, bytes, tcp.length + 6, 400, true);
	assert_int_equal(arrives(fd, tcp.length + 6).flags, 0);
	assert_memory_equal(room, bytes, tcp.length + 6);
	/* Less than the packet. */
	send_up(edge, bytes, tcp.length - 1, 400, true);
	assert_int_equal(arrives(fd, tcp.length - 1).flags, 0);
	/* A fragment. */
	bytes[20] = 0x20;
	send_up(edge, bytes, tcp.length, 400, true);
	assert_int_equal(arrives(fd, tcp.length).flags, 0);
	/* A datagram that ends before its packet. */
	memcpy(bytes, udp.bytes, udp.length);
	bytes[udp.l4 + 5]--;
	send_up(edge, bytes, udp.length, 400, true);
	assert_int_equal(arrives(fd, udp.length).flags, 0);
	/* A UDP sender that has not summed. */
	memcpy(bytes, udp.bytes, udp.length);
	bytes[udp.l4 + 6] = bytes[udp.l4 + 7] = 0;
	send_up(edge, bytes, udp.length, 400, true);
	assert_int_equal(arrives(fd, udp.length).flags, 0);
	assert_memory_equal(room, bytes, udp.length);
	free(tcp.bytes);
	free(udp.bytes);
	free(small.bytes);
	close(fd);
	edge_close(edge);
}

/* The driver vouches for the bytes, as on Windows: a socket gets what it calls good, and only that.
 */
static void the_socket_goes_by_it(void **state)
{
	struct edge *edge = open_up();
	struct test_frame frame = make_frame(
		&(struct shape){ .protocol = IPPROTO_UDP, .payload = 900, .final = true });
	struct sockaddr_in at = { .sin_family = AF_INET };
	uint8_t *port = frame.bytes + frame.l4 + 2, *to = frame.bytes + frame.l3 + 16;
	struct pollfd socket_fd = { .fd = socket(AF_INET, SOCK_DGRAM, 0), .events = POLLIN };

	memcpy(&at.sin_port, port, 2);
	run("sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.nic0.rp_filter=0");
	run("ip addr add %u.%u.%u.%u/24 dev nic0", to[0], to[1], to[2], to[3]);
	memset(frame.bytes, 0xff, 6); /* to all: no need to know the address */
	assert_int_equal(bind(socket_fd.fd, (struct sockaddr *)&at, sizeof(at)), 0);

	frame.bytes[frame.headers + 5] ^= 1;
	send_up(edge, frame.bytes, frame.length, 2000, false);
	assert_int_equal(poll(&socket_fd, 1, 200), 0);
	send_up(edge, frame.bytes, frame.length, 2000, true);
	assert_int_equal(poll(&socket_fd, 1, 5000), 1);
	assert_int_equal(recv(socket_fd.fd, room, sizeof(room), 0), 900);
	assert_memory_equal(room, frame.bytes + frame.headers, 900);
	close(socket_fd.fd);
	free(frame.bytes);
	edge_close(edge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_one_is_told),
		cmocka_unit_test(what_cannot_be_told_is_left_alone),
		cmocka_unit_test(the_socket_goes_by_it),
	};

	own_namespace();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
