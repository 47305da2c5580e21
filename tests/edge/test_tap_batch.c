/* SPDX-License-Identifier: MIT */
/*
 * Frames that go into a TAP together, and that are read from one together: with io_uring where the
 * kernel has it, then all of it again where the kernel refuses it.
 */
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/virtio_net.h>
#include <netcx/lso.h>
#include <pty.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "edge/tap_batch.h"
#include "edge/tap_ring.h"
#include "edges.h"

#define MANY 100

static uint8_t room[80000], bytes[MANY][6000];
static struct iovec iov[MANY][TAP_IOV];
static struct frame frames[MANY];
static bool refused; /* io_uring, by now */

static const struct edge_config stack = {
	.role = EDGE_STACK,
	.mtu = 9000,
	.offloads = { .checksum = true, .tso4 = true, .tso6 = true },
};
static const struct edge_config wire = { .role = EDGE_WIRE };

static struct edge *open_up(const char *spec, const struct edge_config *config, int *fd)
{
	char name[16];
	struct edge *edge = open_edge(spec, config);

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(spec + 4, ","), spec + 4);
	assert_int_equal(edge_set_carrier(edge, true), 0);
	run("ip link set %s mtu 9000 up", name);
	*fd = raw_socket(name);
	return edge;
}

/* Of a protocol that nobody answers, with its number and noise in it, in so many pieces. */
static void make(unsigned number, size_t length, int pieces)
{
	static const uint8_t head[14] = { 2, 0, 0, 0, 0, 9, 2, 0, 0, 0, 0, 8, 0x88, 0xb5 };
	uint8_t *frame = bytes[number];
	size_t at = 0;

	memcpy(frame, head, sizeof(head));
	for (size_t i = sizeof(head); i < length; i++)
		frame[i] = (uint8_t)(number * 31 + i * 7 + i / 251);
	frame[14] = (uint8_t)number;
	for (int i = 0; i < pieces; i++) {
		size_t part = i + 1 < pieces ? length / (size_t)pieces : length - at;

		iov[number][i] = (struct iovec){ frame + at, part };
		at += part;
	}
	frames[number] = (struct frame){ .iov = iov[number], .count = pieces };
}

static size_t length_of(unsigned number)
{
	return frame_length(frames[number].iov, frames[number].count);
}

/* The next frame on the other side is that one. */
static void comes_out(int fd, unsigned number)
{
	const size_t header = sizeof(struct virtio_net_hdr);

	assert_int_equal(read(fd, room, sizeof(room)), header + length_of(number));
	assert_memory_equal(room + header, bytes[number], length_of(number));
}

/* Some of them cannot be sent; the others are all there, in order. */
static void many_go_up(const char *spec, const struct edge_config *config)
{
	static const unsigned bad[] = { 0, 31, 32, 33, 70, 99 };
	unsigned next = 0;
	int fd;
	struct edge *edge = open_up(spec, config, &fd);

	for (unsigned i = 0; i < MANY; i++)
		make(i, 60 + i * 37, 1 + (int)(i % 5));
	/* These are more pieces than go together. */
	for (unsigned i = 40; i < 46; i++)
		make(i, 5000, 600);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		frames[bad[i]].meta.mss = i % 2 ? 1000 : 0;
	make(bad[0], 13, 1);
	make(bad[2], 60, 1);
	frames[bad[2]].count = TAP_IOV;
	frames[bad[4]].count = -1;
	assert_int_equal(edge_send(edge, frames, MANY), MANY);
	for (unsigned i = 0; i < MANY; i++) {
		if (next < sizeof(bad) / sizeof(bad[0]) && i == bad[next])
			next++;
		else
			comes_out(fd, i);
	}
	assert_int_equal(read(fd, room, sizeof(room)), -1);
	assert_int_equal(counted(edge).tx_frames, MANY - next);
	assert_int_equal(counted(edge).tx_dropped, next);
	close(fd);
	edge_close(edge);
}

static void many_go_into_each_kind(void **state)
{
	(void)state;
	many_go_up("tap:nic0", &stack);
	many_go_up("tap:wire0", &wire);
	many_go_up("tap:wire0,gso", &wire);
}

/* Each is refused by the kernel, and counted. */
static void into_a_device_that_is_down(void **state)
{
	struct edge *edge = open_edge("tap:wire0", &wire);

	(void)state;
	for (unsigned i = 0; i < MANY; i++)
		make(i, 100, 1);
	assert_int_equal(edge_send(edge, frames, MANY), MANY);
	assert_int_equal(counted(edge).tx_dropped, MANY);
	assert_int_equal(counted(edge).tx_frames, 0);
	edge_close(edge);
}

