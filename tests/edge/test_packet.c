/* SPDX-License-Identifier: MIT */
/* A packet socket on one end of a veth pair, in a network namespace of the test's own. */
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/virtio_net.h>
#include <netcx/lso.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "edges.h"

static const struct edge_config wire = { .role = EDGE_WIRE };
static uint8_t room[80000];

static void send_raw(int fd, struct virtio_net_hdr header, const struct test_frame *frame)
{
	struct iovec iov[] = { { &header, sizeof(header) }, { frame->bytes, frame->length } };

	assert_int_equal(writev(fd, iov, 2), sizeof(header) + frame->length);
}

/* The queues of both ends open when the kernel has told of the carrier, up to a second later. */
static void wait_for_carrier(void)
{
	run("timeout 10 sh -c 'for end in port0 far0; do until ip link show $end | grep -q \"state UP\"; do sleep 0.02; done; done'");
}

static int make_pair(void **state)
{
	static int fd;

	if (says("Unknown device type", "ip link add port0 type veth peer name far0 2>&1")) {
		fprintf(stderr, "skipped: the kernel has no veth\n");
		exit(77);
	}
	run("ip link set port0 up && ip link set far0 up");
	wait_for_carrier();
	fd = raw_socket("far0");
	*state = &fd;
	return 0;
}

static int delete_pair(void **state)
{
	close(*(int *)*state);
	return system("ip link del far0 2>/dev/null") < 0;
}

static void frames_go_both_ways(void **state)
{
	int fd = *(int *)*state;
	struct edge *edge = open_edge("packet:port0", &wire);
	struct test_frame frame = make_frame(&(struct shape){ .payload = 1000, .final = true });
	struct iovec iov[] = { { frame.bytes, 20 }, { frame.bytes + 20, frame.length - 20 } };
	struct frame out[70];
	struct frame_meta meta, nothing = { 0 };

	assert_true(fcntl(edge->fd, F_GETFD) & FD_CLOEXEC);
	assert_false(edge->super_packets);
	/* More than a batch; the last byte tells them apart. */
	for (int i = 0; i < 70; i++) {
		frame.bytes[0] = (uint8_t)(2 + 2 * i);
		send_raw(fd, (struct virtio_net_hdr){ 0 }, &frame);
	}
	for (int i = 0; i < 70; i++) {
		assert_int_equal(receive(edge, room, sizeof(room), &meta), frame.length);
		assert_int_equal(room[0], (uint8_t)(2 + 2 * i));
		assert_memory_equal(room + 1, frame.bytes + 1, frame.length - 1);
		meta.checksum_valid = false;
		assert_meta(&meta, &nothing);
	}
	for (int i = 0; i < 70; i++)
		out[i] = (struct frame){ .iov = iov, .count = 2 };
	out[7].meta.mss = 500; /* refused */
	out[8].count = 1;      /* fine: 20 bytes */
	out[9].count = 0;      /* refused */
	assert_int_equal(edge_send(edge, out, 70), 70);
	assert_int_equal(counted(edge).tx_frames, 68);
	assert_int_equal(counted(edge).tx_dropped, 2);
	for (int i = 0; i < 68; i++)
		assert_int_equal(read(fd, room, sizeof(room)),
				 (i == 7 ? 20 : frame.length) + sizeof(struct virtio_net_hdr));
	assert_true(read(fd, room, sizeof(room)) < 0);
	/* What we sent ourselves does not come back. */
	assert_int_equal(edge_receive(edge, iov, 1, &meta), 0);
	edge_close(edge);
	free(frame.bytes);
}

static void too_large_for_the_interface_is_counted(void **state)
{
	struct edge *edge = open_edge("packet:port0", &wire);
	struct iovec iov[] = { { room, 100 }, { room, 3000 } };
	struct frame out[40];

	memset(room, 0, sizeof(room));
	for (int i = 0; i < 40; i++)
		out[i] = (struct frame){ .iov = &iov[i % 4 == 1], .count = 1 };
	assert_int_equal(edge_send(edge, out, 40), 40);
	assert_int_equal(counted(edge).tx_frames, 30);
	assert_int_equal(counted(edge).tx_dropped, 10);
	edge_close(edge);
}

