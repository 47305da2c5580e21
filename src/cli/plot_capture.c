/* SPDX-License-Identifier: MIT */
/*
 * A capture as a picture: what passed each interface by time, and how large it was. A file of netcx
 * capture has the points stack, ring and wire as interfaces.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "capture/capture.h"
#include "cli/plot.h"

#define BINS            200u
#define BLOCK_SECTION   0x0a0d0d0au
#define BLOCK_INTERFACE 1u

/* One packet. */
struct sighting {
	double time;
	uint32_t length;
	uint32_t interface;
};

struct reading {
	struct sighting *list;
	size_t count, room;
	char names[PLOT_LINES][48]; /* of interfaces */
	uint32_t interfaces;
	double begin, end;
};

static const uint32_t limits[] = { 64, 128, 256, 512, 1024, 1514, 4096, 9018, 16384, 32768, 65536 };
#define LIMITS (sizeof(limits) / sizeof(limits[0]))

static bool keep(struct reading *r, const struct capture_packet *packet)
{
	struct capture_time at = capture_time(packet);
	struct sighting *one;

	if (r->count == r->room) {
		size_t room = r->room ? r->room * 2 : 1024;
		struct sighting *list = realloc(r->list, room * sizeof(*list));

		if (!list)
			return false;
		r->list = list;
		r->room = room;
	}
	one = &r->list[r->count++];
	one->time = (double)at.seconds + at.nanoseconds * 1e-9;
	one->length = packet->length;
	one->interface = packet->interface->number;
	/* More than have lines go with the last. */
	if (one->interface >= PLOT_LINES)
		one->interface = PLOT_LINES - 1;
	if (one->interface >= r->interfaces)
		r->interfaces = one->interface + 1;
	r->begin = r->count == 1 ? one->time : fmin(r->begin, one->time);
	r->end = r->count == 1 ? one->time : fmax(r->end, one->time);
	return true;
}

/* An interface's name stands in its block: option 2. In the machine's byte order, or not at all. */
static void take_name(struct reading *r, const struct capture_block *block, uint32_t number)
{
	size_t at = 16;

	while (number < PLOT_LINES && at + 4 <= block->length - 4 && !block->swapped) {
		uint16_t head[2];

		memcpy(head, block->bytes + at, sizeof(head));
		at += 4;
		if (head[0] == 0 || head[1] > block->length - 4 - at)
			return;
		if (head[0] == 2)
			snprintf(r->names[number], sizeof(r->names[number]), "%.*s", (int)head[1],
				 (const char *)block->bytes + at);
		at += (head[1] + 3u) & ~3u;
	}
}

static bool read_all(struct reading *r, struct capture_reader *reader, struct error *error)
{
	struct capture_packet packet;
	struct capture_block block;
	uint32_t described = 0;

	for (;;) {
		switch (capture_next(reader, &packet, &block, error)) {
		case CAPTURE_PACKET:
			if (!keep(r, &packet))
				return error_set(error, "out of memory");
			break;
		case CAPTURE_BLOCK:
			if (block.type == BLOCK_SECTION)
				described = 0;
			if (block.type == BLOCK_INTERFACE)
				take_name(r, &block, described++);
			break;
		case CAPTURE_END:
			return true;
		default:
			return false;
		}
	}
}

static const char *name_of(const struct reading *r, uint32_t interface, char room[static 64])
{
	if (*r->names[interface])
		return r->names[interface];
	snprintf(room, 64, r->interfaces > 1 ? "interface %u" : "all packets", interface);
	return room;
}

/* By a grid of time; what is in a bin divided by its length. */
static bool draw_rate(struct plot *plot, const struct reading *r)
{
	struct plot_panel *panel = plot_panel(plot, "Throughput", "Gbit/s");
	double width = (r->end - r->begin) / BINS;
	char room[64];

	for (uint32_t i = 0; i < r->interfaces; i++) {
		struct plot_line *line = plot_line(panel, name_of(r, i, room));

		for (unsigned bin = 0; bin < BINS; bin++) {
			if (!plot_add(line, (bin + 0.5) * width, 0))
				return false;
		}
	}
	for (size_t i = 0; i < r->count; i++) {
		const struct sighting *s = &r->list[i];
		double bin = (s->time - r->begin) / width;
		size_t at = bin < BINS ? (size_t)bin : BINS - 1;

		panel->lines[s->interface].points[at].y += s->length * 8e-9 / width;
	}
	return true;
}

static void draw_sizes(struct plot *plot, const struct reading *r)
{
	struct plot_panel *panel = plot_panel(plot, "Sizes", "packets");
	char room[64];

	panel->bucket_count = LIMITS + 1;
	panel->least = 0.5;
	for (size_t i = 0; i < LIMITS; i++)
		snprintf(panel->buckets[i], sizeof(panel->buckets[i]), "\xe2\x89\xa4 %u",
			 limits[i]);
	snprintf(panel->buckets[LIMITS], sizeof(panel->buckets[LIMITS]), "more");
	for (uint32_t i = 0; i < r->interfaces; i++)
		plot_line(panel, name_of(r, i, room));
	for (size_t i = 0; i < r->count; i++) {
		size_t bucket = 0;

		while (bucket < LIMITS && r->list[i].length > limits[bucket])
			bucket++;
		panel->lines[r->list[i].interface].bars[bucket]++;
	}
}

static bool draw(struct plot *plot, struct reading *r)
{
	/* One packet, or all at one time: a picture all the same. */
	if (!(r->end - r->begin > 1e-6))
		r->end = r->begin + 1e-6;
	plot->end = r->end - r->begin;
	snprintf(plot->title, sizeof(plot->title), "%zu packets in %.3g s", r->count,
		 r->end - r->begin);
	if (!draw_rate(plot, r))
		return false;
	draw_sizes(plot, r);
	return true;
}

bool plot_read_capture(struct plot *plot, FILE *file, struct error *error)
{
	struct capture_reader *reader = capture_open(file, error);
	struct reading r = { 0 };
	bool good = reader && read_all(&r, reader, error);

	capture_close(reader);
	if (good && r.count == 0)
		good = error_set(error, "there is no packet in it");
	else if (good && !draw(plot, &r))
		good = error_set(error, "out of memory");
	free(r.list);
	return good;
}
