/* SPDX-License-Identifier: MIT */
/*
 * JUnit's XML as report_junit() writes it. Of what failed, and of what has a note, the case's JSON
 * is a property. Read with expat, so that netcx, in whose process a driver runs, stays small:
 * libxml2 is netcx-build's.
 */
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "test/part.h"

#define SUITE "/testsuites/testsuite"

/* On the stack of part_read_junit(). */
struct reader {
	XML_Parser parser;
	struct part *part;
	struct error *error;
	bool refused; /* *error has been set */
	bool suite;   /* there was one */
	/* The elements that are open, by their names. What does not fit is none of a report's. */
	char path[80];
	unsigned beyond;
	/* Of the case that is open; each string its own. */
	char *name, *time, *skipped, *json;
	bool failed;
};

static void refuse(struct reader *reader)
{
	reader->refused = true;
	XML_StopParser(reader->parser, XML_FALSE);
}

/* Expat's list has names and values in turn. Return: "" when it is not there. */
static const char *attribute(const char **list, const char *name)
{
	for (; list[0]; list += 2) {
		if (!strcmp(list[0], name))
			return list[1];
	}
	return "";
}

static void keep(char **text, const char *value)
{
	free(*text);
	*text = strdup(value);
}

static bool take_property(struct part *part, const char *name, const char *value,
			  struct error *error)
{
	if (!strcmp(name, "driver") && !part->driver)
		part->driver = strdup(value);
	else if (!strcmp(name, "device") && !part->device)
		part->device = strdup(value);
	else if (!strcmp(name, "netcx") && !part->netcx)
		part->netcx = strdup(value);
	else if (!strcmp(name, "seed"))
		part->seed = strtoull(value, NULL, 10);
	else if (!strcmp(name, "interrupted"))
		part->interrupted = true;
	else if (!strcmp(name, "remark"))
		return part_add_remark(part, value);
	else if (!strcmp(name, "not run case"))
		return part_add(part, value, error);
	else if (!strcmp(name, "shard") && sscanf(value, "%u/%u", &part->shard, &part->shards) != 2)
		return error_set(error, "shard \"%.32s\": I/N is expected", value);
	return true;
}

/* What netcx has written of a failure, or of a case that passed with a note. */
static bool take_json(struct reader *reader)
{
	json_t *json = reader->json ? json_loads(reader->json, 0, NULL) : NULL;
	const char *named = json_string_value(json_object_get(json, "name"));
	bool ok;

	if (!named || strcmp(named, reader->name) != 0)
		ok = error_set(reader->error, "%s: its property \"netcx\" is missing or broken",
			       reader->name);
	else
		ok = part_add_json(reader->part, json, reader->error);
	json_decref(json);
	return ok;
}

static bool take_case(struct reader *reader)
{
	struct part_case *c;

	if (!reader->name || !reader->time)
		return error_set(reader->error, "no memory");
	if (reader->failed || reader->json)
		return take_json(reader);
	c = part_add(reader->part, reader->name, reader->error);
	if (!c)
		return false;
	c->result.verdict = reader->skipped ? TEST_SKIPPED : TEST_PASSED;
	c->result.seconds = strtod(reader->time, NULL);
	snprintf(c->result.text, sizeof(c->result.text), "%s",
		 reader->skipped ? reader->skipped : "");
	return true;
}

static void forget_case(struct reader *reader)
{
	free(reader->name);
	free(reader->time);
	free(reader->skipped);
	free(reader->json);
	reader->name = reader->time = reader->skipped = reader->json = NULL;
	reader->failed = false;
}

/* The properties of a report stand before its cases. */
static void begin_case(struct reader *reader, const char **attributes)
{
	if (!reader->part->driver || !reader->part->netcx) {
		error_set(reader->error, "it is no report of netcx test: it names no driver");
		refuse(reader);
		return;
	}
	keep(&reader->name, attribute(attributes, "name"));
	keep(&reader->time, attribute(attributes, "time"));
}

static void take(struct reader *reader, const char **attributes)
{
	const char *at = reader->path;

	if (!strcmp(at, SUITE)) {
		reader->suite = true;
		reader->part->seconds = strtod(attribute(attributes, "time"), NULL);
	} else if (!strcmp(at, SUITE "/properties/property")) {
		if (!take_property(reader->part, attribute(attributes, "name"),
				   attribute(attributes, "value"), reader->error))
			refuse(reader);
	} else if (!strcmp(at, SUITE "/testcase")) {
		begin_case(reader, attributes);
	} else if (!strcmp(at, SUITE "/testcase/failure")) {
		reader->failed = true;
	} else if (!strcmp(at, SUITE "/testcase/skipped")) {
		keep(&reader->skipped, attribute(attributes, "message"));
	} else if (!strcmp(at, SUITE "/testcase/properties/property")) {
		keep(&reader->json, attribute(attributes, "value"));
	}
}

static void begin(void *context, const char *name, const char **attributes)
{
	struct reader *reader = context;
	size_t at = strlen(reader->path);

	if (reader->refused)
		return;
	if (reader->beyond || strlen(name) + 2 > sizeof(reader->path) - at) {
		reader->beyond++;
		return;
	}
	snprintf(reader->path + at, sizeof(reader->path) - at, "/%s", name);
	take(reader, attributes);
}

static void end(void *context, const char *name)
{
	struct reader *reader = context;

	(void)name;
	if (reader->refused)
		return;
	if (reader->beyond) {
		reader->beyond--;
		return;
	}
	if (!strcmp(reader->path, SUITE "/testcase")) {
		if (!take_case(reader))
			refuse(reader);
		forget_case(reader);
	}
	*strrchr(reader->path, '/') = '\0';
}

/* A report has none; without one there are no entities of its own. */
static void begin_doctype(void *context, const char *name, const char *system, const char *public,
			  int subset)
{
	struct reader *reader = context;

	(void)system;
	(void)public;
	(void)subset;
	error_set(reader->error, "it is no report of netcx test: DOCTYPE %.32s", name);
	refuse(reader);
}

static bool parse(struct reader *reader, const char *text, size_t length)
{
	XML_SetUserData(reader->parser, reader);
	XML_SetElementHandler(reader->parser, begin, end);
	XML_SetStartDoctypeDeclHandler(reader->parser, begin_doctype);
	if (XML_Parse(reader->parser, text, (int)length, XML_TRUE) != XML_STATUS_OK)
		return !reader->refused &&
		       error_set(reader->error, "line %lu: %s",
				 XML_GetCurrentLineNumber(reader->parser),
				 XML_ErrorString(XML_GetErrorCode(reader->parser)));
	if (!reader->suite)
		return error_set(reader->error, "it is no report of netcx test");
	if (!reader->part->driver || !reader->part->netcx)
		return error_set(reader->error,
				 "it is no report of netcx test: it names no driver");
	return true;
}

bool part_read_junit(struct part *part, const char *text, size_t length, struct error *error)
{
	struct reader reader = { .parser = XML_ParserCreate(NULL), .part = part, .error = error };
	bool ok;

	if (!reader.parser)
		return error_set(error, "no memory");
	ok = parse(&reader, text, length);
	forget_case(&reader);
	XML_ParserFree(reader.parser);
	return ok;
}
