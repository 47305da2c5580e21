/* SPDX-License-Identifier: MIT */
#include "edges.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netcx/lso.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

void assert_meta(const struct frame_meta *meta, const struct frame_meta *expected)
{
	assert_int_equal(meta->mss, expected->mss);
	assert_int_equal(meta->layout.ip_version, expected->layout.ip_version);
	assert_int_equal(meta->layout.l4_protocol, expected->layout.l4_protocol);
	assert_int_equal(meta->needs_checksum, expected->needs_checksum);
	assert_int_equal(meta->checksum_valid, expected->checksum_valid);
	assert_int_equal(meta->layout.l3_offset, expected->layout.l3_offset);
	assert_int_equal(meta->layout.l4_offset, expected->layout.l4_offset);
	assert_int_equal(meta->layout.payload_offset, expected->layout.payload_offset);
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return;
	fputs(text, file);
	fclose(file);
}

void own_namespace(void)
{
	char map[64];
	int fd;

	snprintf(map, sizeof(map), "0 %u 1", getuid());
	if (unshare(CLONE_NEWNET)) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
			fprintf(stderr, "skipped: no network namespace: %s\n", strerror(errno));
			exit(77);
		}
		write_file("/proc/self/setgroups", "deny");
		write_file("/proc/self/uid_map", map);
	}
	fd = open("/dev/net/tun", O_RDWR);
	if (fd < 0) {
		fprintf(stderr, "skipped: /dev/net/tun: %s\n", strerror(errno));
		exit(77);
	}
	close(fd);
	write_file("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	write_file("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	run("ip link set lo up");
}

void run(const char *format, ...)
{
	char command[512];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	if (system(command))
		fail_msg("failed: %s", command);
}

bool says(const char *text, const char *format, ...)
{
	char command[512], line[1024];
	bool found = false;
	va_list args;
	FILE *pipe;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	while (fgets(line, sizeof(line), pipe))
		found |= !!strstr(line, text);
	pclose(pipe);
	return found;
}

struct edge *open_edge(const char *spec, const struct edge_config *config)
{
	struct error why = { "" };
	struct edge *edge = edge_open(spec, config, &why);

	if (!edge)
		fail_msg("%s", why.text);
	assert_string_equal(edge->name, spec);
	return edge;
}

void open_fails(const char *spec, const struct edge_config *config, const char *text)
{
	struct error why = { "" };
	char head[64];
	struct edge *edge = edge_open(spec, config, &why);

	if (edge)
		fail_msg("%s opened", spec);
	snprintf(head, sizeof(head), "%s: ", spec);
	if (strncmp(why.text, head, strlen(head)) || !strstr(why.text, text))
		fail_msg("%s says '%s', not '%s'", spec, why.text, text);
	assert_null(strchr(why.text, '\n'));
}

size_t receive(struct edge *edge, uint8_t *room, size_t size, struct frame_meta *meta)
{
	struct iovec iov = { room, size };
	ssize_t got;

	for (int tries = 0; tries < 10; tries++) {
		struct pollfd readable = { .fd = edge->fd, .events = POLLIN };

		got = edge_receive(edge, &iov, 1, meta);
		if (got < 0)
			fail_msg("receive: %s", strerror((int)-got));
		if (got > 0)
			return (size_t)got;
		poll(&readable, 1, 100);
	}
	fail_msg("%s: nothing was received", edge->name);
	return 0;
}

struct edge_change next_change(struct edge *edge)
{
	struct edge_change change = { 0 };

	for (int tries = 0; tries < 10; tries++) {
		struct pollfd readable = { .fd = edge->change_fd, .events = POLLIN };
		int status = edge_next_change(edge, &change);

		if (status < 0)
			fail_msg("next_change: %s", strerror(-status));
		if (status && change.kind != EDGE_CHANGE_FILTER)
			return change;
		poll(&readable, 1, 100);
	}
	fail_msg("%s: no change was told", edge->name);
	return change;
}

void no_change(struct edge *edge)
{
	struct edge_change change;

	for (int tries = 0; tries < 10; tries++) {
		int status = edge_next_change(edge, &change);

		/* IPv6 joins groups when it likes. */
		if (status && change.kind != EDGE_CHANGE_FILTER)
			fail_msg(
				"a change of kind %d was told: checksum %d tso4 %d tso6 %d mtu %u up %d",
				change.kind, change.offloads.checksum, change.offloads.tso4,
				change.offloads.tso6, change.mtu, change.up);
		usleep(5000);
	}
}

int raw_socket(const char *interface)
{
	struct sockaddr_ll address = { .sll_family = AF_PACKET,
				       .sll_protocol = htons(ETH_P_ALL),
				       .sll_ifindex = (int)if_nametoindex(interface) };
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0), yes = 1, queue = 8 << 20;

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &queue, sizeof(queue));
	assert_int_equal(setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &yes, sizeof(yes)), 0);
	assert_int_equal(
		setsockopt(fd, SOL_PACKET, 23 /* PACKET_IGNORE_OUTGOING */, &yes, sizeof(yes)), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}
