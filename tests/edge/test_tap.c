/* SPDX-License-Identifier: MIT */
/* TAP edges against the kernel, in a network namespace of the test's own. */
#include <fcntl.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <netcx/lso.h>
#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include "edges.h"

static uint8_t room[80000];

static const struct edge_config stack = {
	.role = EDGE_STACK,
	.mtu = 1500,
	.mac = { 0x02, 0, 0, 0, 0, 0x11 },
	.offloads = { .checksum = true, .tso4 = true, .tso6 = true, .gso_max_size = 40000 },
};
static const struct edge_config wire = { .role = EDGE_WIRE };

static struct edge *open_up(const char *spec, const struct edge_config *config)
{
	struct edge *edge = open_edge(spec, config);
	struct edge_change change;

	assert_int_equal(edge_set_carrier(edge, true), 0);
	run("ip link set %s up", strndupa(spec + 4, strcspn(spec + 4, ",")));
	while (edge_next_change(edge, &change) > 0)
		;
	return edge;
}

static void opens_as_asked(void **state)
{
	struct edge *edge = open_edge("tap:nic0", &stack);
	int gone = fcntl(edge->fd, F_GETFD);

	assert_true(gone & FD_CLOEXEC);
	assert_true(fcntl(edge->fd, F_GETFL) & O_NONBLOCK);
	assert_true(edge->super_packets);
	assert_true(says("link/ether 02:00:00:00:00:11", "ip -d link show nic0"));
	assert_true(says("mtu 1500", "ip -d link show nic0"));
	assert_true(says("gso_max_size 40000", "ip -d link show nic0"));
	assert_true(says("tx-tcp-segmentation: on", "ethtool -k nic0"));
	assert_true(says("tx-tcp6-segmentation: on", "ethtool -k nic0"));
	assert_true(says("tx-udp-segmentation: off", "ethtool -k nic0"));
	no_change(edge);
	run("ip link set nic0 up");
	assert_true(next_change(edge).up);
	assert_true(says("NO-CARRIER", "ip link show nic0"));
	assert_int_equal(edge_set_carrier(edge, true), 0);
	assert_true(says("LOWER_UP", "ip link show nic0"));
	assert_int_equal(edge_set_carrier(edge, false), 0);
	assert_true(says("NO-CARRIER", "ip link show nic0"));
	no_change(edge);
	edge_close(edge);
	assert_int_equal(if_nametoindex("nic0"), 0);
}

static void opens_without_offloads(void **state)
{
	struct edge_config config = stack;
	struct edge *edge;

	config.offloads = (struct edge_offloads){ 0 };
	edge = open_edge("tap:nic0", &config);
	assert_true(says("tx-tcp-segmentation: off", "ethtool -k nic0"));
	assert_true(says("tx-checksum-ip-generic: off", "ethtool -k nic0"));
	no_change(edge);
	edge_close(edge);
}

static void tells_link_changes(void **state)
{
	struct edge *edge = open_up("tap:nic0", &stack);
	const uint8_t theirs[6] = { 2, 0, 0, 0, 0, 0x22 }, ours[6] = { 2, 0, 0, 0, 0, 0x33 };
	struct edge_change change;

	run("ip link set nic0 mtu 4000");
	change = next_change(edge);
	assert_int_equal(change.kind, EDGE_CHANGE_MTU);
	assert_int_equal(change.mtu, 4000);
	run("ip link set nic0 address 02:00:00:00:00:22");
	change = next_change(edge);
	assert_int_equal(change.kind, EDGE_CHANGE_MAC);
	assert_memory_equal(change.mac, theirs, 6);
	run("ip link set nic0 down");
	change = next_change(edge);
	assert_int_equal(change.kind, EDGE_CHANGE_UP);
	assert_false(change.up);
	no_change(edge);

	assert_int_equal(edge_set_mtu(edge, 1400), 0);
	assert_int_equal(edge_set_mac(edge, ours), 0);
	assert_true(says("02:00:00:00:00:33", "ip link show nic0"));
	assert_true(says("mtu 1400", "ip link show nic0"));
	no_change(edge);
	assert_int_equal(edge_set_mtu(edge, 10), -EINVAL);
	no_change(edge);

	/* Changes of other devices are nobody's business here. */
	run("ip tuntap add other0 mode tap && ip link set other0 mtu 1234 && ip link del other0");
	no_change(edge);
	edge_close(edge);
}

