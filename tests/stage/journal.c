/* SPDX-License-Identifier: MIT */
#include "journal.h"

#include "test.h"

#define LINE 2048

void journal_init(struct journal *j)
{
	memset(j, 0, sizeof(*j));
	pthread_mutex_init(&j->lock, NULL);
}

void journal_destroy(struct journal *j)
{
	journal_forget(j);
	pthread_mutex_destroy(&j->lock);
}

void journal_line(struct journal *j, const char *format, ...)
{
	char line[LINE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	pthread_mutex_lock(&j->lock);
	if (j->count < JOURNAL_LINES)
		j->lines[j->count++] = strdup(line);
	pthread_mutex_unlock(&j->lock);
}

void journal_forget(struct journal *j)
{
	pthread_mutex_lock(&j->lock);
	while (j->count > 0)
		free(j->lines[--j->count]);
	pthread_mutex_unlock(&j->lock);
}

static void put_field(char *line, const struct nt_field *f)
{
	size_t used = strlen(line);

	line += used;
	if (f->type == NT_FIELD_TEXT)
		snprintf(line, LINE - used, " %s=%s", f->name, f->text);
	else if (f->type == NT_FIELD_STATUS)
		snprintf(line, LINE - used, " %s=%08x", f->name, (unsigned)f->number);
	else
		snprintf(line, LINE - used, " %s=%llu", f->name, (unsigned long long)f->number);
}

static void emit(void *context, const struct nt_event *event)
{
	char line[LINE];

	snprintf(line, sizeof(line), "event %s%s%s", event->object, event->object[0] ? " " : "",
		 event->name);
	for (size_t i = 0; i < event->field_count; i++)
		if (strcmp(event->fields[i].name, "duration_us"))
			put_field(line, &event->fields[i]);
	journal_line(context, "%s", line);
}

struct nt_event_sink journal_sink(struct journal *j)
{
	return (struct nt_event_sink){ .emit = emit, .context = j };
}

static bool matches(const char *line, const char *text)
{
	size_t length = strlen(text);

	if (length && text[length - 1] == '*')
		return !strncmp(line, text, length - 1);
	return !strcmp(line, text);
}

int journal_find(struct journal *j, const char *text)
{
	int found = -1;

	pthread_mutex_lock(&j->lock);
	for (int i = 0; i < j->count && found < 0; i++)
		if (matches(j->lines[i], text))
			found = i;
	pthread_mutex_unlock(&j->lock);
	return found;
}

void journal_print(struct journal *j, FILE *to)
{
	pthread_mutex_lock(&j->lock);
	for (int i = 0; i < j->count; i++)
		fprintf(to, "line: %s\n", j->lines[i]);
	pthread_mutex_unlock(&j->lock);
}

int journal_count(struct journal *j, const char *text)
{
	int found = 0;

	pthread_mutex_lock(&j->lock);
	for (int i = 0; i < j->count; i++)
		found += matches(j->lines[i], text);
	pthread_mutex_unlock(&j->lock);
	return found;
}

bool journal_tells(struct journal *j, const char *text)
{
	bool told = false;

	pthread_mutex_lock(&j->lock);
	for (int i = 0; i < j->count; i++)
		told |= strstr(j->lines[i], text) != NULL;
	pthread_mutex_unlock(&j->lock);
	return told;
}

static _Noreturn void show(struct journal *j, const char *what, const char *missing)
{
	for (int i = 0; i < j->count; i++)
		print_message("    %s\n", j->lines[i]);
	fail_msg("%s: %s", what, missing);
	abort();
}

void journal_assert_calls(struct journal *j, const char *first, ...)
{
	const char *want = first;
	va_list rest;

	va_start(rest, first);
	for (int i = 0; i < j->count; i++) {
		if (!strncmp(j->lines[i], "event ", 6) || !strncmp(j->lines[i], "host ", 5))
			continue;
		if (!want)
			show(j, "one call too many", j->lines[i]);
		if (!matches(j->lines[i], want))
			show(j, "expected next", want);
		want = va_arg(rest, const char *);
	}
	va_end(rest);
	if (want)
		show(j, "missing at the end", want);
}

void journal_assert_order(struct journal *j, const char *first, ...)
{
	const char *want = first;
	va_list rest;

	va_start(rest, first);
	for (int i = 0; i < j->count && want; i++)
		if (matches(j->lines[i], want))
			want = va_arg(rest, const char *);
	va_end(rest);
	if (want)
		show(j, "not there in this order", want);
}
