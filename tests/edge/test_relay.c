/* SPDX-License-Identifier: MIT */
/*
 * Real TCP between two stacks, each over a TAP edge, with a relay of frames in between: what comes
 * out is what went in, as super-packets and as frames.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netcx/lso.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edges.h"

#define TOTAL (24 << 20) /* bytes each way */

static uint8_t room[80000];

/* A process with a namespace of its own, which waits for its turn. */
struct stack {
	pid_t pid;
	int start;
	int netns; /* held, so that the namespace outlives the process */
};

static void configure(const char *device, int host)
{
	run("echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
	run("echo 0 > /proc/sys/net/ipv6/conf/%s/disable_ipv6", device);
	run("ip addr add 10.1.0.%d/24 dev %s", host, device);
	run("ip addr add fd00::%d/64 dev %s nodad", host, device);
	run("ip link set %s up", device);
}

static void put_address(struct sockaddr_storage *to, int version, int host)
{
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;
	char text[40];

	memset(to, 0, sizeof(*to));
	if (version == 6) {
		snprintf(text, sizeof(text), "fd00::%d", host);
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons(5001);
		inet_pton(AF_INET6, text, &v6->sin6_addr);
	} else {
		snprintf(text, sizeof(text), "10.1.0.%d", host);
		v4->sin_family = AF_INET;
		v4->sin_port = htons(5001);
		inet_pton(AF_INET, text, &v4->sin_addr);
	}
}

static uint8_t byte_at(size_t at, int salt)
{
	return (uint8_t)((at * 2654435761u >> 13) + (size_t)salt);
}

/* Sends and receives TOTAL bytes at once. Return: exit code. */
static int talk(int fd, int salt)
{
	static uint8_t out[65536], in[65536];
	size_t sent = 0, got = 0;

	while (sent < TOTAL || got < TOTAL) {
		struct pollfd ready = { .fd = fd,
					.events = (short)((sent < TOTAL ? POLLOUT : 0) | POLLIN) };
		ssize_t n;

		if (poll(&ready, 1, 20000) <= 0)
			return 2;
		if (ready.revents & POLLOUT) {
			for (size_t i = 0; i < sizeof(out); i++)
				out[i] = byte_at(sent + i, salt);
			n = send(fd, out, TOTAL - sent < sizeof(out) ? TOTAL - sent : sizeof(out),
				 MSG_DONTWAIT);
			sent += n > 0 ? (size_t)n : 0;
		}
		if (ready.revents & (POLLIN | POLLHUP)) {
			n = recv(fd, in, sizeof(in), MSG_DONTWAIT);
			if (n <= 0 && errno != EAGAIN)
				return 3;
			for (ssize_t i = 0; i < n; i++) {
				if (in[i] != byte_at(got + (size_t)i, !salt))
					return 4;
			}
			got += n > 0 ? (size_t)n : 0;
		}
	}
	return 0;
}

static int connection(int version, int host)
{
	struct sockaddr_storage address;
	int fd = socket(version == 6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0), yes = 1, status;

	put_address(&address, version, 2);
	if (host == 2) {
		int listener = fd;

		setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
		if (bind(listener, (struct sockaddr *)&address, sizeof(address)) ||
		    listen(listener, 1))
			return 10;
		fd = accept(listener, NULL, NULL);
		close(listener);
	} else {
		for (int tries = 0; connect(fd, (struct sockaddr *)&address, sizeof(address));
		     tries++) {
			close(fd);
			if (tries > 100)
				return 11;
			usleep(20000);
			fd = socket(version == 6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
		}
	}
	status = talk(fd, host == 1);
	close(fd);
	return status;
}

/* Its namespace exists when this returns; it talks once its device is named. */
static struct stack make_stack(int version, int host, const char *device)
{
	struct stack stack = { .start = eventfd(0, 0) };
	int ready = eventfd(0, 0);
	uint64_t n = 1;
	char path[64];

	stack.pid = fork();
	if (!stack.pid) {
		alarm(60);
		if (unshare(CLONE_NEWNET))
			_exit(77);
		if (write(ready, &n, sizeof(n)) < 0 || read(stack.start, &n, sizeof(n)) < 0)
			_exit(12);
		configure(device, host);
		_exit(connection(version, host));
	}
	assert_int_equal(read(ready, &n, sizeof(n)), sizeof(n));
	close(ready);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", stack.pid);
	stack.netns = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(stack.netns >= 0);
	return stack;
}

static struct edge *open_in(const struct stack *stack, const char *spec, enum edge_role role)
{
	struct edge_config config = { .role = role,
				      .mtu = 1500,
				      .offloads = {
					      .checksum = true, .tso4 = true, .tso6 = true } };
	struct edge *edge;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/net", stack->pid);
	config.netns = role == EDGE_STACK ? path : NULL;
	edge = open_edge(spec, &config);
	assert_int_equal(edge_set_carrier(edge, true), 0);
	if (role == EDGE_WIRE)
		run("ip link set %.*s netns %d", (int)strcspn(spec + 4, ","), spec + 4, stack->pid);
	return edge;
}

/* Frames from one edge to the other, cut when the other takes no super-packets. */
static int pass(struct edge *from, struct edge *to)
{
	struct iovec iov = { room, sizeof(room) };
	struct frame frame = { .iov = &iov, .count = 1 };
	static uint8_t segment[2000];
	struct lso_segmenter cut;
	int n;

	for (n = 0; n < 32; n++) {
		ssize_t length;

		iov = (struct iovec){ room, sizeof(room) };
		length = edge_receive(from, &iov, 1, &frame.meta);
		assert_true(length >= 0);
		if (!length)
			break;
		iov.iov_len = (size_t)length;
		if (frame.meta.mss && !to->super_packets) {
			struct iovec piece = { segment, 0 };
			struct frame one = { .iov = &piece, .count = 1 };
			const struct lso_options options = { .mss = frame.meta.mss };

			assert_int_equal(lso_begin(&cut, &iov, 1, &options), LSO_OK);
			while ((piece.iov_len = lso_next(&cut, segment)))
				assert_int_equal(edge_send(to, &one, 1), 1);
		} else {
			assert_int_equal(edge_send(to, &frame, 1), 1);
		}
	}
	return n;
}

static void relay(int version, const char *left_spec, const char *right_spec, bool super)
{
	struct stack left = make_stack(version, 1, "left0");
	struct stack right = make_stack(version, 2, "right0");
	struct edge *l = open_in(&left, left_spec, EDGE_STACK);
	struct edge *r = open_in(&right, right_spec, EDGE_WIRE);
	uint64_t go = 1;
	int status, left_to_end = 2;

	assert_int_equal(write(left.start, &go, sizeof(go)), sizeof(go));
	assert_int_equal(write(right.start, &go, sizeof(go)), sizeof(go));
	while (left_to_end) {
		struct pollfd ready[] = { { .fd = l->fd, .events = POLLIN },
					  { .fd = r->fd, .events = POLLIN } };
		pid_t ended;

		if (!pass(l, r) && !pass(r, l))
			poll(ready, 2, 20);
		ended = waitpid(-1, &status, WNOHANG);
		if (ended > 0) {
			assert_true(WIFEXITED(status));
			assert_int_equal(WEXITSTATUS(status), 0);
			left_to_end--;
		}
	}
	assert_int_equal(counted(l).rx_dropped, 0);
	assert_int_equal(counted(r).rx_dropped, 0);
	assert_int_not_equal(counted(l).rx_super, 0);
	assert_int_equal(counted(r).tx_super != 0, super);
	assert_int_equal(counted(r).rx_super != 0, super);
	edge_close(l);
	edge_close(r);
	close(left.start);
	close(right.start);
	close(left.netns);
	close(right.netns);
}

static void super_packets_over_ipv4(void **state)
{
	relay(4, "tap:left0", "tap:right0,gso", true);
}

static void super_packets_over_ipv6(void **state)
{
	relay(6, "tap:left0", "tap:right0,gso", true);
}

static void frames_over_ipv4(void **state)
{
	relay(4, "tap:left0", "tap:right0", false);
}

static void frames_over_ipv6(void **state)
{
	relay(6, "tap:left0", "tap:right0", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(super_packets_over_ipv4),
		cmocka_unit_test(super_packets_over_ipv6),
		cmocka_unit_test(frames_over_ipv4),
		cmocka_unit_test(frames_over_ipv6),
	};

	own_namespace();
	return cmocka_run_group_tests_name("edge relay", tests, NULL, NULL);
}
