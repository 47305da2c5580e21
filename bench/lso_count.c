/* SPDX-License-Identifier: MIT */
/*
 * A fixed amount of segmentation to be counted, not timed: bench/lso_gate runs it under callgrind.
 *
 * Usage: lso_count PATH copy|zero-copy
 */
#include <netcx/lso.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAYLOAD  64000
#define SEGMENTS 128
#define ROUNDS   20

static uint8_t packet[256 + PAYLOAD] __attribute__((aligned(64)));
static uint8_t slab[SEGMENTS * 1024 + PAYLOAD] __attribute__((aligned(64)));
static struct iovec out[2 * SEGMENTS];
static uint16_t counts[SEGMENTS];

static size_t build(int ipv6)
{
	static const uint8_t ip4[] = { 0x45, 0, 0,  0, 0x12, 0x34, 0x40, 0, 64, 6,
				       0,    0, 10, 0, 0,    1,    10,   0, 0,  2 };
	static const uint8_t ip6[] = { 0x60, 0, 0, 0, 0, 0, 6, 64, 0xfd };
	static const uint8_t tcp[] = { 3, 0xe8, 0, 80, 0, 0, 0, 1, 0, 0, 0, 2, 0x80, 0x18, 2, 0 };
	size_t at = 14;

	memset(packet, 2, sizeof(packet));
	packet[12] = ipv6 ? 0x86 : 0x08;
	packet[13] = ipv6 ? 0xdd : 0x00;
	memcpy(packet + at, ipv6 ? ip6 : ip4, ipv6 ? sizeof(ip6) : sizeof(ip4));
	at += ipv6 ? 40 : 20;
	memcpy(packet + at, tcp, sizeof(tcp));
	return at + 32 + PAYLOAD;
}

/* work() - what is counted */
__attribute__((noinline)) void work(size_t length, uint32_t mss, enum lso_path path, int zero_copy)
{
	const struct lso_options options = { .mss = mss, .path = path };
	struct iovec iov = { packet, length };
	struct lso_segmenter s;

	for (int i = 0; i < ROUNDS; i++) {
		if (lso_begin(&s, &iov, 1, &options))
			exit(1);
		if (zero_copy)
			lso_next_iovs(&s, slab, 128, out, 2 * SEGMENTS, counts, SEGMENTS);
		else
			lso_next_slab(&s, slab, (lso_frame_size(&s) + 63) / 64 * 64, out, SEGMENTS);
		if (lso_remaining(&s))
			exit(1);
	}
}

int main(int argc, char **argv)
{
	static const uint32_t sizes[] = { 536, 1460, 8960 };
	enum lso_path path = LSO_PATH_PORTABLE;

	if (argc != 3)
		return 2;
	while (strcmp(argv[1], lso_path_name(path))) {
		if (path++ == LSO_PATH_NEON)
			return 2;
	}
	if (lso_path_find(path) != path) {
		fprintf(stderr, "lso_count: this machine lacks %s\n", argv[1]);
		return 77;
	}
	for (int ipv6 = 0; ipv6 < 2; ipv6++) {
		for (int i = 0; i < 3; i++)
			work(build(ipv6), sizes[i], path, !strcmp(argv[2], "zero-copy"));
	}
	return 0;
}