/* Between two of our own calls nothing is lost and nothing of ours is told. */
static void a_change_of_theirs_survives_one_of_ours(void **state)
{
	struct edge *edge = open_up("tap:nic0", &stack);
	struct edge_offloads ours = stack.offloads;
	struct edge_change change;

	run("ip link set nic0 mtu 4000");
	run("ethtool -K nic0 tx-tcp6-segmentation off");
	ours.tso4 = false;
	assert_int_equal(edge_set_offloads(edge, &ours), 0);
	change = next_change(edge);
	assert_int_equal(change.kind, EDGE_CHANGE_OFFLOADS);
	assert_true(change.offloads.checksum);
	assert_false(change.offloads.tso4);
	assert_false(change.offloads.tso6);
	assert_int_equal(next_change(edge).mtu, 4000);
	no_change(edge);
	edge_close(edge);
}

/* More changes than the socket holds: the last state is told. */
static void an_overrun_is_survived(void **state)
{
	struct edge *edge = open_up("tap:nic0", &stack);
	struct edge_change change = { 0 }, last = { 0 };
	FILE *batch = popen("ip -batch - >/dev/null", "w");

	for (int i = 0; i < 3000; i++)
		fprintf(batch, "link set nic0 mtu %d\n", 1000 + i);
	pclose(batch);
	run("ethtool -K nic0 tso off");
	while (edge_next_change(edge, &change) > 0)
		last = change;
	assert_int_equal(last.mtu, 3999);
	assert_false(last.offloads.tso4);
	edge_close(edge);
}

static void a_deleted_device_ends_the_edge(void **state)
{
	struct edge *edge = open_up("tap:nic0", &stack);
	struct iovec iov = { room, sizeof(room) };
	struct frame frame = { .iov = &iov, .count = 1 };
	struct edge_change change;
	struct frame_meta meta;
	int status;

	run("ip link del nic0");
	while ((status = edge_next_change(edge, &change)) > 0)
		;
	assert_int_equal(status, -ENODEV);
	assert_int_equal(edge_next_change(edge, &change), -ENODEV);
	assert_true(edge_receive(edge, &iov, 1, &meta) < 0);
	assert_string_equal(edge_ended(edge), "tap:nic0: the device was deleted");
	iov.iov_len = 100;
	assert_int_equal(edge_send(edge, &frame, 1), 1);
	assert_int_equal(counted(edge).tx_dropped, 1);
	assert_int_equal(edge_set_offloads(edge, &(struct edge_offloads){ 0 }), -ENODEV);
	assert_true(edge_set_mtu(edge, 1400) < 0);
	edge_close(edge);
}

static void send_raw(int fd, const struct virtio_net_hdr *header, const struct test_frame *frame)
{
	struct iovec iov[] = { { (void *)(uintptr_t)header, sizeof(*header) },
			       { frame->bytes, frame->length } };

	assert_int_equal(writev(fd, iov, 2), sizeof(*header) + frame->length);
}

/* What is put into the device comes out at the edge, with what is to be done to it. */
static void the_stack_hands_over_super_packets(void **state)
{
	struct edge *edge = open_up("tap:nic0", &stack);
	int fd = raw_socket("nic0");

	for (int version = 4; version <= 6; version += 2) {
		struct test_frame frame = make_frame(&(struct shape){
			.version = version, .tags = version == 6, .payload = 30000 });
		struct virtio_net_hdr header = { .flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
						 .gso_type = version == 4 ? 1 : 4,
						 .gso_size = 1400,
						 .hdr_len = (uint16_t)frame.headers,
						 .csum_start = (uint16_t)frame.l4,
						 .csum_offset = 16 };
		struct frame_meta meta;

		send_raw(fd, &header, &frame);
		assert_int_equal(receive(edge, room, sizeof(room), &meta), frame.length);
		assert_memory_equal(room, frame.bytes, frame.length);
		assert_int_equal(meta.mss, 1400);
		assert_int_equal(meta.layout.ip_version, version);
		assert_true(meta.needs_checksum);
		assert_int_equal(meta.layout.l4_offset, frame.l4);
		assert_int_equal(meta.layout.payload_offset, frame.headers);
		free(frame.bytes);
	}
	assert_int_equal(counted(edge).rx_frames, 2);
	assert_int_equal(counted(edge).rx_super, 2);
	assert_int_equal(counted(edge).rx_dropped, 0);
	close(fd);
	edge_close(edge);
}

