/* SPDX-License-Identifier: MIT */
/*
 * How fast liblso cuts a 64,000-byte TCP super-packet, beside an aligned memcpy of the payload, a
 * plain C segmenter, DPDK's librte_gso and, for information, the kernel's own GSO; and beside bare
 * loops over the same bytes (lso_bare.c), which are the limit.
 *
 * One core, pinned; contestants interleaved in every repeat; thread CPU time; a ratio is the
 * median of the repeats' ratios. A ratio above 1 means that liblso is faster. Repeats in which
 * others disturbed the machine are taken again, while there is time: all default shapes take less
 * than a minute. Then the way back: lso_coalesce.c.
 *
 * Where the limit is, by callgrind's counts of the AVX2 path: a segment of 1,460 bytes without copy
 * takes about 350 instructions. 210 sum its payload, as the bare loop does; 140 are its own: the
 * beginning and the end of a sum, a header copied, its ID, sequence number and checksums, two
 * entries of an iovec. So beside one pass over 64,000 bytes, which has none of these, it can be .85
 * only if they were some 60, fewer than the stores and the additions across lanes alone; it is .73
 * (Sapphire Rapids), .90 at 8960, .57 at 536. With copy, stores are the limit: memcpy and the bare
 * fused loop are within 5 % of each other, and .91 of that loop is had at 1460. Where memcpy has
 * wider stores than the path (Zen 5, AVX2), the bare fused loop itself is .75 of memcpy, and no
 * copy of that path can be more.
 *
 * Usage: lso_bench [--json] [--repeats N] [--quick] [--path NAME] [--mss N]
 */
#include "lso_bench.h"

#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "lso_coalesce.h"

#define HUGE_PAGE       (2u << 20)
#define PACKET_ROOM     (128u << 10)
#define MAX_REPEATS     255
#define MAX_CONTESTANTS 24
#define DISTURBED       1.04 /* of memcpy's best time */
#define PATIENCE        4    /* times the repeats asked for */
#define LATEST          30   /* seconds from the beginning: then a repeat stays as it is */
#define PACKETS         40   /* in a sample, of those that are one packet over and over */

struct sample {
	double ns[MAX_REPEATS]; /* for one packet */
};

static struct sample samples[MAX_CONTESTANTS];
static unsigned int repeats = 31;
static bool json;
static const char *only; /* path */
static bool first_result = true;
static unsigned int disturbed; /* repeats that were taken again */
static time_t began;           /* CLOCK_MONOTONIC */

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static time_t seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

