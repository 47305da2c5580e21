/* SPDX-License-Identifier: MIT */
#include "cli/capture_write.h"

#include <netcx/host.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "base/text.h"
#include "capture/section.h"
#include "cli/client.h"

#define LINK_ETHERNET 1
#define NS_PER_SEC    1000000000u

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (uint64_t)time.tv_sec * NS_PER_SEC + (uint64_t)time.tv_nsec;
}

static bool begin_section(FILE *file, const char *adapter, const char *hardware)
{
	char system[256], application[96], comment[128];
	struct utsname name;

	uname(&name);
	snprintf(system, sizeof(system), "%s %s", name.sysname, name.release);
	snprintf(application, sizeof(application), "netcx %s", netcx_version());
	snprintf(comment, sizeof(comment), "adapter %s", adapter);
	return capture_section_begin(file, &(struct capture_section){ .hardware = hardware,
								      .system = system,
								      .application = application,
								      .comment = comment });
}

static enum watch_point point_called(const char *name)
{
	enum watch_point p = 0;

	while (p < WATCH_POINTS && strcmp(name, watch_point_name(p)) != 0)
		p++;
	return p;
}

static bool add_source(struct capture_writing *w, const char *adapter, const char *hardware,
		       const json_t *point, uint32_t number, uint32_t snap)
{
	enum watch_point p = point_called(json_text(point, "name"));
	char description[256];

	if (p == WATCH_POINTS)
		return true;
	w->points[p] = (struct capture_sum){ .there = true, .source = number };
	snprintf(description, sizeof(description), "%s: %s", adapter,
		 json_text(point, "description"));
	return capture_section_source(w->file,
				      &(struct capture_source){ .link = LINK_ETHERNET,
								.snap = snap,
								.name = json_text(point, "name"),
								.description = description,
								.hardware = hardware });
}

bool capture_write_begin(struct capture_writing *w, const json_t *reply, uint32_t snap)
{
	const char *adapter = json_text(reply, "adapter"), *device = json_text(reply, "device");
	const json_t *points = json_object_get(reply, "points"), *point;
	char hardware[160];
	size_t i;

	w->begun = now();
	snprintf(hardware, sizeof(hardware), "%s, driver %s", *device ? device : "no hardware",
		 json_text(reply, "driver"));
	if (!begin_section(w->file, adapter, hardware))
		return false;
	json_array_foreach(points, i, point)
	{
		if (!add_source(w, adapter, hardware, point, (uint32_t)i, snap))
			return false;
	}
	return true;
}

/* "LSO, MSS 1460, 45 segments": what this one is, or was, many of. */
static void add_segments(struct text *text, const struct watch_record *r)
{
	const struct watch_note *note = &r->note;
	bool ring = note->point == WATCH_RING;

	if (note->segments)
		text_add(text, "; RSC, %u segments", note->segments);
	if (!note->mss || r->length < note->headers)
		return;
	text_add(text, "; %s, MSS %u, %u segments",
		 !note->outbound           ? "coalesced"
		 : note->flags & WATCH_UDP ? ring ? "USO" : "GSO of UDP"
		 : ring                    ? "LSO"
					   : "GSO",
		 note->mss, (r->length - note->headers + note->mss - 1u) / note->mss);
}

static void add_checksum(struct text *text, const struct watch_note *note)
{
	unsigned flags = note->flags;

	if (flags & WATCH_CHECKSUM_OPEN)
		text_add(text, "; checksum open");
	if (flags & WATCH_ASKS_IPV4)
		text_add(text, "; IPv4 checksum asked for");
	if (flags & WATCH_ASKS_TRANSPORT)
		text_add(text, "; %s checksum asked for", flags & WATCH_UDP ? "UDP" : "TCP");
	if (flags & WATCH_CHECKSUM_GOOD)
		text_add(text, "; checksum good");
	if (flags & WATCH_CHECKSUM_BAD)
		text_add(text, "; checksum bad");
}

static void add_tag(struct text *text, const struct watch_note *note)
{
	if (note->flags & WATCH_TAG_VLAN)
		text_add(text, "; VLAN %u beside the frame", note->vlan);
	if (note->flags & WATCH_TAG_PRIORITY)
		text_add(text, "; priority %u beside the frame", note->priority);
}

/* Return: the comment; "" when there is nothing to say */
static const char *comment_of(const struct watch_record *record, char *room, size_t size)
{
	struct text text = text_in(room, size);

	add_segments(&text, record);
	add_checksum(&text, &record->note);
	add_tag(&text, &record->note);
	return text.length ? room + strlen("; ") : "";
}

static uint32_t flags_of(const struct watch_note *note)
{
	uint32_t flags = note->outbound ? CAPTURE_OUTBOUND : CAPTURE_INBOUND;

	if (note->flags & (WATCH_CHECKSUM_OPEN | WATCH_ASKS_TRANSPORT) ||
	    (note->outbound && note->mss))
		flags |= CAPTURE_SUM_OPEN;
	if (note->flags & WATCH_CHECKSUM_GOOD)
		flags |= CAPTURE_SUM_GOOD;
	if (note->outbound && note->mss && !(note->flags & WATCH_UDP))
		flags |= CAPTURE_SEGMENTED;
	return flags;
}

static bool write_record(struct capture_writing *w, const struct watch_record *record)
{
	struct capture_sum *point = &w->points[record->note.point];
	struct capture_sighting packet = { .source = point->source,
					   .time = record->time,
					   .bytes = record + 1,
					   .captured = record->captured,
					   .length = record->length,
					   .flags = flags_of(&record->note) };
	char room[256];

	packet.queue = record->note.queue == WATCH_NO_QUEUE ? -1 : record->note.queue;
	packet.comment = comment_of(record, room, sizeof(room));
	point->lost = atomic_load(&w->reader.shared->lost[record->note.point]);
	packet.drops = point->lost - point->told_lost;
	point->told_lost = point->lost;
	point->packets++;
	w->packets++;
	return capture_section_packet(w->file, &packet);
}

bool capture_write_some(struct capture_writing *w, uint64_t most)
{
	const struct watch_record *record;
	uint64_t before = w->packets;

	while ((!most || w->packets < most) && (record = watch_next(&w->reader))) {
		if (w->points[record->note.point].there && !write_record(w, record))
			return false;
		watch_done(&w->reader, record);
	}
	return w->packets == before || fflush(w->file) == 0;
}

bool capture_write_end(struct capture_writing *w)
{
	struct capture_statistics s = { .begin = w->begun, .end = now() };

	s.at = s.end;
	for (enum watch_point p = 0; p < WATCH_POINTS; p++) {
		struct capture_sum *point = &w->points[p];

		if (!point->there)
			continue;
		point->lost = atomic_load(&w->reader.shared->lost[p]);
		s.source = point->source;
		s.received = point->packets + point->lost;
		s.dropped = point->lost;
		if (!capture_section_statistics(w->file, &s))
			return false;
	}
	return fflush(w->file) == 0;
}