static void a_frame_larger_than_the_room_is_dropped(void **state)
{
	struct edge *edge = open_up("tap:nic0", &stack);
	int fd = raw_socket("nic0");
	struct test_frame large = make_frame(&(struct shape){ .payload = 947, .final = true });
	struct test_frame fits = make_frame(&(struct shape){ .payload = 946, .final = true });
	struct virtio_net_hdr header = { 0 };
	struct frame_meta meta;
	struct iovec pieces[2] = { { room, 10 }, { room + 500, 990 } };

	send_raw(fd, &header, &large);
	send_raw(fd, &header, &fits);
	assert_int_equal(receive(edge, room, 1000, &meta), 1000);
	assert_memory_equal(room, fits.bytes, 1000);
	assert_int_equal(counted(edge).rx_dropped, 1);
	send_raw(fd, &header, &large);
	send_raw(fd, &header, &fits);
	assert_int_equal(edge_receive(edge, pieces, 2, &meta), 1000);
	assert_memory_equal(room, fits.bytes, 10);
	assert_memory_equal(room + 500, fits.bytes + 10, 990);
	assert_int_equal(counted(edge).rx_dropped, 2);
	free(large.bytes);
	free(fits.bytes);
	close(fd);
	edge_close(edge);
}

/* Sends one UDP datagram from the device's own stack. */
static void send_datagram(const char *device, size_t length)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(9),
				  .sin_addr = { htonl(0x0a010002) } };
	uint8_t data[2000] = { 1, 2, 3 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	run("ip addr add 10.1.0.1/24 dev %s; ip neigh add 10.1.0.2 lladdr 02:00:00:00:00:99 dev %s",
	    device, device);
	assert_int_equal(sendto(fd, data, length, 0, (struct sockaddr *)&to, sizeof(to)), length);
	close(fd);
}

static void a_plain_wire_carries_finished_frames(void **state)
{
	struct edge *edge = open_up("tap:wire0", &wire);
	struct test_frame super = make_frame(&(struct shape){ .payload = 5000 });
	struct test_frame frame = make_frame(&(struct shape){ .payload = 500 });
	struct frame_meta meta, nothing = { 0 };
	struct frame out[2];
	int fd = raw_socket("wire0");
	struct iovec iov[2] = { { super.bytes, super.length }, { frame.bytes, frame.length } };

	assert_false(edge->super_packets);
	assert_int_equal(edge->change_fd, -1);
	assert_int_equal(edge_set_offloads(edge, &(struct edge_offloads){ 0 }), -EOPNOTSUPP);
	send_datagram("wire0", 1000);
	assert_int_equal(receive(edge, room, sizeof(room), &meta), 1042);
	assert_meta(&meta, &nothing);
	assert_int_equal(lso_verify(room, 1042).l4, LSO_SUM_GOOD);

	/* Outwards: a super-packet is refused, a checksum is finished. */
	out[0] = (struct frame){ .iov = &iov[0],
				 .count = 1,
				 .meta = { .mss = 1000,
					   .needs_checksum = true,
					   .layout = LAYOUT(4, IPPROTO_TCP, 14, 34, 54) } };
	out[1] = out[0];
	out[1].iov = &iov[1];
	out[1].meta.mss = 0;
	assert_int_equal(edge_send(edge, out, 2), 2);
	assert_int_equal(counted(edge).tx_dropped, 1);
	assert_int_equal(counted(edge).tx_frames, 1);
	assert_int_equal(read(fd, room, sizeof(room)),
			 sizeof(struct virtio_net_hdr) + frame.length);
	assert_int_equal(lso_verify(room + sizeof(struct virtio_net_hdr), frame.length).l4,
			 LSO_SUM_GOOD);
	free(super.bytes);
	free(frame.bytes);
	close(fd);
	edge_close(edge);
}