/* The far stack leaves segmentation to its veth: what we receive is what a NIC would. */
static void super_packets_arrive_cut(void **state)
{
	int fd = *(int *)*state;
	struct edge *edge = open_edge("packet:port0", &wire);

	for (int scattered = 0; scattered < 2; scattered++) {
		struct test_frame frame = make_frame(
			&(struct shape){ .version = 6, .tags = scattered, .payload = 50000 });
		struct iovec whole = { frame.bytes, frame.length };
		struct iovec iov[] = { { room, 200 }, { room + 200, 4000 } };
		const struct lso_options options = { .mss = 1400, .ip_id = LSO_IP_ID_LINUX };
		struct lso_segmenter cut;
		uint8_t expected[2000];
		struct frame_meta meta;

		send_raw(fd,
			 (struct virtio_net_hdr){ .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
						  .gso_type = VIRTIO_NET_HDR_GSO_TCPV6,
						  .gso_size = 1400,
						  .hdr_len = (uint16_t)frame.headers,
						  .csum_start = (uint16_t)frame.l4,
						  .csum_offset = 16 },
			 &frame);
		assert_int_equal(lso_begin(&cut, &whole, 1, &options), LSO_OK);
		for (int i = 0; i < 36; i++) {
			size_t length = lso_next(&cut, expected);
			ssize_t got = scattered ? edge_receive(edge, iov, 2, &meta)
						: (ssize_t)receive(edge, room, sizeof(room), &meta);

			assert_int_equal(got, length);
			assert_memory_equal(room, expected, length);
			assert_int_equal(meta.mss, 0);
			assert_false(meta.needs_checksum);
			assert_true(meta.checksum_valid);
			assert_int_equal(lso_verify(room, length).l4, LSO_SUM_GOOD);
		}
		free(frame.bytes);
	}
	assert_int_equal(counted(edge).rx_super, 2);
	assert_int_equal(counted(edge).rx_frames, 72);
	assert_int_equal(counted(edge).rx_dropped, 0);
	edge_close(edge);
}

/* One segment that does not fit the room is lost, and the packet's rest; then all is well again. */
static void a_small_room_drops(void **state)
{
	int fd = *(int *)*state;
	struct edge *edge = open_edge("packet:port0", &wire);
	struct test_frame frame = make_frame(&(struct shape){ .payload = 5000 });
	struct test_frame small = make_frame(&(struct shape){ .payload = 100, .final = true });
	struct frame_meta meta;

	send_raw(fd,
		 (struct virtio_net_hdr){ .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
					  .gso_type = VIRTIO_NET_HDR_GSO_TCPV4,
					  .gso_size = 1400,
					  .hdr_len = 54,
					  .csum_start = 34,
					  .csum_offset = 16 },
		 &frame);
	send_raw(fd, (struct virtio_net_hdr){ 0 }, &small);
	assert_int_equal(receive(edge, room, 1000, &meta), small.length);
	assert_memory_equal(room, small.bytes, small.length);
	assert_int_not_equal(counted(edge).rx_dropped, 0);
	edge_close(edge);
	free(frame.bytes);
	free(small.bytes);
}

/* The kernel takes the outer tag off; it has to come back, with the checksum at its place. */
static void tags_and_checksums_are_restored(void **state)
{
	int fd = *(int *)*state;
	struct edge *edge = open_edge("packet:port0", &wire);

	for (int tags = 0; tags <= 2; tags++) {
		struct test_frame frame =
			make_frame(&(struct shape){ .tags = tags, .payload = 700 });
		struct frame_meta meta;

		send_raw(fd,
			 (struct virtio_net_hdr){ .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
						  .csum_start = (uint16_t)frame.l4,
						  .csum_offset = 16 },
			 &frame);
		assert_int_equal(receive(edge, room, sizeof(room), &meta), frame.length);
		assert_memory_equal(room, frame.bytes, frame.l4);
		assert_int_equal(lso_verify(room, frame.length).l4, LSO_SUM_GOOD);
		assert_false(meta.needs_checksum);
		free(frame.bytes);
	}
	assert_int_equal(counted(edge).rx_dropped, 0);
	edge_close(edge);
}

static void noise_is_harmless(void **state)
{
	int fd = *(int *)*state;
	struct edge *edge = open_edge("packet:port0", &wire);
	struct test_frame last = make_frame(&(struct shape){ .payload = 100, .final = true });
	static uint8_t bytes[70000];
	struct random seed = { 3 };
	struct frame_meta meta;

	random_fill(&seed, bytes, sizeof(bytes));
	for (int i = 0; i < 2000; i++) {
		struct iovec out = { bytes, i < 100 ? (size_t)i : random_below(&seed, 70001) };
		struct iovec in = { room, random_below(&seed, 4000) };
		struct frame frame = { .iov = &out, .count = 1 };

		frame.meta.needs_checksum = i & 1;
		frame.meta.layout.l4_offset = (uint16_t)random_next(&seed);
		frame.meta.layout.l4_protocol = i & 2 ? IPPROTO_TCP : (uint8_t)random_next(&seed);
		assert_int_equal(edge_send(edge, &frame, 1), 1);
		if (write(fd, bytes + 10, random_below(&seed, 1600)) < 0)
			assert_int_not_equal(errno, EBADF);
		while (edge_receive(edge, &in, 1, &meta) > 0)
			;
	}
	assert_int_equal(counted(edge).tx_frames + counted(edge).tx_dropped, 2000);
	send_raw(fd, (struct virtio_net_hdr){ 0 }, &last);
	assert_int_equal(receive(edge, room, sizeof(room), &meta), last.length);
	edge_close(edge);
	free(last.bytes);
}

