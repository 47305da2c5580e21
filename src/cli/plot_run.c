/* SPDX-License-Identifier: MIT */
/*
 * A run's events as a picture: rates between two events Statistics of an adapter, and its callbacks
 * as marks. Lines that are of others are passed over; one that is no JSON is an error.
 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/client.h"
#include "cli/plot.h"

#define OTHERS 64u /* adapters; of more, callbacks are drawn as well */

/* What of a line is drawn. */
struct lines {
	struct plot_line *tx, *rx;           /* Gbit/s */
	struct plot_line *packet, *segment;  /* bytes, on average */
	struct plot_line *tx_fill, *rx_fill; /* percent */
};

struct reading {
	struct plot *plot;
	struct lines lines;
	char adapter[64];
	char others[OTHERS][64]; /* adapters that it is not about */
	size_t other_count;
	json_t *last; /* the Statistics before */
	size_t statistics;
	double begin, end; /* of the first of them, and of the last, seconds */
};

static double number(const json_t *object, const char *member)
{
	return json_number_value(json_object_get(object, member));
}

static double grown(const struct reading *r, const json_t *now, const char *member)
{
	double more = number(now, member) - number(r->last, member);

	return more > 0 ? more : 0; /* less: the adapter was removed and added anew */
}

static void begin(struct reading *r)
{
	struct plot_panel *rate = plot_panel(r->plot, "Throughput", "Gbit/s");
	struct plot_panel *size = plot_panel(r->plot, "Size of what is sent, on average", "bytes");
	struct plot_panel *ring = plot_panel(r->plot, "Ring: what the driver has", "%");

	r->lines.tx = plot_line(rate, "sent");
	r->lines.rx = plot_line(rate, "received");
	r->lines.packet = plot_line(size, "packet as the driver gets it");
	r->lines.segment = plot_line(size, "segment on the wire");
	r->lines.tx_fill = plot_line(ring, "transmit");
	r->lines.rx_fill = plot_line(ring, "receive");
	size->least = 32;
	size->top = 65536;
	ring->top = 100;
}

static double percent(const json_t *now, const char *held, const char *size)
{
	double all = number(now, size);

	return all > 0 ? number(now, held) * 100 / all : 0;
}

/* A point in the middle of the time that it is about; of the rings, at its end. */
static bool add_points(struct reading *r, const json_t *now)
{
	double end = number(now, "time_ms") / 1000, from = number(r->last, "time_ms") / 1000;
	double seconds = end - from, middle = (end + from) / 2;
	double packets = grown(r, now, "tx_packets"), bytes = grown(r, now, "tx_bytes");
	double segments =
		packets - grown(r, now, "tx_lso_packets") + grown(r, now, "tx_lso_segments");
	struct lines *l = &r->lines;
	bool added;

	if (seconds <= 0)
		return true;
	added = plot_add(l->tx, middle, bytes * 8e-9 / seconds) &&
		plot_add(l->rx, middle, grown(r, now, "rx_bytes") * 8e-9 / seconds) &&
		plot_add(l->tx_fill, end, percent(now, "tx_held", "tx_ring")) &&
		plot_add(l->rx_fill, end, percent(now, "rx_held", "rx_ring"));
	/* Without packets there is no average: the line is interrupted. */
	return added && plot_add(l->packet, middle, packets > 0 ? bytes / packets : PLOT_GAP) &&
	       plot_add(l->segment, middle, segments > 0 ? bytes / segments : PLOT_GAP);
}

static bool is_offload(const char *name)
{
	return strncmp(name, "EvtNetAdapterOffload", 20) == 0;
}

/* "EvtNetAdapterOffloadSetGso: lso_ipv4, uso_ipv4": of what is on or off, what is on. */
static void describe(struct plot_mark *mark, const json_t *event)
{
	struct text text = text_in(mark->text, sizeof(mark->text));
	const char *name = json_text(event, "name"), *member;
	const json_t *value;
	unsigned on = 0, flags = 0;

	mark->offload = is_offload(name);
	snprintf(mark->of, sizeof(mark->of), "%s", json_text(event, "adapter"));
	text_add(&text, "%s", name);
	json_object_foreach((json_t *)event, member, value)
	{
		flags += json_is_boolean(value);
		if (!json_is_true(value))
			continue;
		text_add(&text, "%s %s", on++ ? "," : ":", member);
	}
	if (flags && !on && mark->offload)
		text_add(&text, ": all off");
}

