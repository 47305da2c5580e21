/* SPDX-License-Identifier: MIT */
#include "control/event_text.h"

#include <jansson.h>
#include <string.h>

#include "base/text.h"

/*
 * A report of several lines goes on below its first, indented.
 * @quoted: what stands between quotation marks has none that would end it
 */
static void add_lines(struct text *t, const char *value, bool quoted)
{
	for (; *value; value++) {
		if (*value == '\n')
			text_add(t, value[1] ? "\n             " : "");
		else if (quoted && (*value == '"' || *value == '\\'))
			text_add(t, "\\%c", *value);
		else if ((unsigned char)*value >= 0x20 || *value == '\t')
			text_add(t, "%c", *value);
	}
}

/* One word stands as it is; so does "STATUS_SUCCESS (0x00000000)". */
static bool wants_quotes(const char *value)
{
	if (strncmp(value, "STATUS_", 7) == 0)
		return false;
	return *value == '\0' || strpbrk(value, " \"\\\t\n");
}

static void add_field(struct text *t, const char *name, json_t *value)
{
	const char *string = json_string_value(value);

	if (string && strcmp(name, "text") == 0) {
		text_add(t, "  ");
		add_lines(t, string, false);
	} else if (string) {
		bool quote = wants_quotes(string);

		text_add(t, quote ? "  %s=\"" : "  %s=", name);
		add_lines(t, string, quote);
		text_add(t, quote ? "\"" : "");
	} else if (json_is_boolean(value)) {
		text_add(t, "  %s=%s", name, json_is_true(value) ? "yes" : "no");
	} else if (json_is_integer(value)) {
		text_add(t, "  %s=%lld", name, (long long)json_integer_value(value));
	} else {
		text_add(t, "  %s=%.3f", name, json_number_value(value));
	}
}

static bool is_head(const char *key)
{
	return strcmp(key, "time_ms") == 0 || strcmp(key, "kind") == 0 ||
	       strcmp(key, "adapter") == 0 || strcmp(key, "name") == 0;
}

/* The number that repeats an NTSTATUS field before it. */
static bool repeats(json_t *event, const char *key)
{
	size_t n = strlen(key);
	char base[64];

	if (n < 7 || n - 6 >= sizeof(base) || strcmp(key + n - 6, "_value") != 0)
		return false;
	memcpy(base, key, n - 6);
	base[n - 6] = '\0';
	return json_is_string(json_object_get(event, base));
}

static const char *colour_of(const char *kind)
{
	if (strcmp(kind, "callback") == 0)
		return "\033[36m";
	if (strcmp(kind, "indication") == 0)
		return "\033[33m";
	if (strcmp(kind, "violation") == 0)
		return "\033[1;31m";
	if (strcmp(kind, "log") == 0)
		return "\033[2m";
	return "\033[1m";
}

static void add_event(struct text *t, json_t *event, bool colour)
{
	const char *kind = json_string_value(json_object_get(event, "kind"));
	const char *adapter = json_string_value(json_object_get(event, "adapter"));
	const char *name = json_string_value(json_object_get(event, "name"));
	const char *key;
	json_t *value;

	kind = kind ? kind : "";
	if (strcmp(kind, "dropped") == 0) {
		text_add(t, "             %lld events were lost: the reader is too slow\n",
			 (long long)json_integer_value(json_object_get(event, "count")));
		return;
	}
	text_add(t, "%9.3f ms  %-10s  %-10s  %s%s%s",
		 json_number_value(json_object_get(event, "time_ms")), adapter ? adapter : "", kind,
		 colour ? colour_of(kind) : "", name ? name : "", colour ? "\033[0m" : "");
	json_object_foreach(event, key, value)
	{
		if (!is_head(key) && !repeats(event, key))
			add_field(t, key, value);
	}
	text_add(t, "\n");
}

size_t event_text(const char *json, bool colour, char *text, size_t size)
{
	struct text t = text_in(text, size);
	json_t *event = json_loads(json, 0, NULL);

	if (json_is_object(event))
		add_event(&t, event, colour);
	json_decref(event);
	/* A line that was too long still ends. */
	if (t.length == size - 1)
		text[size - 2] = '\n';
	return t.length;
}
