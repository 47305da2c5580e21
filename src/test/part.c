/* SPDX-License-Identifier: MIT */
#include "test/part.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define MOST_FILE  (256u << 20) /* bytes of a report */
#define MOST_CASES 10000u

static char *copy(const char *text)
{
	return strdup(text ? text : "");
}

/* Of what passed only its name was written; this netcx knows the rest of it, if it has the case. */
static const struct test_case *known(const char *name)
{
	const struct test_case *test;

	for (size_t i = 0; (test = test_case_at(i)); i++) {
		if (!strcmp(test->name, name))
			return test;
	}
	return NULL;
}

static void set_texts(struct test_case *test, const char *rule, const char *source,
		      const char *windows)
{
	free((char *)test->rule);
	free((char *)test->source);
	free((char *)test->windows);
	test->rule = copy(rule);
	test->source = copy(source);
	test->windows = copy(windows);
}

struct part_case *part_add(struct part *part, const char *name, struct error *error)
{
	size_t count = part->count;
	const struct test_case *test;
	struct part_case *more, *added;

	if (!name || !strchr(name, '/') || count == MOST_CASES) {
		error_set(error, "\"%.64s\" is no case's name", name ? name : "");
		return NULL;
	}
	if (!(count & (count - 1))) {
		more = realloc(part->cases, (count ? count * 2 : 1) * sizeof(*more));
		if (!more) {
			error_set(error, "out of memory");
			return NULL;
		}
		part->cases = more;
	}
	test = known(name);
	added = &part->cases[part->count++];
	*added = (struct part_case){ .test.name = copy(name) };
	set_texts(&added->test, test ? test->rule : "", test ? test->source : "",
		  test ? test->windows : "");
	return added;
}

bool part_add_remark(struct part *part, const char *remark)
{
	char **more = realloc(part->remarks, (part->remark_count + 1) * sizeof(*more));

	if (!more)
		return false;
	part->remarks = more;
	part->remarks[part->remark_count++] = copy(remark);
	return true;
}

static char *lines_of(const json_t *events)
{
	size_t index, length;
	json_t *event;
	char *lines = NULL;
	FILE *to = open_memstream(&lines, &length);

	json_array_foreach(events, index, event)
	{
		json_dumpf(event, to, JSON_COMPACT);
		putc('\n', to);
	}
	fclose(to);
	return lines;
}

bool part_add_json(struct part *part, const json_t *json, struct error *error)
{
	const char *verdict = json_string_value(json_object_get(json, "verdict"));
	const char *report = json_string_value(json_object_get(json, "report"));
	const char *demand = json_string_value(json_object_get(json, "demand"));
	json_t *events = json_object_get(json, "events");
	struct part_case *c =
		part_add(part, json_string_value(json_object_get(json, "name")), error);

	if (!c)
		return false;
	if (!result_from_json(&c->result, json) &&
	    !(verdict && !strcmp(verdict, result_verdict(TEST_NOT_RUN))))
		return error_set(error, "%s: it has no verdict", c->test.name);
	c->result.seconds = json_number_value(json_object_get(json, "seconds"));
	c->result.report = report ? copy(report) : NULL;
	if (json_array_size(events))
		c->result.events = lines_of(events);
	if (demand)
		set_texts(&c->test, demand, json_string_value(json_object_get(json, "source")),
			  json_string_value(json_object_get(json, "windows")));
	return true;
}

bool part_read_json(struct part *part, const char *text, size_t length, struct error *error)
{
	json_error_t why;
	json_t *json = json_loadb(text, length, 0, &why), *value;
	const char *device;
	size_t index;
	bool ok = true;

	if (!json)
		return error_set(error, "line %d: %s", why.line, why.text);
	part->driver = copy(json_string_value(json_object_get(json, "driver")));
	part->netcx = copy(json_string_value(json_object_get(json, "netcx")));
	device = json_string_value(json_object_get(json, "device"));
	part->device = device ? copy(device) : NULL;
	part->seed = (uint64_t)json_integer_value(json_object_get(json, "seed"));
	part->shard = (unsigned)json_integer_value(json_object_get(json, "shard"));
	part->shards = (unsigned)json_integer_value(json_object_get(json, "shards"));
	part->seconds = json_number_value(json_object_get(json, "seconds"));
	part->interrupted = json_is_true(json_object_get(json, "interrupted"));
	json_array_foreach(json_object_get(json, "remarks"), index, value) ok &=
		!json_is_string(value) || part_add_remark(part, json_string_value(value));
	if (!json_is_array(json_object_get(json, "cases")) || !*part->driver)
		ok = error_set(error, "it is no report of netcx test");
	json_array_foreach(json_object_get(json, "cases"), index, value) ok =
		ok && part_add_json(part, value, error);
	json_decref(json);
	return ok;
}

static char *read_file(const char *path, size_t *length, struct error *error)
{
	FILE *file = file_open_regular(path);
	char *text = NULL;
	long size;

	*length = 0;
	if (!file) {
		error_set(error, "%s", file_error(errno));
		return NULL;
	}
	if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0 && size <= MOST_FILE &&
	    (text = malloc((size_t)size + 1))) {
		rewind(file);
		*length = fread(text, 1, (size_t)size, file);
		text[*length] = '\0';
	} else {
		error_set(error, "it cannot be read as a whole");
	}
	fclose(file);
	return text;
}

bool part_read(struct part *part, const char *path, struct error *error)
{
	size_t length;
	char *text = read_file(path, &length, error);
	size_t at = text ? strspn(text, " \t\r\n") : 0;
	bool ok;

	*part = (struct part){ .path = path };
	if (!text)
		return false;
	if (!text[at])
		ok = error_set(error, "it is empty");
	else if (text[at] == '<')
		ok = part_read_junit(part, text, length, error);
	else
		ok = part_read_json(part, text, length, error);
	if (ok && (part->shard > part->shards || !part->shard != !part->shards))
		ok = error_set(error, "shard %u/%u makes no sense", part->shard, part->shards);
	free(text);
	if (!ok)
		part_free(part);
	return ok;
}

void part_free(struct part *part)
{
	for (size_t i = 0; i < part->count; i++) {
		struct test_case *test = &part->cases[i].test;

		result_free(&part->cases[i].result);
		free((char *)test->name);
		free((char *)test->rule);
		free((char *)test->source);
		free((char *)test->windows);
	}
	for (size_t i = 0; i < part->remark_count; i++)
		free(part->remarks[i]);
	free(part->remarks);
	free(part->cases);
	free(part->driver);
	free(part->device);
	free(part->netcx);
	*part = (struct part){ .path = part->path };
}