static void goes_in(int fd, unsigned number)
{
	struct virtio_net_hdr header = { 0 };
	struct iovec out[2] = { { &header, sizeof(header) }, { bytes[number], length_of(number) } };

	assert_int_equal(writev(fd, out, 2), sizeof(header) + length_of(number));
}

/* However many there are at a time, and however long: they come in order, and then there is none.
 */
static void all_come(const char *spec, const struct edge_config *config)
{
	static const unsigned bursts[] = { 1, 1, 2, 3, 7, 20, 33, 33 };
	struct iovec in[2] = { { room, 100 }, { room + 200, 5900 } };
	struct frame_meta meta, nothing = { 0 };
	unsigned at = 0;
	int fd;
	struct edge *edge = open_up(spec, config, &fd);

	for (unsigned i = 0; i < MANY; i++)
		make(i, 60 + i * (i % 10 < 8 ? 39 : 59), 1);
	for (unsigned burst = 0; burst < sizeof(bursts) / sizeof(bursts[0]); burst++) {
		for (unsigned i = 0; i < bursts[burst]; i++)
			goes_in(fd, at + i);
		for (unsigned i = 0; i < bursts[burst]; i++, at++) {
			size_t length = length_of(at), first = length < 100 ? length : 100;

			assert_int_equal(edge_receive(edge, in, 2, &meta), length);
			assert_meta(&meta, &nothing);
			assert_memory_equal(room, bytes[at], first);
			assert_memory_equal(room + 200, bytes[at] + first, length - first);
		}
		assert_int_equal(edge_receive(edge, in, 2, &meta), 0);
		assert_false(edge_holds(edge, 0));
	}
	assert_int_equal(at, MANY);
	assert_int_equal(counted(edge).rx_frames, MANY);
	assert_int_equal(counted(edge).rx_dropped, 0);
	close(fd);
	edge_close(edge);
}

static void all_come_from_each_kind(void **state)
{
	(void)state;
	all_come("tap:nic0", &stack);
	all_come("tap:wire0", &wire);
	all_come("tap:wire0,gso", &wire);
}

/* Can this kernel do that to a TAP? One that has no frame says so then. */
static bool reads_at_once(int fd)
{
	struct tap_ring ring;
	bool can;

	if (!tap_ring_open(&ring, fd))
		return false;
	tap_ring_read(&ring, room, sizeof(room));
	tap_ring_run(&ring);
	can = ring.results[0] == -EAGAIN;
	tap_ring_close(&ring);
	return can;
}

/* What does not fit is lost alone. Behind a frame that was read with others the fd says nothing. */
static void one_that_does_not_fit(void **state)
{
	struct iovec in = { room, 1000 };
	struct frame_meta meta;
	bool held = false;
	int fd;
	struct edge *edge = open_up("tap:wire0", &wire, &fd);
	bool ahead = reads_at_once(edge->fd);

	(void)state;
	for (unsigned i = 0; i < 50; i++) {
		make(i, i % 5 == 4 ? 1001 : 1000, 1);
		goes_in(fd, i);
	}
	for (unsigned i = 0; i < 50; i++) {
		if (i % 5 == 4)
			continue;
		assert_int_equal(edge_receive(edge, &in, 1, &meta), 1000);
		assert_memory_equal(room, bytes[i], 1000);
		held |= edge_holds(edge, 0);
	}
	assert_int_equal(edge_receive(edge, &in, 1, &meta), 0);
	assert_int_equal(counted(edge).rx_dropped, 10);
	assert_int_equal(held, ahead);
	close(fd);
	edge_close(edge);
}

/* One that is asked for it leaves io_uring alone. */
static void singly_if_asked(void **state)
{
	const struct edge_config single = { .role = EDGE_WIRE, .single = true };
	struct iovec in = { room, 1000 };
	struct frame_meta meta;
	int fd;
	struct edge *edge = open_up("tap:wire0", &single, &fd);

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		make(i, 1000, 1);
		goes_in(fd, i);
	}
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(edge_receive(edge, &in, 1, &meta), 1000);
		assert_false(edge_holds(edge, 0));
	}
	assert_int_equal(edge_send(edge, frames, 10), 10);
	for (unsigned i = 0; i < 10; i++)
		comes_out(fd, i);
	close(fd);
	edge_close(edge);
}

