/* SPDX-License-Identifier: MIT */
/*
 * How fast liblso coalesces: 64,000 bytes of TCP in frames of one size, of several flows in turn,
 * as a burst that a receiver has taken off its ring; all that is held comes out at its end. Beside
 * a bare pass of the checksum over the same bytes, frame by frame, and DPDK's GRO, whose burst has
 * its checksums verified in front of it.
 *
 * Where the limit is: of 44 frames of 1,460 bytes of 16 flows 16 begin a unit and 28 join one. By
 * callgrind's counts of the AVX2 path the bare pass takes 15,000 instructions and the coalescer
 * 25,100: 12,700 are the sums, 140 a frame that joins beside its sum, 460 a unit, from its first
 * frame's checks to its last list. .8 of the bare pass would leave 138 for each frame, whose share
 * of a unit alone is 167. One flow of 44 frames has that: .83 (AVX2) and .82 (AVX-512), against .64
 * and .60 of 16 flows and, at 536 bytes, .62 and .58 (Zen 5, 41 repeats).
 * The straw man knows every frame's flow without looking, believes every header and takes no care
 * of its own: .91 at 1,460 bytes and .84 at 536. Nothing that looks at headers can be above it.
 */
#include "lso_coalesce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROOM    10240 /* for a frame */
#define ROUNDS  100   /* a sample's */
#define MOST    255
#define HEADERS 54

enum { BARE, STRAW, REFER, COPY, TRUSTED, DPDK, WAYS };

struct bench {
	struct burst burst;
	struct lso_coalescer *refer;
	struct lso_coalescer *copy;
	unsigned int units;
};

static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values, unsigned int n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

static void *need(void *p)
{
	if (!p) {
		fprintf(stderr, "lso_bench: out of memory\n");
		exit(1);
	}
	return p;
}

static void put32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* make_frame() - frame @k of flow @flow */
static size_t make_frame(uint8_t *p, uint32_t flow, uint32_t k, uint32_t payload, uint32_t mss)
{
	static const uint8_t headers[HEADERS] =
		"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0\x45\0\0\0\0\0\x40\0\x40\6\0\0\x0a\0\0\1\x0a\0\0\2"
		"\x20\0\0\x50\0\0\0\0\0\0\0\1\x50\x10\2\0\0\0\0";
	const struct iovec iov = { p, HEADERS + payload };
	struct lso_layout layout;
	uint32_t length = 40 + payload;

	memcpy(p, headers, HEADERS);
	for (uint32_t i = 0; i < payload; i++)
		p[HEADERS + i] = (uint8_t)(i * 7 + k + flow);
	p[16] = (uint8_t)(length >> 8);
	p[17] = (uint8_t)length;
	p[19] = (uint8_t)k;
	p[35] = (uint8_t)flow;
	put32(p + 38, k * mss);
	if (lso_parse(&iov, 1, &layout))
		abort();
	lso_fill_checksums(p, HEADERS + payload, &layout, true, true);
	return HEADERS + payload;
}

static void make_burst(struct burst *b, uint32_t mss, uint32_t flows)
{
	uint32_t left = BURST_BYTES;

	b->mss = mss;
	b->flows = flows;
	b->count = 0;
	while (left) {
		uint32_t i = b->count++;
		uint32_t payload = left < mss ? left : mss;
		uint8_t *p = need(aligned_alloc(64, ROOM));

		b->frames[i].iov_base = p + 2; /* as a receiver has them: IP is aligned */
		b->frames[i].iov_len = make_frame(p + 2, i % flows, i / flows, payload, mss);
		left -= payload;
	}
}

static void came_out(void *context, const struct lso_unit *unit)
{
	(void)unit;
	++*(unsigned int *)context;
}

static struct lso_coalescer *make(struct bench *b, bool copy)
{
	const struct lso_coalesce_options options = {
		.size = sizeof(options),
		.emit = came_out,
		.context = &b->units,
		.flows = 64,
		.copy = copy,
	};
	size_t size = lso_coalesce_size(&options);
	void *memory = need(aligned_alloc(64, (size + 63) / 64 * 64));
	struct lso_coalescer *c;

	if (lso_coalesce_begin(&c, memory, size, &options))
		abort();
	return c;
}

/* What the straw man has of a flow. */
struct straw {
	uint8_t header[64];
	struct iovec iov[1 + BURST_FRAMES];
	uint32_t count;
	uint32_t length;
	uint64_t sum;
};

static void straw_out(struct bench *b, struct straw *s)
{
	struct lso_unit unit = { .iov = s->iov, .count = (int)s->count, .length = s->length };
	uint16_t length = (uint16_t)(s->length - 14);
	uint32_t sum;

	memcpy(s->header + 16, (uint8_t[]){ (uint8_t)(length >> 8), (uint8_t)length }, 2);
	sum = (uint16_t)(s->sum + (s->sum >> 16));
	memcpy(s->header + 24, &sum, 2);
	memcpy(s->header + 50, &sum, 2);
	s->iov[0] = (struct iovec){ s->header, HEADERS };
	came_out(&b->units, &unit);
}

