/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netcx/lso.h>
#include <poll.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

static void put16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static size_t put_ip(uint8_t *ip, const struct shape *shape, size_t after)
{
	size_t options = (size_t)shape->ip_words * (shape->version == 6 ? 8 : 4);

	if (shape->version == 6) {
		ip[0] = 0x60;
		put16(ip + 4, (unsigned)(after + options > 65535 ? 0 : after + options));
		ip[6] = shape->protocol;
		ip[7] = 64;
		ip[8] = ip[24] = 0xfd;
		ip[23] = 1;
		ip[39] = 2;
		if (options) {
			ip[6] = IPPROTO_DSTOPTS;
			ip[40] = shape->protocol;
			ip[41] = (uint8_t)(shape->ip_words - 1);
			ip[42] = 1; /* PadN */
			ip[43] = (uint8_t)(options - 4);
		}
		return 40 + options;
	}
	ip[0] = (uint8_t)(0x45 + shape->ip_words);
	put16(ip + 2, (unsigned)(after + 20 + options > 65535 ? 0 : after + 20 + options));
	ip[6] = 0x40;
	ip[8] = 64;
	ip[9] = shape->protocol;
	memcpy(ip + 12, "\x0a\x01\x00\x01\x0a\x01\x00\x02", 8);
	memset(ip + 20, 1, options);
	return 20 + options;
}

struct test_frame make_frame(const struct shape *wanted)
{
	struct shape shape = *wanted;
	struct test_frame frame = { 0 };
	struct lso_layout layout;
	struct iovec iov;
	size_t l4;

	shape.version = shape.version ? shape.version : 4;
	shape.protocol = shape.protocol ? shape.protocol : IPPROTO_TCP;
	l4 = shape.protocol == IPPROTO_TCP ? 20 + (size_t)shape.tcp_words * 4 : 8;
	frame.l3 = 14 + (size_t)shape.tags * 4;
	frame.l4 = frame.l3 + (shape.version == 6 ? 40 + (size_t)shape.ip_words * 8
						  : 20 + (size_t)shape.ip_words * 4);
	frame.headers = frame.l4 + l4;
	frame.length = frame.headers + shape.payload;
	frame.bytes = calloc(1, frame.length);
	assert_non_null(frame.bytes);

	memcpy(frame.bytes, "\x02\0\0\0\0\x02\x02\0\0\0\0\x01", 12);
	for (int i = 0; i < shape.tags; i++) {
		put16(frame.bytes + 12 + i * 4, i + 1 < shape.tags ? 0x88a8 : 0x8100);
		put16(frame.bytes + 14 + i * 4, 100 + (unsigned)i);
	}
	put16(frame.bytes + frame.l3 - 2, shape.version == 6 ? 0x86dd : 0x0800);
	put_ip(frame.bytes + frame.l3, &shape, l4 + shape.payload);
	put16(frame.bytes + frame.l4, 1111);
	put16(frame.bytes + frame.l4 + 2, 2222);
	if (shape.protocol == IPPROTO_TCP) {
		frame.bytes[frame.l4 + 12] = (uint8_t)(0x50 + (shape.tcp_words << 4));
		frame.bytes[frame.l4 + 13] = 0x10;
		memset(frame.bytes + frame.l4 + 20, 1, (size_t)shape.tcp_words * 4);
	} else if (shape.protocol == IPPROTO_UDP) {
		put16(frame.bytes + frame.l4 + 4, (unsigned)(8 + shape.payload));
	}
	for (size_t i = frame.headers; i < frame.length; i++)
		frame.bytes[i] = (uint8_t)(i * 7 + i / 251);

	iov = (struct iovec){ frame.bytes, frame.length };
	if (lso_parse(&iov, 1, &layout) == LSO_OK) {
		lso_fill_checksums(frame.bytes, frame.length, &layout, true, shape.final);
		if (!shape.final)
			lso_set_seed(frame.bytes, &layout, (uint32_t)(frame.length - frame.l4));
	}
	return frame;
}

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

uint32_t noise(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

void fill_noise(uint32_t *state, uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		bytes[i] = (uint8_t)(noise(state) >> 11);
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
