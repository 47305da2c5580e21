/* SPDX-License-Identifier: MIT */
/* The time line: callbacks as bars by when and how long, what else happened as marks. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "test/html/html.h"

#define MOST_EVENTS 512

/* One of them, or a note between them. */
struct event {
	json_t *json;
	double begin, end; /* ms since the host's start */
	unsigned start;    /* of which of the case's hosts */
};

struct line {
	struct event events[MOST_EVENTS];
	size_t count;
	unsigned starts;
	double end; /* of all */
};

/* In the order in which they began: a callback is told when it has returned. */
static void add(struct line *line, struct event event)
{
	size_t at = line->count;

	while (at && line->events[at - 1].start == event.start &&
	       line->events[at - 1].begin > event.begin) {
		line->events[at] = line->events[at - 1];
		at--;
	}
	line->events[at] = event;
	line->count++;
}

static void read_events(struct line *line, const char *text)
{
	double before = 0;

	while (*text && line->count < MOST_EVENTS) {
		size_t n = strcspn(text, "\n");
		struct event e = { .json = json_loadb(text, n, 0, NULL) };

		text += n + (text[n] == '\n');
		if (!e.json)
			continue;
		e.end = json_number_value(json_object_get(e.json, "time_ms"));
		if (json_object_get(e.json, "left_out"))
			e.end = before;
		line->starts += e.end < before;
		e.start = line->starts;
		e.begin = e.end - json_number_value(json_object_get(e.json, "duration_us")) / 1000;
		before = e.end;
		line->end = e.end > line->end ? e.end : line->end;
		add(line, e);
	}
}

static bool is_shown_elsewhere(const char *key)
{
	static const char *const keys[] = { "time_ms", "kind", "adapter", "name", "duration_us" };

	for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
		if (!strcmp(key, keys[i]))
			return true;
	}
	return strstr(key, "_value");
}

/* "ipv4 true, status STATUS_SUCCESS" */
static void put_fields(FILE *to, json_t *event)
{
	const char *key, *before = "";
	json_t *value;

	json_object_foreach(event, key, value)
	{
		char *text;

		if (is_shown_elsewhere(key))
			continue;
		text = json_is_string(value) ? strdup(json_string_value(value))
					     : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
		fprintf(to, "%s", before);
		html_text(to, key);
		fputs(" ", to);
		html_text(to, text);
		free(text);
		before = ", ";
	}
}

static void put_bar(FILE *to, double at, double ms, double end)
{
	double left = at / end * 100, width = ms / end * 100;

	fprintf(to, "<td class=bar><span style=\"left:%.2f%%;width:%.2f%%\"></span></td>",
		left > 99 ? 99 : left, width);
}

static void put_event(FILE *to, const struct event *e, double end)
{
	const char *kind = json_string_value(json_object_get(e->json, "kind"));
	bool callback = kind && !strcmp(kind, "callback");

	fprintf(to, "<tr class=%s><td class=n>%.2f</td>", callback ? "callback" : "other",
		e->begin);
	put_bar(to, e->begin, e->end - e->begin, end);
	fputs("<td class=n>", to);
	if (json_object_get(e->json, "duration_us"))
		fprintf(to, "%.3f", e->end - e->begin);
	fputs("</td><th scope=row>", to);
	html_text(to, json_string_value(json_object_get(e->json, "name")));
	fputs("</th><td>", to);
	html_text(to, json_string_value(json_object_get(e->json, "adapter")));
	fputs("</td><td>", to);
	put_fields(to, e->json);
	fputs("</td></tr>\n", to);
}

static void put_note(FILE *to, const char *format, json_int_t number)
{
	fputs("<tr class=same><td colspan=6>", to);
	fprintf(to, format, number);
	fputs("</td></tr>\n", to);
}

static void put_all(FILE *to, const struct line *line)
{
	unsigned start = 0;

	for (size_t i = 0; i < line->count; i++) {
		const struct event *e = &line->events[i];
		json_t *left_out = json_object_get(e->json, "left_out");

		if (e->start != start)
			put_note(to, "another start: time begins anew", 0);
		start = e->start;
		if (left_out)
			put_note(to, "%lld events are left out here", json_integer_value(left_out));
		else
			put_event(to, e, line->end);
	}
}

void html_events(FILE *to, const char *lines)
{
	struct line *line = lines ? calloc(1, sizeof(*line)) : NULL;

	if (!line)
		return;
	line->end = 1;
	read_events(line, lines);
	fputs("<h4>Time line</h4>\n<div class=wide tabindex=0 role=region aria-label=\"Time line\">"
	      "<table class=events><thead><tr><th scope=col class=n>Began at, ms</th>"
	      "<th scope=col class=bar>When</th>"
	      "<th scope=col class=n>Took, ms</th><th scope=col>Callback or event</th>"
	      "<th scope=col>Adapter</th><th scope=col>With</th></tr></thead><tbody>\n",
	      to);
	put_all(to, line);
	fputs("</tbody></table></div>\n", to);
	for (size_t i = 0; i < line->count; i++)
		json_decref(line->events[i].json);
	free(line);
}
