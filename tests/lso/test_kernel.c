/* SPDX-License-Identifier: MIT */
/*
 * Segments against the kernel's, byte for byte, where NDIS and Linux agree: live where namespaces
 * and TAP devices can be had, and always against what a kernel gave before (kernel_vectors.txt).
 *
 * Usage: test_kernel [PACKETS [SEED]]      compare so many live
 *        test_kernel --record FILE         write the vectors
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kernel.h"
#include "paths.h"
#include "reference.h"

#define FRAME_MAX (65535 + 512)
#define VECTORS   600

static const struct packet_limits limits = { .max_payload = 500000,
					     .max_segments = 400,
					     .kernel = true };
static uint32_t packets = 10000;
static uint64_t seed = 1;
static const char *vectors = "kernel_vectors.txt";

/* kernel_takes() - two segments or more; UDP at most 128, and of 64 KB in all */
static bool kernel_takes(const struct packet *p)
{
	if (packet_segments(p) < 2)
		return false;
	return p->tcp || (packet_segments(p) <= 128 && p->length - p->l4 <= 65535);
}

static void next_packet(struct packet *p, struct random *r)
{
	do {
		packet_make(p, r, &limits);
		p->ip_id = LSO_IP_ID_NDIS;
		p->udp_zero_checksum = false;
	} while (!kernel_takes(p));
}

/* hash_frame() - FNV-1a over a frame's length and bytes */
static uint64_t hash_frame(uint64_t hash, const uint8_t *frame, size_t length)
{
	for (size_t i = 0; i < length + 2; i++) {
		uint8_t byte = i < 2 ? (uint8_t)(length >> (8 * i)) : frame[i - 2];

		hash = (hash ^ byte) * 0x100000001b3u;
	}
	return hash;
}

#define HASH_START 0xcbf29ce484222325u

/* What a frame from the kernel is compared with. */
struct expectation {
	struct packet *p;
	struct lso_segmenter s;
	uint8_t *ours;
	bool live;
	uint64_t hash;
};

static void compare_frame(void *context, uint32_t i, const uint8_t *frame, size_t length)
{
	struct expectation *e = context;
	size_t n = lso_next(&e->s, e->ours);

	if (n == length && !memcmp(e->ours, frame, n))
		return;
	for (size_t k = 0; k < n && k < length; k++) {
		if (e->ours[k] != frame[k])
			fail_msg(
				"segment %u of %u: byte %zu is %02x, the kernel's %02x (IPv%d %s, l3 %zu l4 %zu payload %zu mss %u)",
				i, packet_segments(e->p), k, e->ours[k], frame[k], e->p->ip_version,
				e->p->tcp ? "TCP" : "UDP", e->p->l3, e->p->l4, e->p->payload,
				e->p->mss);
	}
	fail_msg("segment %u: %zu bytes, the kernel's %zu", i, n, length);
}

static void begin(struct expectation *e, enum lso_path path)
{
	const struct lso_options options = { .mss = e->p->mss, .path = path };
	struct iovec iov = { e->p->bytes, e->p->length };

	assert_int_equal(lso_begin(&e->s, &iov, 1, &options), LSO_OK);
}

static void segments_match_the_live_kernel(void **state)
{
	struct packet p = { .bytes = test_malloc(PACKET_MAX) };
	struct expectation e = { .p = &p, .ours = test_malloc(FRAME_MAX) };
	struct random r = { seed };
	const char *why;
	struct kernel k;
	uint32_t frames = 0;

	(void)state;
	if (!kernel_open(&k, &why)) {
		print_message("%s: compared with stored vectors only\n", why);
		test_free(p.bytes);
		test_free(e.ours);
		skip();
	}
	for (uint32_t i = 0; i < packets; i++) {
		int n;

		next_packet(&p, &r);
		begin(&e, LSO_PATH_AUTO);
		n = kernel_segment(&k, &p, compare_frame, &e);
		if (n != (int)packet_segments(&p))
			fail_msg(
				"packet %u: the kernel made %d frames of %u (IPv%d %s, %zu bytes, mss %u, %u tags)",
				i, n, packet_segments(&p), p.ip_version, p.tcp ? "TCP" : "UDP",
				p.length, p.mss, p.tags);
		frames += (uint32_t)n;
	}
	print_message("%u packets, %u frames, seed %llu: all as the kernel's\n", packets, frames,
		      (unsigned long long)seed);
	kernel_close(&k);
	test_free(p.bytes);
	test_free(e.ours);
}

static uint64_t hash_ours(struct expectation *e, enum lso_path path)
{
	uint64_t hash = HASH_START;
	size_t n;

	begin(e, path);
	while ((n = lso_next(&e->s, e->ours)) > 0)
		hash = hash_frame(hash, e->ours, n);
	return hash;
}

static void segments_match_the_stored_vectors(void **state)
{
	struct packet p = { .bytes = test_malloc(PACKET_MAX) };
	struct expectation e = { .p = &p, .ours = test_malloc(FRAME_MAX) };
	struct random r = { 2 };
	unsigned int segments;
	uint32_t count = 0;
	uint64_t hash;
	char line[200];
	FILE *f = fopen(vectors, "r");

	(void)state;
	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		unsigned long long read_hash;

		if (line[0] == '#')
			continue;
		assert_int_equal(sscanf(line, "%u %llx", &segments, &read_hash), 2);
		hash = read_hash;
		next_packet(&p, &r);
		assert_int_equal(packet_segments(&p), segments);
		for_each_path(path)
		{
			if (hash_ours(&e, path) != hash)
				fail_msg("packet %u on path %s differs from the kernel's", count,
					 lso_path_name(path));
		}
		count++;
	}
	fclose(f);
	assert_int_equal(count, VECTORS);
	test_free(p.bytes);
	test_free(e.ours);
}

static void record_frame(void *context, uint32_t i, const uint8_t *frame, size_t length)
{
	struct expectation *e = context;

	(void)i;
	e->hash = hash_frame(e->hash, frame, length);
}

static int record(const char *path)
{
	struct packet p = { .bytes = malloc(PACKET_MAX) };
	struct random r = { 2 };
	const char *why;
	struct kernel k;
	FILE *f;

	if (!kernel_open(&k, &why)) {
		fprintf(stderr, "test_kernel: %s\n", why);
		return 1;
	}
	f = fopen(path, "w");
	if (!f || !p.bytes) {
		perror(path);
		return 1;
	}
	fprintf(f,
		"# What the kernel made of the generator's packets with seed 2: frames, and the\n"
		"# FNV-1a of their lengths and bytes. Written by test_kernel --record.\n");
	for (int i = 0; i < VECTORS; i++) {
		struct expectation e = { .hash = HASH_START };
		int n;

		next_packet(&p, &r);
		n = kernel_segment(&k, &p, record_frame, &e);
		fprintf(f, "%d %016llx\n", n, (unsigned long long)e.hash);
	}
	kernel_close(&k);
	free(p.bytes);
	return fclose(f) ? 1 : 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(segments_match_the_stored_vectors),
		cmocka_unit_test(segments_match_the_live_kernel),
	};

	if (argc == 3 && !strcmp(argv[1], "--record"))
		return record(argv[2]);
	if (argc > 1)
		packets = (uint32_t)strtoul(argv[1], NULL, 0);
	if (argc > 2)
		seed = strtoull(argv[2], NULL, 0);
	if (getenv("NETCX_LSO_VECTORS"))
		vectors = getenv("NETCX_LSO_VECTORS");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