/* What had been read before comes first. */
static void a_deleted_device_ends_it(void **state)
{
	struct iovec in = { room, sizeof(room) };
	struct frame_meta meta;
	unsigned came = 0;
	ssize_t got;
	int fd;
	struct edge *edge = open_up("tap:wire0", &wire, &fd);

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		make(i, 100, 1);
		goes_in(fd, i);
	}
	for (; came < 3; came++)
		assert_int_equal(edge_receive(edge, &in, 1, &meta), 100);
	run("ip link del wire0");
	while ((got = edge_receive(edge, &in, 1, &meta)) > 0)
		assert_memory_equal(room, bytes[came++], 100);
	if (!got)
		got = edge_receive(edge, &in, 1, &meta);
	assert_int_equal(got, -EBADFD);
	assert_string_equal(edge_ended(edge), "tap:wire0: the device was deleted");
	close(fd);
	edge_close(edge);
}

/*
 * A terminal cannot be written to in that way on any kernel, as a TAP on an older one. More than
 * there is room for at a time: that is found out in the midst of them.
 */
#define FORTY 40

static void a_file_that_cannot(void **state)
{
	struct tap_batches batches;
	struct tap_batch *batch;
	struct edge_sent sent = { 0 };
	struct termios raw = { 0 };
	struct iovec *at;
	int master, slave;

	(void)state;
	cfmakeraw(&raw);
	assert_int_equal(openpty(&master, &slave, NULL, &raw, NULL), 0);
	tap_batches_open(&batches, slave);
	batch = tap_batch_take(&batches);
	assert_int_equal(!batch, refused);
	for (unsigned i = 0; batch && i < FORTY; i++) {
		make(i, 60, 3);
		tap_batch_room(batch, 3, &at, &sent);
		memcpy(at, iov[i], 3 * sizeof(*at));
		tap_batch_put(batch, 3, 60, false);
	}
	if (batch) {
		tap_batch_write(batch, &sent);
		tap_batch_done(batch);
		assert_int_equal(sent.frames, FORTY);
		assert_int_equal(sent.bytes, FORTY * 60);
		for (unsigned i = 0; i < FORTY; i++) {
			assert_int_equal(read(master, room, 60), 60);
			assert_memory_equal(room, bytes[i], 60);
		}
		assert_ptr_not_equal(tap_batch_take(&batches), batch);
	}
	tap_batches_close(&batches);
	close(slave);
	close(master);
}

/* Each thread that sends has one of its own, as far as there are some. */
static void each_is_one_threads(void **state)
{
	struct tap_batch *taken[EDGE_SENDERS];
	struct tap_batches batches;
	int fd = open("/dev/null", O_WRONLY);

	(void)state;
	tap_batches_open(&batches, fd);
	for (unsigned i = 0; i < EDGE_SENDERS; i++) {
		taken[i] = tap_batch_take(&batches);
		assert_int_equal(!taken[i], refused);
		for (unsigned n = 0; n < i && !refused; n++)
			assert_ptr_not_equal(taken[n], taken[i]);
	}
	assert_null(tap_batch_take(&batches));
	if (!refused) {
		tap_batch_done(taken[2]);
		assert_ptr_equal(tap_batch_take(&batches), taken[2]);
	}
	tap_batches_close(&batches);
	close(fd);
}

/* What a container's policy does. */
static void refuse_io_uring(void)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof(filter) / sizeof(filter[0]), filter };

	assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
	refused = true;
}

static bool has_io_uring(void)
{
	struct tap_ring ring;

	if (!tap_ring_open(&ring, 0))
		return false;
	tap_ring_close(&ring);
	return true;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_go_into_each_kind),
		cmocka_unit_test(into_a_device_that_is_down),
		cmocka_unit_test(all_come_from_each_kind),
		cmocka_unit_test(one_that_does_not_fit),
		cmocka_unit_test(singly_if_asked),
		cmocka_unit_test(a_deleted_device_ends_it),
		cmocka_unit_test(a_file_that_cannot),
		cmocka_unit_test(each_is_one_threads),
	};
	int failed = 0;

	own_namespace();
	if (has_io_uring())
		failed = cmocka_run_group_tests_name("edge: tap, together", tests, NULL, NULL);
	refuse_io_uring();
	return failed + cmocka_run_group_tests_name("edge: tap, one by one", tests, NULL, NULL);
}
