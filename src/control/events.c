/* SPDX-License-Identifier: MIT */
#include "control/events.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "control/json_line.h"
#include "nt/status.h"

static const char *const kinds[] = {
	[NT_EVENT_LIFECYCLE] = "lifecycle",
	[NT_EVENT_CALLBACK] = "callback",
	[NT_EVENT_INDICATION] = "indication",
	[NT_EVENT_VIOLATION] = "violation",
	[NT_EVENT_LOG] = "log",
	[NT_EVENT_TRACE] = "log",
};

int events_init(struct events *events, int wake_fd)
{
	int result = pthread_mutex_init(&events->lock, NULL);

	events->start_ns = clock_ns();
	events->next = 0;
	events->wake_fd = wake_fd;
	return -result;
}

void events_destroy(struct events *events)
{
	pthread_mutex_destroy(&events->lock);
}

static void write_field(struct json_line *j, const struct nt_field *f)
{
	char name[64], text[96];
	bool taken = strcmp(f->name, "time_ms") == 0 || strcmp(f->name, "kind") == 0 ||
		     strcmp(f->name, "adapter") == 0 || strcmp(f->name, "name") == 0;

	snprintf(name, sizeof(name), "%s%s", f->name, taken ? "_" : "");
	switch (f->type) {
	case NT_FIELD_UINT:
		json_line_uint(j, name, f->number);
		break;
	case NT_FIELD_BOOL:
		json_line_bool(j, name, f->number != 0);
		break;
	case NT_FIELD_TEXT:
		json_line_text(j, name, f->text ? f->text : "");
		break;
	case NT_FIELD_STATUS:
		json_line_text(j, name, status_text((uint32_t)f->number, text, sizeof(text)));
		snprintf(text, sizeof(text), "%s_value", name);
		json_line_uint(j, text, (uint32_t)f->number);
		break;
	}
}

static void put(struct events *events, const struct nt_event *e)
{
	struct json_line j;
	uint64_t one = 1, time;

	pthread_mutex_lock(&events->lock);
	time = e->time_ns > events->start_ns ? e->time_ns - events->start_ns : 0;
	events->traces[events->next % EVENTS_KEPT] = e->kind == NT_EVENT_TRACE;
	json_line_begin(&j, events->lines[events->next % EVENTS_KEPT], EVENT_SIZE);
	json_line_ms(&j, "time_ms", time);
	json_line_text(&j, "kind", (unsigned)e->kind <= NT_EVENT_TRACE ? kinds[e->kind] : "log");
	json_line_text(&j, "adapter", e->object ? e->object : "");
	json_line_text(&j, "name", e->name ? e->name : "");
	for (size_t i = 0; i < e->field_count; i++)
		write_field(&j, &e->fields[i]);
	json_line_end(&j);
	events->next++;
	pthread_mutex_unlock(&events->lock);

	if (events->wake_fd >= 0 && write(events->wake_fd, &one, sizeof(one)) < 0) {
		/* EAGAIN: the counter is full, so the reader is awake. */
	}
}

static void emit(void *context, const struct nt_event *event)
{
	put(context, event);
}

struct nt_event_sink events_sink(struct events *events)
{
	return (struct nt_event_sink){ .emit = emit, .context = events };
}

void events_put(struct events *events, enum nt_event_kind kind, const char *object,
		const char *name, const struct nt_field *fields, size_t count)
{
	struct nt_event event = { .kind = kind,
				  .time_ns = clock_ns(),
				  .object = object,
				  .name = name,
				  .fields = fields,
				  .field_count = count };

	put(events, &event);
}

static size_t get(struct events *events, uint64_t *cursor, char *line, bool traces)
{
	size_t length = 0;
	uint64_t oldest;

	pthread_mutex_lock(&events->lock);
	oldest = events->next > EVENTS_KEPT ? events->next - EVENTS_KEPT : 0;
	if (*cursor < oldest) {
		length = (size_t)snprintf(line, EVENT_SIZE,
					  "{\"kind\":\"dropped\",\"count\":%llu}\n",
					  (unsigned long long)(oldest - *cursor));
		*cursor = oldest;
		pthread_mutex_unlock(&events->lock);
		return length;
	}
	while (!traces && *cursor < events->next && events->traces[*cursor % EVENTS_KEPT])
		++*cursor;
	if (*cursor < events->next) {
		const char *from = events->lines[*cursor % EVENTS_KEPT];

		length = strlen(from);
		memcpy(line, from, length + 1);
		++*cursor;
	}
	pthread_mutex_unlock(&events->lock);
	return length;
}

size_t events_get(struct events *events, uint64_t *cursor, char *line)
{
	return get(events, cursor, line, true);
}

size_t events_get_but_traces(struct events *events, uint64_t *cursor, char *line)
{
	return get(events, cursor, line, false);
}

uint64_t events_now(struct events *events)
{
	uint64_t next;

	pthread_mutex_lock(&events->lock);
	next = events->next;
	pthread_mutex_unlock(&events->lock);
	return next;
}