static void a_gso_wire_carries_super_packets(void **state)
{
	struct edge *edge = open_up("tap:wire0,gso", &wire);
	struct test_frame super = make_frame(&(struct shape){ .version = 6, .payload = 5000 });
	struct iovec iov = { super.bytes, super.length };
	struct frame out = { .iov = &iov,
			     .count = 1,
			     .meta = { .mss = 1000,
				       .needs_checksum = true,
				       .layout = LAYOUT(6, IPPROTO_TCP, 14, 54, 74) } };
	struct virtio_net_hdr header;
	struct frame_meta meta;
	int fd = raw_socket("wire0");

	assert_true(edge->super_packets);
	send_datagram("wire0", 1000);
	assert_int_equal(receive(edge, room, sizeof(room), &meta), 1042);
	assert_true(meta.needs_checksum);
	assert_int_equal(meta.layout.l4_offset, 34);
	assert_int_equal(frame_checksum_offset(&meta.layout), 6);

	assert_int_equal(edge_send(edge, &out, 1), 1);
	assert_int_equal(counted(edge).tx_super, 1);
	assert_int_equal(read(fd, room, sizeof(room)), sizeof(header) + super.length);
	memcpy(&header, room, sizeof(header));
	assert_int_equal(header.gso_type, VIRTIO_NET_HDR_GSO_TCPV6);
	assert_int_equal(header.gso_size, 1000);
	assert_memory_equal(room + sizeof(header), super.bytes, super.length);
	free(super.bytes);
	close(fd);
	edge_close(edge);
}

/* Frames of 0 to 70,000 bytes of noise, both ways, with noise for meta; then it still works. */
static void noise_is_harmless(void **state)
{
	static const char *const specs[] = { "tap:wire0", "tap:wire0,gso", "tap:wire0" };
	static uint8_t bytes[70000];
	struct random seed = { 99 };

	for (int kind = 0; kind < 3; kind++) {
		struct edge *edge = open_up(specs[kind], kind == 2 ? &stack : &wire);
		int fd = raw_socket("wire0");
		struct iovec iov = { room, sizeof(room) };
		struct test_frame last =
			make_frame(&(struct shape){ .payload = 100, .final = true });
		struct frame_meta meta;
		uint64_t sent = 0;

		random_fill(&seed, bytes, sizeof(bytes));
		for (int i = 0; i < 1500; i++) {
			size_t length = i < 100 ? (size_t)i : random_below(&seed, 70001);
			struct iovec out = { bytes, length };
			struct frame frame = { .iov = &out, .count = 1 };

			if (i % 2)
				random_fill(&seed, &frame.meta.mss, 2);
			if (i % 3)
				frame.meta =
					(struct frame_meta){ .mss = frame.meta.mss,
							     .needs_checksum = true,
							     .layout = LAYOUT(4, IPPROTO_TCP, 14,
									      random_next(&seed),
									      random_next(&seed)) };
			assert_int_equal(edge_send(edge, &frame, 1), 1);
			sent++;
			/* The other way: what the kernel lets through. */
			if (write(fd, bytes + 1000, length % 60000) < 0)
				assert_int_not_equal(errno, EBADF);
			while (edge_receive(edge, &iov, 1, &meta) > 0)
				;
		}
		assert_int_equal(counted(edge).tx_frames + counted(edge).tx_dropped, sent);
		while (read(fd, room, sizeof(room)) > 0)
			;
		send_raw(fd, &(struct virtio_net_hdr){ 0 }, &last);
		assert_int_equal(receive(edge, room, sizeof(room), &meta), last.length);
		free(last.bytes);
		close(fd);
		edge_close(edge);
	}
}

