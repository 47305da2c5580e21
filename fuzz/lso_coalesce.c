/* SPDX-License-Identifier: MIT */
/*
 * Any frames with any options. The first 8 bytes of input are the options; then frames, each with
 * two bytes of length, one of what is known of its checksums, one of where it is split, or
 * commands. The input's frames are taken as they are, or, since a checksum is hard to guess, made
 * right first.
 *
 * All that goes in comes out, once, flows in their order; exact units cut again are what went in.
 */
#include <netcx/lso.h>
#include <stdlib.h>
#include <string.h>

#define FRAMES   64
#define LONGEST  2048
#define COMMAND  0x8000 /* in a length: flush or expire */
#define MADE     0x4000 /* checksums and lengths are made right */
#define CUT_SIZE (65535 + LSO_MAX_HEADERS)

/* What went in. */
struct input {
	struct {
		uint8_t *bytes; /* of its own, so that a sanitizer sees its end */
		size_t length;
		bool known; /* its checksums are as they should be, by liblso itself */
		bool out;
	} frame[FRAMES];
	uint32_t count;
	uint32_t out;
};

static void check(int condition)
{
	if (!condition)
		abort();
}

static uint32_t number_of(const void *cookie)
{
	return (uint32_t)(uintptr_t)cookie;
}

/* cut_again() - a unit whose frames' checksums are known to be right */
static void cut_again(const struct input *in, const struct lso_unit *unit)
{
	static uint8_t frame[CUT_SIZE];
	struct lso_segmenter s;

	check(lso_begin(&s, unit->iov, unit->count, &unit->cut) == LSO_OK);
	check(lso_segments(&s) == unit->frames);
	for (uint32_t i = 0; i < unit->frames; i++) {
		uint32_t n = number_of(unit->cookies[i]);
		size_t length = lso_next(&s, frame);

		check(length == in->frame[n].length);
		check(!memcmp(frame, in->frame[n].bytes, length));
	}
}

static void came_out(void *context, const struct lso_unit *unit)
{
	struct input *in = context;
	bool known = unit->exact && unit->frames > 1;
	size_t length = 0;

	check(unit->frames >= 1 && unit->end > LSO_END_NONE && unit->end < LSO_ENDS);
	for (int i = 0; i < unit->count; i++)
		length += unit->iov[i].iov_len;
	check(length == unit->length);
	for (uint32_t i = 0; i < unit->frames; i++) {
		uint32_t n = number_of(unit->cookies[i]);

		check(n < in->count && !in->frame[n].out);
		check(i == 0 || n > number_of(unit->cookies[i - 1]));
		in->frame[n].out = true;
		known = known && in->frame[n].known;
		in->out++;
	}
	if (known)
		cut_again(in, unit);
}

/* make_right() - lengths and checksums of a frame, where it has any */
static void make_right(uint8_t *frame, size_t length)
{
	const struct iovec iov = { frame, length };
	struct lso_layout layout;
	size_t ip_length;

	if (lso_parse(&iov, 1, &layout))
		return;
	ip_length = length - layout.l3_offset;
	if (layout.ip_version == 4) {
		frame[layout.l3_offset + 2] = (uint8_t)(ip_length >> 8);
		frame[layout.l3_offset + 3] = (uint8_t)ip_length;
	} else {
		frame[layout.l3_offset + 4] = (uint8_t)((ip_length - 40) >> 8);
		frame[layout.l3_offset + 5] = (uint8_t)(ip_length - 40);
	}
	if (layout.l4_protocol == 17) {
		frame[layout.l4_offset + 4] = (uint8_t)((length - layout.l4_offset) >> 8);
		frame[layout.l4_offset + 5] = (uint8_t)(length - layout.l4_offset);
	}
	lso_fill_checksums(frame, length, &layout, true, true);
}

static void one_frame(struct lso_coalescer *c, struct input *in, const uint8_t *bytes,
		      size_t length, bool made, unsigned int sum, size_t split)
{
	uint32_t n = in->count;
	struct lso_verdicts verdicts;
	uint8_t *copy;

	if (n == FRAMES)
		return;
	copy = malloc(length + !length);
	check(copy != NULL);
	memcpy(copy, bytes, length);
	if (made)
		make_right(copy, length);
	verdicts = lso_verify(copy, length);
	in->frame[n].bytes = copy;
	in->frame[n].length = length;
	in->frame[n].known = verdicts.ipv4 != LSO_SUM_BAD && verdicts.l4 != LSO_SUM_BAD &&
			     sum != LSO_FRAME_PARTIAL;
	in->count++;
	if (split && split < length) {
		const struct iovec two[2] = { { copy, split }, { copy + split, length - split } };

		lso_coalesce_frame(c, two, 2, (enum lso_frame_sum)sum, (void *)(uintptr_t)n);
	} else {
		const struct iovec whole = { copy, length };
		void *cookie = (void *)(uintptr_t)n;

		lso_coalesce_frames(c, &whole, 1, (enum lso_frame_sum)sum, &cookie);
	}
}

static void all_frames(struct lso_coalescer *c, struct input *in, const uint8_t *data, size_t size)
{
	while (size >= 4) {
		unsigned int head = data[0] | (unsigned int)data[1] << 8;
		size_t length = head % LONGEST;
		unsigned int sum = data[2] % 4;
		size_t split = data[3];

		data += 4;
		size -= 4;
		if (head & COMMAND) {
			if (head & 1)
				lso_coalesce_flush(c, (head >> 1) % 4);
			else
				lso_coalesce_expire(c, (head >> 1) % 64);
			continue;
		}
		if (length > size)
			length = size;
		one_frame(c, in, data, length, head & MADE, sum, split);
		data += length;
		size -= length;
	}
}

static struct lso_coalesce_options options_of(const uint8_t *in)
{
	return (struct lso_coalesce_options){
		.size = sizeof(struct lso_coalesce_options),
		.emit = came_out,
		.rules = (enum lso_rules)(in[0] & 1),
		.unit_sum = (enum lso_unit_sum)((in[0] >> 1) % 3),
		.copy = in[0] & 0x10,
		.ndis_ip_id = in[0] & 0x20,
		.updates = in[0] & 1 && in[0] & 0x40,
		.duplicate_acks = in[0] & 1 && in[0] & 0x40 && in[0] & 0x80,
		.no_timestamps = in[0] & 1 && in[0] & 8,
		.protocols = in[1] & 15,
		.flows = in[2] % 4 + 1u,
		.max_frames = in[3] % 16,
		.max_length = in[4] | (uint32_t)in[5] << 8,
		.max_age = in[6] % 32,
		.hash_seed = in[7],
	};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct input in;
	struct lso_coalesce_options options;
	struct lso_coalescer *c = NULL;
	void *memory;
	size_t room;

	if (size < 8)
		return 0;
	memset(&in, 0, sizeof(in));
	options = options_of(data);
	options.context = &in;
	room = lso_coalesce_size(&options);
	check(room > 0);
	memory = aligned_alloc(64, room);
	check(memory && lso_coalesce_begin(&c, memory, room, &options) == LSO_OK);
	all_frames(c, &in, data + 8, size - 8);
	lso_coalesce_flush(c, UINT32_MAX);
	check(in.out == in.count && lso_coalesce_held(c) == 0);
	for (uint32_t i = 0; i < in.count; i++)
		free(in.frame[i].bytes);
	free(memory);
	return 0;
}