static bool take_mark(struct reading *r, const json_t *event)
{
	struct plot_mark *mark = plot_mark(r->plot, number(event, "time_ms") / 1000);

	if (mark)
		describe(mark, event);
	return mark;
}

static bool is_other(const struct reading *r, const char *name)
{
	for (size_t i = 0; i < r->other_count; i++) {
		if (strcmp(r->others[i], name) == 0)
			return true;
	}
	return false;
}

static void note_other(struct reading *r, const char *name)
{
	if (r->other_count < OTHERS && !is_other(r, name))
		snprintf(r->others[r->other_count++], sizeof(r->others[0]), "%s", name);
}

/* Those of other adapters go; its driver's, which is none, stay. */
static void drop_marks(struct reading *r)
{
	struct plot *plot = r->plot;
	size_t kept = 0;

	for (size_t i = 0; i < plot->mark_count; i++) {
		if (!is_other(r, plot->marks[i].of))
			plot->marks[kept++] = plot->marks[i];
	}
	plot->mark_count = kept;
}

static bool take_statistics(struct reading *r, json_t *event)
{
	bool added = true;

	if (!*r->adapter)
		snprintf(r->adapter, sizeof(r->adapter), "%s", json_text(event, "adapter"));
	if (strcmp(r->adapter, json_text(event, "adapter")) != 0) {
		note_other(r, json_text(event, "adapter"));
		return true;
	}
	if (r->last)
		added = add_points(r, event);
	json_decref(r->last);
	r->last = json_incref(event);
	r->end = number(event, "time_ms") / 1000;
	if (!r->statistics)
		r->begin = r->end;
	r->statistics++;
	return added;
}

static bool take(struct reading *r, json_t *event)
{
	if (strcmp(json_text(event, "name"), "Statistics") == 0)
		return take_statistics(r, event);
	if (strcmp(json_text(event, "kind"), "callback") != 0)
		return true;
	return take_mark(r, event);
}

static bool take_line(struct reading *r, const char *line, size_t number, struct error *error)
{
	json_error_t why;
	json_t *event = json_loads(line, JSON_REJECT_DUPLICATES, &why);
	bool taken = json_is_object(event);

	if (!event)
		error_set(error, "line %zu: no JSON: %s, column %d", number, why.text, why.column);
	else if (!taken)
		error_set(error, "line %zu: an object is expected, as an event is one", number);
	else if (!json_is_number(json_object_get(event, "time_ms")) &&
		 json_object_get(event, "kind") && strcmp(json_text(event, "kind"), "dropped") != 0)
		taken = error_set(error, "line %zu: \"time_ms\" is not a number", number);
	else if (!take(r, event))
		taken = error_set(error, "out of memory");
	json_decref(event);
	return taken;
}

static bool read_lines(struct reading *r, FILE *file, struct error *error)
{
	char *line = NULL;
	size_t room = 0, number = 0;
	bool good = true;

	while (good && getline(&line, &room, file) >= 0) {
		number++;
		if (line[strspn(line, " \t\r\n")])
			good = take_line(r, line, number, error);
	}
	free(line);
	if (good && ferror(file))
		return error_set(error, "it cannot be read");
	return good;
}

/* From the first event on to the last. */
static void set_range(struct plot *plot, const struct reading *r)
{
	plot->begin = r->begin;
	plot->end = fmax(r->end, r->begin + 1e-6);
	for (size_t i = 0; i < plot->mark_count; i++) {
		plot->begin = fmin(plot->begin, plot->marks[i].x);
		plot->end = fmax(plot->end, plot->marks[i].x);
	}
}

bool plot_read_run(struct plot *plot, FILE *file, const char *adapter, struct error *error)
{
	struct reading r = { .plot = plot };
	bool good;

	snprintf(r.adapter, sizeof(r.adapter), "%s", adapter ? adapter : "");
	begin(&r);
	good = read_lines(&r, file, error);
	json_decref(r.last);
	if (!good)
		return false;
	if (r.statistics < 2 && adapter)
		return error_set(error, "it has no two events Statistics of an adapter \"%s\"",
				 adapter);
	if (r.statistics < 2)
		return error_set(
			error,
			"it has no two events Statistics: netcx run --log json --statistics 0.1 prints them");
	snprintf(plot->title, sizeof(plot->title), "Adapter %s", r.adapter);
	drop_marks(&r);
	set_range(plot, &r);
	return true;
}