static void too_many_pieces_are_refused(void **state)
{
	struct edge *edge = open_up("tap:nic0", &stack);
	static struct iovec iov[2000];
	struct frame frame = { .iov = iov, .count = 2000 };
	struct frame_meta meta;

	for (int i = 0; i < 2000; i++)
		iov[i] = (struct iovec){ room + i, 1 };
	assert_int_equal(edge_receive(edge, iov, 2000, &meta), -EINVAL);
	assert_int_equal(edge_send(edge, &frame, 1), 1);
	assert_int_equal(counted(edge).tx_dropped, 1);
	frame.count = 1000;
	assert_int_equal(edge_send(edge, &frame, 1), 1);
	assert_int_equal(counted(edge).tx_frames, 1);
	edge_close(edge);
}

static int open_files(void)
{
	int n = 0;

	for (int fd = 0; fd < 200; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void says_what_is_wrong(void **state)
{
	struct edge *edge = open_edge("tap:nic0", &stack);
	struct edge_config config = stack;
	struct rlimit old, few;
	int files = open_files();

	open_fails("tap:nic0", &stack, "in use by another process");
	open_fails("tap:lo", &stack, "not a TAP");
	config.netns = "netcx-no-such-namespace";
	open_fails("tap:nic1", &config, "no network namespace 'netcx-no-such-namespace'");
	config.netns = "/proc/self/ns/mnt";
	open_fails("tap:nic1", &config, "is it a network namespace?");
	config.netns = "/tmp";
	open_fails("tap:nic1", &config, "is it a network namespace?");
	config.netns = "";
	open_fails("tap:nic1", &config, "cannot be a network namespace's name");
	config.netns = NULL;
	config.mtu = 70000;
	open_fails("tap:nic1", &config, "MTU to 70000");
	config.mtu = 1500;
	config.mac[0] = 0x01;
	open_fails("tap:nic1", &config, "address to 01:00:00:00:00:11");
	config.mac[0] = 0x02;
	assert_int_equal(if_nametoindex("nic1"), 0);
	/* At each file it cannot have. */
	getrlimit(RLIMIT_NOFILE, &old);
	for (rlim_t n = 3; n < (rlim_t)files + 6; n++) {
		struct error why;

		few = (struct rlimit){ n, old.rlim_max };
		setrlimit(RLIMIT_NOFILE, &few);
		edge_close(edge_open("tap:nic1", &config, &why));
		setrlimit(RLIMIT_NOFILE, &old);
	}
	assert_int_equal(if_nametoindex("nic1"), 0);
	assert_int_equal(open_files(), files);
	edge_close(edge);
}

static char other_namespace[64];

static int delete_namespace(void **state)
{
	char command[128];

	/* Also when the test failed half way. */
	snprintf(command, sizeof(command), "ip netns del %s 2>/dev/null", other_namespace);
	return system(command) < 0;
}

static void opens_in_another_namespace(void **state)
{
	const char *name = other_namespace;
	struct edge_config config = stack;
	struct edge *edge;
	char path[128];

	snprintf(other_namespace, sizeof(other_namespace), "netcx-edge-%d", getpid());
	snprintf(path, sizeof(path), "ip netns add %s 2>/dev/null", name);
	if (system(path)) { /* root of a user namespace only */
		skip();
		return;
	}
	config.netns = name;
	edge = open_edge("tap:nic0", &config);
	assert_int_equal(if_nametoindex("nic0"), 0);
	assert_true(says("nic0", "ip -n %s link", name));
	run("ip -n %s link set nic0 mtu 1300", name);
	assert_int_equal(next_change(edge).mtu, 1300);
	run("ip netns exec %s ethtool -K nic0 tso off", name);
	assert_false(next_change(edge).offloads.tso4);
	assert_int_equal(edge_set_mtu(edge, 1200), 0);
	assert_true(says("mtu 1200", "ip -n %s link show nic0", name));
	edge_close(edge);
	snprintf(path, sizeof(path), "/run/netns/%s", name);
	config.netns = path;
	edge = open_edge("tap:nic0", &config);
	assert_true(says("nic0", "ip -n %s link", name));
	edge_close(edge);
}

/* A TAP that lasts is taken as it is found, whatever was set on it, and left behind. */
static void takes_a_lasting_device(void **state)
{
	struct edge *edge;

	run("ip tuntap add dev nic0 mode tap && ip link set nic0 mtu 3000 up");
	run("ethtool -K nic0 tso off");
	edge = open_edge("tap:nic0", &stack);
	assert_true(says("tx-tcp-segmentation: on", "ethtool -k nic0"));
	assert_true(says("mtu 1500", "ip link show nic0"));
	assert_true(next_change(edge).up);
	no_change(edge);
	edge_close(edge);
	assert_true(says("mtu 1500", "ip link show nic0"));
	edge = open_edge("tap:nic0", &wire);
	assert_true(says("tx-tcp-segmentation: off", "ethtool -k nic0"));
	edge_close(edge);
	run("ip link del nic0");
}

#define SENDERS 4
#define EACH    2000

struct sender {
	pthread_t thread;
	struct edge *edge;
	uint8_t number;
};

/* Batches of a short frame and a scattered one, which the header says different things of. */
static void *send_many(void *context)
{
	const struct sender *s = context;
	uint8_t bytes[100] = { 0x02, 0, 0, 0, 0, 0x11, 0x02, 0, 0, 0, 0, s->number, 0x88, 0xB5 };
	const struct iovec whole = { bytes, 60 }, pieces[2] = { { bytes, 14 }, { bytes + 14, 86 } };
	const struct frame frames[2] = {
		{ .iov = &whole, .count = 1 },
		{ .iov = pieces, .count = 2, .meta = { .checksum_valid = true } },
	};

	for (int i = 0; i < EACH / 2; i++)
		assert_int_equal(edge_send(s->edge, frames, 2), 2);
	return NULL;
}

/* Each receive queue's thread sends up to the stack: no frame and no count gets lost. */
static void several_threads_send(void **state)
{
	struct edge *edge = open_up("tap:nic0", &stack);
	struct sender senders[SENDERS];

	for (int i = 0; i < SENDERS; i++) {
		senders[i].edge = edge;
		senders[i].number = (uint8_t)i;
		assert_int_equal(pthread_create(&senders[i].thread, NULL, send_many, &senders[i]),
				 0);
	}
	for (int i = 0; i < SENDERS; i++)
		pthread_join(senders[i].thread, NULL);
	assert_int_equal(counted(edge).tx_frames, SENDERS * EACH);
	assert_int_equal(counted(edge).tx_bytes, SENDERS * EACH / 2 * 160);
	assert_int_equal(counted(edge).tx_dropped, 0);
	assert_true(
		says("\"bytes\":640000,\"packets\":8000,\"errors\":0", "ip -s -j link show nic0"));
	edge_close(edge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opens_as_asked),
		cmocka_unit_test(opens_without_offloads),
		cmocka_unit_test(tells_link_changes),
		cmocka_unit_test(a_change_of_theirs_survives_one_of_ours),
		cmocka_unit_test(an_overrun_is_survived),
		cmocka_unit_test(a_deleted_device_ends_the_edge),
		cmocka_unit_test(the_stack_hands_over_super_packets),
		cmocka_unit_test(a_frame_larger_than_the_room_is_dropped),
		cmocka_unit_test(a_plain_wire_carries_finished_frames),
		cmocka_unit_test(a_gso_wire_carries_super_packets),
		cmocka_unit_test(noise_is_harmless),
		cmocka_unit_test(too_many_pieces_are_refused),
		cmocka_unit_test(says_what_is_wrong),
		cmocka_unit_test_teardown(opens_in_another_namespace, delete_namespace),
		cmocka_unit_test(takes_a_lasting_device),
		cmocka_unit_test(several_threads_send),
	};

	own_namespace();
	return cmocka_run_group_tests_name("edge tap", tests, NULL, NULL);
}