/*
 * run_straw() - a coalescer that cannot be had: it knows each frame's flow without a look, believes
 * every header, and does only what leaves something behind. Its headers are not right.
 */
static void run_straw(struct bench *b)
{
	static struct straw flows[BURST_FRAMES];
	const struct burst *burst = &b->burst;

	for (uint32_t i = 0; i < burst->count; i++) {
		const struct iovec *f = &burst->frames[i];
		struct straw *s = &flows[i % burst->flows];
		uint8_t *p = f->iov_base;

		if (i < burst->flows) {
			memcpy(s->header, p, sizeof(s->header));
			s->count = 1;
			s->length = HEADERS;
			s->sum = 0;
		}
		s->iov[s->count++] = (struct iovec){ p + HEADERS, f->iov_len - HEADERS };
		s->length += (uint32_t)f->iov_len - HEADERS;
		s->sum += lso_checksum(p + 34, f->iov_len - 34, 0);
	}
	for (uint32_t i = 0; i < burst->flows; i++)
		straw_out(b, &flows[i]);
}

static void run(struct bench *b, int way)
{
	const struct burst *burst = &b->burst;
	struct lso_coalescer *c = way == COPY ? b->copy : b->refer;
	volatile uint16_t sum;

	switch (way) {
	case BARE:
		for (uint32_t i = 0; i < burst->count; i++) {
			const struct iovec *f = &burst->frames[i];

			sum = lso_checksum((uint8_t *)f->iov_base + 34, f->iov_len - 34, 0);
		}
		(void)sum;
		return;
	case STRAW:
		run_straw(b);
		return;
	case DPDK:
		dpdk_gro(burst);
		return;
	default:
		lso_coalesce_frames(c, burst->frames, burst->count,
				    way == TRUSTED ? LSO_FRAME_TRUSTED : LSO_FRAME_VERIFY, NULL);
		lso_coalesce_flush(c, UINT32_MAX);
	}
}

static double sample(struct bench *b, int way)
{
	double start;

	run(b, way);
	start = cpu_ns();
	for (int i = 0; i < ROUNDS; i++)
		run(b, way);
	return (cpu_ns() - start) / ROUNDS;
}

static void report(const struct burst *burst, const char *form, double ns, double bare, double dpdk,
		   bool json, bool first)
{
	if (json) {
		printf("%s\n    {\"form\": \"%s\", \"mss\": %u, \"flows\": %u, \"ns\": %.0f, \"vs_checksum\": %.3f, \"vs_dpdk\": ",
		       first ? "" : ",", form, burst->mss, burst->flows, ns, bare);
		printf(dpdk > 0 ? "%.3f}" : "null}", dpdk);
		return;
	}
	printf("%-10s %5u  %2u flows %16.0f %11.2f", form, burst->mss, burst->flows, ns, bare);
	if (dpdk > 0)
		printf(" %9.2f\n", dpdk);
	else
		printf(" %9s\n", "-");
}

/* measure() - interleaved; a ratio is the median of the repeats' ratios, above 1: liblso is faster
 */
static void measure(struct bench *b, bool dpdk, unsigned int repeats, bool json, bool first)
{
	static const char *const forms[WAYS] = { NULL,     "straw",   "coalesce",
						 "copied", "trusted", NULL };
	static double ns[WAYS][MOST];
	static double ratios[2][MOST];

	for (unsigned int r = 0; r < repeats; r++)
		for (int way = 0; way < WAYS; way++)
			ns[way][r] = way == DPDK && !dpdk ? 0 : sample(b, way);
	for (int way = STRAW; way <= TRUSTED; way++) {
		for (unsigned int r = 0; r < repeats; r++) {
			ratios[0][r] = ns[BARE][r] / ns[way][r];
			ratios[1][r] = ns[DPDK][r] / ns[way][r];
		}
		report(&b->burst, forms[way], median(ns[way], repeats), median(ratios[0], repeats),
		       median(ratios[1], repeats), json, first && way == STRAW);
	}
}

void measure_coalescing(bool dpdk, unsigned int repeats, bool json)
{
	static const uint32_t cells[][2] = { { 536, 16 }, { 1460, 16 }, { 1460, 1 }, { 8960, 1 } };
	static struct bench b;

	if (!json)
		printf("%-10s %5s %9s %16s %11s %9s\n", "form", "mss", "", "ns", "vs checksum",
		       "vs dpdk");
	b.refer = make(&b, false);
	b.copy = make(&b, true);
	for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
		make_burst(&b.burst, cells[i][0], cells[i][1]);
		measure(&b, dpdk, repeats, json, i == 0);
		for (uint32_t k = 0; k < b.burst.count; k++)
			free((uint8_t *)b.burst.frames[k].iov_base - 2);
	}
	free(b.refer);
	free(b.copy);
}
