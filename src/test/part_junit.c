/* SPDX-License-Identifier: MIT */
/* JUnit's XML as report_junit() writes it. Of what failed the case's JSON is a property. */
#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#include "test/part.h"

static bool is(const xmlNode *node, const char *name)
{
	return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name);
}

static xmlNode *first(const xmlNode *of, const char *name)
{
	xmlNode *node = of ? of->children : NULL;

	while (node && !is(node, name))
		node = node->next;
	return node;
}

/* To be freed; "" when there is none. */
static char *attribute(xmlNode *node, const char *name)
{
	xmlChar *value = xmlGetNoNsProp(node, (const xmlChar *)name);
	char *text = strdup(value ? (const char *)value : "");

	xmlFree(value);
	return text;
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

static bool read_properties(struct part *part, const xmlNode *suite, struct error *error)
{
	const xmlNode *properties = first(suite, "properties");
	bool ok = true;

	for (xmlNode *node = properties ? properties->children : NULL; node && ok;
	     node = node->next) {
		char *name, *value;

		if (!is(node, "property"))
			continue;
		name = attribute(node, "name");
		value = attribute(node, "value");
		ok = name && value && take_property(part, name, value, error);
		free(name);
		free(value);
	}
	return ok;
}

/* What netcx has written of a failure. */
static bool read_failed(struct part *part, const xmlNode *node, const char *name,
			struct error *error)
{
	xmlNode *property = first(first(node, "properties"), "property");
	char *value = property ? attribute(property, "value") : NULL;
	json_t *json = value ? json_loads(value, 0, NULL) : NULL;
	const char *named = json_string_value(json_object_get(json, "name"));
	bool ok;

	if (!named || strcmp(named, name) != 0)
		ok = error_set(error, "%s: its property \"netcx\" is missing or broken", name);
	else
		ok = part_add_json(part, json, error);
	json_decref(json);
	free(value);
	return ok;
}

static bool read_case(struct part *part, xmlNode *node, struct error *error)
{
	xmlNode *skipped = first(node, "skipped");
	char *name = attribute(node, "name"), *time, *message;
	struct part_case *c;
	bool ok;

	if (first(node, "failure")) {
		ok = read_failed(part, node, name, error);
		free(name);
		return ok;
	}
	c = part_add(part, name, error);
	free(name);
	if (!c)
		return false;
	time = attribute(node, "time");
	message = skipped ? attribute(skipped, "message") : NULL;
	c->result.verdict = skipped ? TEST_SKIPPED : TEST_PASSED;
	c->result.seconds = strtod(time, NULL);
	snprintf(c->result.text, sizeof(c->result.text), "%s", message ? message : "");
	free(time);
	free(message);
	return true;
}

static bool read_suite(struct part *part, const xmlNode *root, struct error *error)
{
	xmlNode *suite = is(root, "testsuites") ? first(root, "testsuite") : NULL;
	char *seconds;

	if (!suite)
		return error_set(error, "it is no report of netcx test");
	if (!read_properties(part, suite, error))
		return false;
	if (!part->driver || !part->netcx)
		return error_set(error, "it is no report of netcx test: it names no driver");
	seconds = attribute(suite, "time");
	part->seconds = strtod(seconds, NULL);
	free(seconds);
	for (xmlNode *node = suite->children; node; node = node->next) {
		if (is(node, "testcase") && !read_case(part, node, error))
			return false;
	}
	return true;
}

bool part_read_junit(struct part *part, const char *text, size_t length, struct error *error)
{
	xmlDoc *document = xmlReadMemory(text, (int)length, "report", NULL,
					 XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
	const xmlError *why = document ? NULL : xmlGetLastError();
	const xmlNode *root = document ? xmlDocGetRootElement(document) : NULL;
	bool ok;

	if (!root)
		ok = error_set(error, "line %d: %.200s", why ? why->line : 0,
			       why && why->message ? why->message : "it is no XML");
	else
		ok = read_suite(part, root, error);
	error->text[strcspn(error->text, "\n")] = '\0';
	xmlFreeDoc(document);
	return ok;
}