static void down_is_no_end_but_deleted_is(void **state)
{
	int fd = *(int *)*state;
	struct edge *edge = open_edge("packet:port0", &wire);
	struct test_frame frame = make_frame(&(struct shape){ .payload = 100, .final = true });
	struct iovec iov = { room, sizeof(room) };
	struct frame out = { .iov = &iov, .count = 1 };
	struct frame_meta meta;

	run("ip link set port0 down");
	assert_int_equal(edge_receive(edge, &iov, 1, &meta), 0);
	iov.iov_len = 100;
	assert_int_equal(edge_send(edge, &out, 1), 1);
	assert_int_equal(counted(edge).tx_dropped, 1);
	run("ip link set port0 up");
	wait_for_carrier();
	send_raw(fd, (struct virtio_net_hdr){ 0 }, &frame);
	assert_int_equal(receive(edge, room, sizeof(room), &meta), frame.length);
	run("ip link del port0");
	iov.iov_len = sizeof(room);
	assert_int_equal(edge_receive(edge, &iov, 1, &meta), -ENODEV);
	assert_string_equal(
		edge_ended(edge),
		"packet:port0: the interface was deleted or moved into another network namespace");
	edge_close(edge);
	free(frame.bytes);
}

/* Merged frames cannot be told apart again: their IPv4 IDs are lost, a bad one overtakes them. */
static void nothing_is_merged_meanwhile(void **state)
{
	struct edge *edge;

	run("ethtool -K port0 gro on");
	edge = open_edge("packet:port0", &wire);
	assert_true(says("generic-receive-offload: off", "ethtool -k port0"));
	assert_string_equal(edge->note, "");
	edge_close(edge);
	assert_true(says("generic-receive-offload: on", "ethtool -k port0"));

	/* What was off stays off, before and behind. */
	run("ethtool -K port0 gro off");
	edge = open_edge("packet:port0", &wire);
	edge_close(edge);
	assert_true(says("generic-receive-offload: off", "ethtool -k port0"));

	/* The interface may be gone by then. */
	run("ethtool -K port0 gro on");
	edge = open_edge("packet:port0", &wire);
	run("ip link del port0");
	edge_close(edge);
}

/* CAP_NET_RAW is enough for the socket, not for the interface's features. */
static void set_net_admin(bool on)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	assert_int_equal(syscall(SYS_capget, &header, data), 0);
	if (on)
		data[0].effective |= 1u << CAP_NET_ADMIN;
	else
		data[0].effective &= ~(1u << CAP_NET_ADMIN);
	assert_int_equal(syscall(SYS_capset, &header, data), 0);
}

static void merging_that_stays_is_told(void **state)
{
	struct edge *edge;

	run("ethtool -K port0 gro on");
	set_net_admin(false);
	edge = open_edge("packet:port0", &wire);
	set_net_admin(true);
	assert_non_null(strstr(edge->note, "port0 merges received frames (gro is on)"));
	assert_non_null(strstr(edge->note, "ethtool -K port0 gro off"));
	assert_true(strlen(edge->note) < sizeof(edge->note) - 1);
	edge_close(edge);
	assert_true(says("generic-receive-offload: on", "ethtool -k port0"));
}

static void says_what_is_wrong(void **state)
{
	open_fails("packet:none0", &wire, "there is no interface none0");
	run("ip tuntap add tun0 mode tun");
	open_fails("packet:tun0", &wire, "does not carry Ethernet frames");
	run("ip link del tun0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define ON_A_PAIR(f) cmocka_unit_test_setup_teardown(f, make_pair, delete_pair)
		ON_A_PAIR(nothing_is_merged_meanwhile),
		ON_A_PAIR(merging_that_stays_is_told),
		ON_A_PAIR(frames_go_both_ways),
		ON_A_PAIR(too_large_for_the_interface_is_counted),
		ON_A_PAIR(super_packets_arrive_cut),
		ON_A_PAIR(a_small_room_drops),
		ON_A_PAIR(tags_and_checksums_are_restored),
		ON_A_PAIR(noise_is_harmless),
		ON_A_PAIR(down_is_no_end_but_deleted_is),
		cmocka_unit_test(says_what_is_wrong),
	};

	own_namespace();
	return cmocka_run_group_tests_name("edge packet", tests, NULL, NULL);
}
