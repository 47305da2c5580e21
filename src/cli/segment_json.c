/* SPDX-License-Identifier: MIT */
/* The summary of `netcx segment` as JSON. */
#include <jansson.h>

#include "capture/link.h"
#include "cli/client.h"
#include "cli/segment_summary.h"

static void put(json_t *object, const char *name, uint64_t count)
{
	json_object_set_new(object, name, json_integer((json_int_t)count));
}

/* by_link() - packets by link type; some have one name, RAW is three of them */
static json_t *by_link(const uint64_t *links)
{
	json_t *object = json_object();
	char room[CAPTURE_NAME_ROOM];

	for (uint32_t i = 0; i < SEGMENT_LINKS; i++) {
		const char *name = capture_link_name((uint16_t)i, room);
		json_int_t before = json_integer_value(json_object_get(object, name));

		if (links[i])
			put(object, name, (uint64_t)before + links[i]);
	}
	return object;
}

static json_t *by_reason(const uint64_t *reasons)
{
	json_t *object = json_object();

	for (int i = 0; i < SEGMENT_REASONS; i++) {
		if (reasons[i])
			put(object, lso_reason((enum lso_status)i), reasons[i]);
	}
	return object;
}

/* refusals() - by reason, whether they have a name or not; LSO_OK is no reason */
static json_t *refusals(const struct segment_counts *c)
{
	uint64_t all[SEGMENT_REASONS] = { 0 };

	for (int i = LSO_OK + 1; i < SEGMENT_REASONS; i++) {
		for (int name = 0; name < SEGMENT_NAMES; name++)
			all[i] += c->refused[name][i];
	}
	return by_reason(all);
}

static json_t *by_name(const struct segment_counts *c)
{
	json_t *object = json_object();

	for (int name = 1; name < SEGMENT_NAMES; name++) {
		uint64_t all = 0;

		for (int i = 0; i < SEGMENT_REASONS; i++)
			all += c->refused[name][i];
		if (all)
			put(object, segment_name_text((enum segment_name)name), all);
	}
	return object;
}

static json_t *cut(const struct segment_counts *c, const struct segment_rules *rules)
{
	json_t *object = json_object();

	put(object, "segments", c->segments);
	put(object, "guessed_tcp", c->guessed_tcp);
	put(object, "guessed_udp", c->guessed_udp);
	put(object, "guessed_mtu", rules->mtu);
	put(object, "accurate_ecn", c->accurate_ecn);
	put(object, "tunnelled", c->tunnelled);
	return object;
}

static json_t *passed(const struct segment_counts *c)
{
	json_t *object = json_object();

	put(object, "checksums_filled_in", c->finished);
	put(object, "ip_lengths_filled_in", c->new_lengths);
	put(object, "opaque", c->opaque);
	json_object_set_new(object, "unchecked", by_reason(c->unchecked));
	json_object_set_new(object, "without_a_look_inside", by_reason(c->others));
	return object;
}

static json_t *alone(const struct segment_counts *c)
{
	json_t *object = json_object();

	put(object, "listed", c->fates[FATE_LISTED]);
	put(object, "not_captured_whole", c->fates[FATE_PARTIAL]);
	put(object, "no_end", c->fates[FATE_NO_END]);
	json_object_set_new(object, "reasons", refusals(c));
	json_object_set_new(object, "protocols", by_name(c));
	json_object_set_new(object, "link_types", by_link(c->links));
	return object;
}

static json_t *behind(const struct segment_counts *c)
{
	json_t *object = json_object();

	put(object, "packets", c->behind);
	put(object, "bytes", c->behind_bytes);
	return object;
}

static json_t *summary(const struct segment_counts *c, const struct segment_rules *rules,
		       const char *format)
{
	json_t *all = json_object();

	json_object_set_new(all, "format", json_string(format));
	put(all, "packets", c->packets);
	put(all, "cut", c->fates[FATE_CUT]);
	put(all, "segments", c->segments);
	put(all, "passed", c->fates[FATE_PASSED]);
	put(all, "left_alone", segment_left_alone(c));
	put(all, "wrong", segment_wrong(c));
	put(all, "wrong_lengths", c->fates[FATE_LENGTH]);
	put(all, "left_out", c->left_out);
	put(all, "frames", c->frames);
	json_object_set_new(all, "of_cut", cut(c, rules));
	json_object_set_new(all, "of_passed", passed(c));
	json_object_set_new(all, "of_left_alone", alone(c));
	json_object_set_new(all, "left_out_link_types", by_link(c->links_out));
	json_object_set_new(all, "cut_off_behind", behind(c));
	put(all, "blocks_not_to_be_copied", c->no_copy);
	put(all, "times_not_expressed", c->other_time);
	return all;
}

bool segment_summary_json(const struct segment_counts *counts, const struct segment_rules *rules,
			  const char *format, FILE *to)
{
	json_t *all = summary(counts, rules, format);
	bool good;

	json_add_error(all);
	good = all && json_dumpf(all, to, JSON_COMPACT) == 0 && fputc('\n', to) != EOF &&
	       fflush(to) == 0;

	json_decref(all);
	return good;
}