static void pin(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((unsigned int)sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const double *values, unsigned int n)
{
	double sorted[MAX_REPEATS];

	memcpy(sorted, values, n * sizeof(*values));
	qsort(sorted, n, sizeof(*sorted), compare);
	return sorted[n / 2];
}

/* ratio() - how many times faster @us is than @other */
static double ratio(const struct sample *us, const struct sample *other)
{
	double each[MAX_REPEATS];

	for (unsigned int r = 0; r < repeats; r++)
		each[r] = other->ns[r] / us->ns[r];
	return median(each, repeats);
}

static uint32_t run_memcpy(struct workload *w, uint32_t i, enum lso_path path)
{
	(void)path;
	memcpy(w->place->slab, w->place->aligned + (size_t)i * PACKET_ROOM, PAYLOAD);
	__asm__ volatile("" ::"r"(w->place->slab) : "memory");
	return 0;
}

static uint32_t run_copy(struct workload *w, uint32_t i, enum lso_path path)
{
	const struct lso_options options = { .mss = w->mss, .path = path };
	size_t stride = (w->header + 63) / 64 * 64 + (w->mss + 63) / 64 * 64;
	struct lso_segmenter s;

	if (lso_begin(&s, w->place->iov[i], w->count[i], &options))
		abort();
	return lso_next_slab(&s, w->place->slab + 64 - w->header % 64, stride, w->out,
			     MAX_SEGMENTS);
}

static uint32_t run_zero_copy(struct workload *w, uint32_t i, enum lso_path path)
{
	const struct lso_options options = { .mss = w->mss, .path = path };
	struct lso_segmenter s;

	if (lso_begin(&s, w->place->iov[i], w->count[i], &options))
		abort();
	return lso_next_iovs(&s, w->place->slab, (w->header + 63) / 64 * 64, w->out,
			     4 * MAX_SEGMENTS, w->counts, MAX_SEGMENTS);
}

/* build_headers() - Return: their length */
static size_t build_headers(struct workload *w, uint8_t *p)
{
	size_t at = 12;

	memset(p, 2, at);
	for (uint32_t i = 0; i < w->vlan_tags; i++, at += 4)
		memcpy(p + at, "\x81\x00\x00\x07", 4);
	memcpy(p + at, w->ipv6 ? "\x86\xdd" : "\x08\x00", 2);
	w->l3 = at += 2;
	if (w->ipv6) {
		memcpy(p + at, "\x60\0\0\0\0\0\x06\x40\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\xfd", 25);
		memset(p + at + 25, 0, 15);
		at += 40;
	} else {
		memcpy(p + at, "\x45\0\0\0\x12\x34\x40\0\x40\x06\0\0\x0a\0\0\1\x0a\0\0\2", 20);
		at += 20;
	}
	w->l4 = at;
	memcpy(p + at, "\x03\xe8\0\x50\0\1\2\3\0\0\0\1\x50\x18\2\0\0\0\0\0", 20);
	p[at + 12] = (uint8_t)((20 + w->tcp_options) << 2);
	memset(p + at + 20, 1, w->tcp_options);
	return at + 20 + w->tcp_options;
}

static void *need(void *p)
{
	if (!p) {
		fprintf(stderr, "lso_bench: out of memory\n");
		exit(1);
	}
	return p;
}

/*
 * All buffers lie side by side in huge pages, so that neither page colours nor the way predictor
 * of the first-level cache, which goes by the address, make one run of this program differ from
 * the next.
 *
 * A load may have to wait for a store up to half a KB before it whose lower 12 address bits are
 * its own. A frame takes more room than its payload, so what is written drifts away from what is
 * read, by 3344 bytes in a packet at an MSS of 1460. It begins so far off that these bits do not
 * meet on that way; with many small frames they do, whatever the distance at the beginning.
 */
static void make_arena(const struct workload *w, struct place *place)
{
	size_t size = SLAB + 2 * (size_t)w->rotation * PACKET_ROOM;

	size = (size + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
	place->arena = need(aligned_alloc(HUGE_PAGE, size));
	madvise(place->arena, size, MADV_HUGEPAGE);
	memset(place->arena, 1, size);
	place->slab = place->arena + 640;
	place->aligned = place->arena + SLAB;
	for (uint32_t i = 0; i < w->rotation; i++)
		place->packets[i] = place->aligned + (w->rotation + i) * (size_t)PACKET_ROOM;
}

/* make_packet() - fill packet @i of @place, and say where its pieces lie */
static void make_packet(struct workload *w, struct place *place, uint32_t i, const uint8_t *headers,
			uint32_t *state)
{
	size_t length = w->header + PAYLOAD;
	size_t piece = w->piece ? w->piece : length;
	uint8_t *p = place->packets[i];

	memcpy(p, headers, w->header);
	for (size_t k = w->header; k < length; k++) {
		*state = *state * 1103515245 + 12345;
		p[k] = (uint8_t)(*state >> 16);
	}
	place->iov[i] = need(calloc(length / piece + 1, sizeof(struct iovec)));
	w->count[i] = 0;
	for (size_t at = 0; at < length; at += piece) {
		size_t n = length - at < piece ? length - at : piece;

		place->iov[i][w->count[i]++] = (struct iovec){ p + at, n };
	}
}

static void use_place(struct workload *w, uint32_t k)
{
	w->place = &w->places[k % w->place_count];
}

/*
 * Whether loads and stores that look alike do wait for each other depends on the physical pages
 * too. So one packet, which would have one place, has several that take turns; DPDK's too, in its
 * own memory.
 */
static void prepare(struct workload *w)
{
	uint8_t headers[256];
	uint32_t state = 1;

	w->header = build_headers(w, headers);
	w->count = need(calloc(w->rotation, sizeof(*w->count)));
	w->place_count = w->rotation > 1 ? 1 : PLACES;
	for (uint32_t k = 0; k < w->place_count; k++) {
		struct place *place = &w->places[k];

		place->packets = need(calloc(w->rotation, sizeof(*place->packets)));
		place->iov = need(calloc(w->rotation, sizeof(*place->iov)));
		make_arena(w, place);
		for (uint32_t i = 0; i < w->rotation; i++)
			make_packet(w, place, i, headers, &state);
	}
	use_place(w, 0);
}

static void release(struct workload *w)
{
	for (uint32_t k = 0; k < w->place_count; k++) {
		struct place *place = &w->places[k];

		for (uint32_t i = 0; i < w->rotation; i++)
			free(place->iov[i]);
		free(place->packets);
		free(place->iov);
		free(place->arena);
	}
	free(w->count);
}

/* time_one() - Return: ns for a packet, once the caches are as this contestant leaves them */
static double time_one(struct workload *w, const struct contestant *c, uint32_t packets)
{
	double start;

	for (uint32_t i = 0; w->rotation == 1 && i < 10; i++)
		c->run(w, 0, c->which);
	start = cpu_ns();
	for (uint32_t i = 0, k = 0; i < packets; i++, k = k + 1 < w->rotation ? k + 1 : 0)
		c->run(w, k, c->which);
	return (cpu_ns() - start) / packets;
}

static void print_ratio(const char *name, double value)
{
	if (json) {
		printf(", \"%s\": ", name);
		if (value > 0)
			printf("%.3f", value);
		else
			printf("null");
	} else if (value > 0) {
		printf(" %9.2f", value);
	} else {
		printf(" %9s", "-");
	}
}

/* What a path of liblso is compared with; 0: not there. */
struct ratios {
	double memcpy;
	double plain;
	double dpdk;
	double kernel;
	double bare;
};

static void report(const struct workload *w, const struct contestant *c, double ns,
		   const struct ratios *vs)
{
	if (json) {
		printf("%s\n    {\"form\": \"%s\", \"mss\": %u, \"shape\": \"%s\", \"path\": \"%s\", \"ns\": %.0f",
		       first_result ? "" : ",", c->form, w->mss, w->shape, c->path, ns);
		first_result = false;
	} else {
		printf("%-10s %5u  %-12s %-9s %7.0f", c->form, w->mss, w->shape, c->path, ns);
	}
	print_ratio("vs_memcpy", vs->memcpy);
	print_ratio("vs_plain", vs->plain);
	print_ratio("vs_dpdk", vs->dpdk);
	print_ratio("vs_kernel", vs->kernel);
	print_ratio("vs_bare", vs->bare);
	printf(json ? "}" : "\n");
	fflush(stdout);
}

/* compare_with() - a ratio for the contestants whose copy is number @copy, zero-copy the next; 0:
 * none */
static double compare_with(const struct sample *us, unsigned int copy, bool zero)
{
	return copy ? ratio(us, &samples[copy + zero]) : 0;
}

/*
 * take_samples() - of all contestants but the kernel, which would leave the next one cold caches
 *
 * A neighbour on the same machine slows each contestant by another factor. When memcpy, the first
 * of them, takes longer than it can, the whole repeat is taken again.
 */
static void take_samples(struct workload *w, const struct contestant *c, unsigned int n,
			 uint32_t packets)
{
	double best = 0;

	for (unsigned int r = 0, tries = 0; r < repeats; tries++) {
		use_place(w, tries);
		for (unsigned int k = 0; k < n; k++) {
			if (strcmp(c[k].name, "kernel"))
				samples[k].ns[r] = time_one(w, &c[k], packets);
		}
		if (best == 0 || samples[0].ns[r] < best)
			best = samples[0].ns[r];
		if (samples[0].ns[r] > best * DISTURBED && tries + 1 < PATIENCE * repeats &&
		    seconds() - began < LATEST)
			disturbed++;
		else
			r++;
	}
	use_place(w, 0);
}

static void measure(struct workload *w, bool dpdk, bool kernel)
{
	struct contestant c[MAX_CONTESTANTS];
	unsigned int n = 0, plain = 0, by_dpdk = 0, by_kernel = 0;
	unsigned int bare[LSO_PATH_NEON + 1] = { 0 }; /* of each path, as compare_with() has it */
	unsigned int ours;
	uint32_t packets = w->rotation > 1 ? w->rotation : PACKETS;
	uint32_t expected = (PAYLOAD + w->mss - 1) / w->mss;
	bool simple = !w->piece;

	prepare(w);
	c[n++] = (struct contestant){ "memcpy", "copy", NULL, run_memcpy, LSO_PATH_AUTO };
	if (simple)
		plain = n;
	c[n++] = (struct contestant){ "plain", "copy", NULL, plain_copy, LSO_PATH_AUTO };
	c[n++] = (struct contestant){ "plain", "zero-copy", NULL, plain_zero_copy, LSO_PATH_AUTO };
	if (dpdk && simple && w->rotation == 1 && !w->ipv6) {
		dpdk_prepare(w);
		by_dpdk = n;
		c[n++] = (struct contestant){ "dpdk", "copy", NULL, dpdk_copy, LSO_PATH_AUTO };
		c[n++] = (struct contestant){ "dpdk", "zero-copy", NULL, dpdk_zero_copy,
					      LSO_PATH_AUTO };
	}
	/* A packet socket does not tell the kernel what lies behind two tags. */
	if (kernel && simple && !w->vlan_tags && kernel_prepare(w)) {
		by_kernel = n;
		c[n++] = (struct contestant){ "kernel", "copy", NULL, kernel_copy, LSO_PATH_AUTO };
		c[n++] = (struct contestant){ "kernel", "zero-copy", NULL, kernel_zero_copy,
					      LSO_PATH_AUTO };
		c[n++] =
			(struct contestant){ "kernel", "whole", NULL, kernel_whole, LSO_PATH_AUTO };
	}
	ours = n;
	for (enum lso_path path = LSO_PATH_PORTABLE; path <= LSO_PATH_NEON; path++) {
		const char *name = lso_path_name(path);

		if (lso_path_find(path) != path || (only && strcmp(only, name)))
			continue;
		c[n++] = (struct contestant){ "liblso", "copy", name, run_copy, path };
		c[n++] = (struct contestant){ "liblso", "zero-copy", name, run_zero_copy, path };
		if (!simple || w->rotation > 1 || !bare_has(path))
			continue;
		bare[path] = n;
		c[n++] = (struct contestant){ "bare", "copy", name, bare_copy, path };
		c[n++] = (struct contestant){ "bare", "zero-copy", name, bare_sum, path };
	}

	for (unsigned int k = 0; k < n; k++) {
		uint32_t made = c[k].run(w, 0, c[k].which);

		if (k && strcmp(c[k].name, "bare") && made != expected) {
			fprintf(stderr, "lso_bench: %s %s made %u segments, not %u\n", c[k].name,
				c[k].form, made, expected);
			exit(1);
		}
		time_one(w, &c[k], packets);
	}
	take_samples(w, c, n, packets);
	for (unsigned int r = 0; by_kernel && r < repeats; r++) {
		double whole = time_one(w, &c[by_kernel + 2], packets);

		for (unsigned int k = by_kernel; k < by_kernel + 2; k++)
			samples[k].ns[r] = time_one(w, &c[k], packets) - whole;
	}
	for (unsigned int k = ours; k < n; k++) {
		bool zero = !strcmp(c[k].form, "zero-copy");
		const struct ratios vs = {
			.memcpy = ratio(&samples[k], &samples[0]),
			.plain = compare_with(&samples[k], plain, zero),
			.dpdk = compare_with(&samples[k], by_dpdk, zero),
			.kernel = compare_with(&samples[k], by_kernel, zero),
			.bare = compare_with(&samples[k], bare[c[k].which], zero),
		};

		if (!strcmp(c[k].name, "bare"))
			continue;
		report(w, &c[k], median(samples[k].ns, repeats), &vs);
	}
	if (!json) {
		printf("  memcpy %.0f  plain %.0f / %.0f", median(samples[0].ns, repeats),
		       median(samples[1].ns, repeats), median(samples[2].ns, repeats));
		if (by_kernel)
			printf("  kernel's GSO %.0f / %.0f", median(samples[by_kernel].ns, repeats),
			       median(samples[by_kernel + 1].ns, repeats));
		for (enum lso_path path = LSO_PATH_PORTABLE; path <= LSO_PATH_NEON; path++) {
			if (bare[path])
				printf("  bare %s %.0f / %.0f", lso_path_name(path),
				       median(samples[bare[path]].ns, repeats),
				       median(samples[bare[path] + 1].ns, repeats));
		}
		printf(" ns\n");
	}
	release(w);
}

/* print_machine() - what it is, and the path that liblso takes on it by itself */
static void print_machine(void)
{
	const char *path = lso_path_name(lso_path_find(LSO_PATH_AUTO));
	const char *has[LSO_PATH_NEON + 1] = {
		[LSO_PATH_PORTABLE] = "no vector instructions that liblso has a path for",
		[LSO_PATH_AVX2] = "AVX2 only",
		[LSO_PATH_AVX512] = "AVX-512 with VNNI",
		[LSO_PATH_NEON] = "NEON",
	};
	enum lso_path best = LSO_PATH_NEON;
	char line[256], model[256] = "";
	FILE *file = fopen("/proc/cpuinfo", "r");

	while (lso_path_find(best) != best)
		best--;
	while (file && !model[0] && fgets(line, sizeof(line), file))
		sscanf(line, "model name : %255[^\"\\\n]", model);
	if (file)
		fclose(file);
	if (json)
		printf("\n  \"machine\": \"%s\",\n  \"class\": \"%s\",\n  \"path\": \"%s\",", model,
		       lso_path_name(best), path);
	else
		printf("%s, %s; liblso takes its path %s\n", model[0] ? model : "this processor",
		       has[best], path);
}

int main(int argc, char **argv)
{
	static const struct option long_options[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "repeats", required_argument, NULL, 'r' },
		{ "quick", no_argument, NULL, 'q' },
		{ "mss", required_argument, NULL, 'm' },
		{ "path", required_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	static uint32_t sizes[] = { 536, 1460, 8960 };
	size_t n_sizes = sizeof(sizes) / sizeof(sizes[0]);
	static struct workload shapes[] = {
		{ .shape = "tcp4", .rotation = 1 },
		{ .shape = "tcp4-options", .tcp_options = 12, .rotation = 1 },
		{ .shape = "tcp6", .ipv6 = true, .rotation = 1 },
		{ .shape = "tcp4-2-vlan", .vlan_tags = 2, .rotation = 1 },
		{ .shape = "tcp4-pieces", .piece = 2048, .rotation = 1 },
		{ .shape = "tcp4-256", .rotation = 256 },
	};
	size_t n_shapes = sizeof(shapes) / sizeof(shapes[0]);
	bool dpdk, kernel;
	int o;

	while ((o = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		if (o == 'j')
			json = true;
		else if (o == 'r')
			repeats = (unsigned int)atoi(optarg);
		else if (o == 'q')
			n_shapes = 1;
		else if (o == 'p')
			only = optarg;
		else if (o == 'm')
			n_sizes = 1, sizes[0] = (uint32_t)atoi(optarg);
		else
			return 2;
	}
	if (repeats < 1 || repeats > MAX_REPEATS) {
		fprintf(stderr, "lso_bench: --repeats takes 1 to %d\n", MAX_REPEATS);
		return 2;
	}
	began = seconds();
	pin();
	kernel = kernel_start(); /* before DPDK has threads, which would stay behind */
	dpdk = dpdk_start();
	if (json)
		printf("{");
	print_machine();
	if (json)
		printf("\n  \"payload\": %d,\n  \"repeats\": %u,\n  \"results\": [", PAYLOAD,
		       repeats);
	else
		printf("%-10s %5s  %-12s %-9s %7s %9s %9s %9s %9s %9s\n", "form", "mss", "shape",
		       "path", "ns", "vs memcpy", "vs plain", "vs dpdk", "vs kernel", "vs bare");
	for (size_t s = 0; s < n_shapes; s++) {
		for (size_t m = 0; m < n_sizes; m++) {
			shapes[s].mss = sizes[m];
			measure(&shapes[s], dpdk, kernel);
		}
	}
	if (json)
		printf("\n  ],\n  \"coalescing\": [");
	measure_coalescing(dpdk, repeats, json);
	if (json)
		printf("\n  ],\n  \"disturbed\": %u\n}\n", disturbed);
	else if (disturbed)
		printf("%u repeats, in which memcpy was slowed by others on this machine, were taken again\n",
		       disturbed);
	if (!json && !dpdk)
		printf("DPDK's librte_gso is not in this build: install dpdk-dev and configure again\n");
	return 0;
}
