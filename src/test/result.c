/* SPDX-License-Identifier: MIT */
#include "test/result.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

static const char *const verdicts[] = { "not run", "passed", "failed", "skipped" };

const char *result_verdict(enum test_verdict verdict)
{
	return verdicts[verdict];
}

char *result_hex(const uint8_t *bytes, size_t length)
{
	char *text = malloc(length * 2 + 1);

	if (!text)
		return NULL;
	for (size_t i = 0; i < length; i++)
		snprintf(text + i * 2, 3, "%02x", bytes[i]);
	text[length * 2] = '\0';
	return text;
}

static json_t *fields_to_json(const struct comparison *differs)
{
	json_t *fields = json_array();

	for (unsigned i = 0; i < differs->count; i++) {
		const struct compare_field *f = &differs->fields[i];

		json_array_append_new(fields, json_pack("{s:s, s:I, s:I, s:s, s:s}", "name",
							f->name, "offset", (json_int_t)f->offset,
							"length", (json_int_t)f->length, "expected",
							f->expected, "actual", f->actual));
	}
	return fields;
}

static void set_text(json_t *json, const char *key, const char *text)
{
	if (text && *text)
		json_object_set_new(json, key, json_string(text));
}

json_t *result_to_json(const struct test_result *result)
{
	json_t *json = json_pack("{s:s, s:I}", "verdict", result_verdict(result->verdict),
				 "packets", (json_int_t)result->packets);

	set_text(json, "rule", result->rule);
	set_text(json, "text", result->text);
	set_text(json, "expected", result->expected);
	set_text(json, "actual", result->actual);
	if (result->differs.count)
		json_object_set_new(json, "fields", fields_to_json(&result->differs));
	return json;
}

static void copy_text(char *to, size_t size, const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	snprintf(to, size, "%s", text ? text : "");
}

static char *own_text(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? strdup(text) : NULL;
}

static void fields_from_json(struct comparison *differs, const json_t *fields)
{
	for (size_t i = 0; i < json_array_size(fields) && i < COMPARE_FIELDS; i++) {
		const json_t *from = json_array_get(fields, i);
		struct compare_field *f = &differs->fields[differs->count++];

		copy_text(f->name, sizeof(f->name), from, "name");
		copy_text(f->expected, sizeof(f->expected), from, "expected");
		copy_text(f->actual, sizeof(f->actual), from, "actual");
		f->offset = (size_t)json_integer_value(json_object_get(from, "offset"));
		f->length = (size_t)json_integer_value(json_object_get(from, "length"));
	}
}

bool result_from_json(struct test_result *result, const json_t *json)
{
	const char *verdict = json_string_value(json_object_get(json, "verdict"));

	*result = (struct test_result){ 0 };
	for (unsigned i = 0; verdict && i < ARRAY_COUNT(verdicts); i++) {
		if (!strcmp(verdict, verdicts[i]))
			result->verdict = (enum test_verdict)i;
	}
	copy_text(result->rule, sizeof(result->rule), json, "rule");
	copy_text(result->text, sizeof(result->text), json, "text");
	result->expected = own_text(json, "expected");
	result->actual = own_text(json, "actual");
	result->packets = (unsigned)json_integer_value(json_object_get(json, "packets"));
	fields_from_json(&result->differs, json_object_get(json, "fields"));
	return result->verdict != TEST_NOT_RUN;
}

void result_free(struct test_result *result)
{
	free(result->report);
	free(result->events);
	free(result->expected);
	free(result->actual);
	*result = (struct test_result){ 0 };
}
