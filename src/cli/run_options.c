/* SPDX-License-Identifier: MIT */
#include "cli/run_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/trace_level.h"

#define MOST_SECONDS 86400

void run_options_free(struct run_options *run)
{
	for (size_t i = 0; i < run->count; i++)
		adapter_options_free(run->adapters[i]);
	free(run->adapters);
	for (size_t i = 0; i < run->host.fail_count; i++)
		free(run->fail[i]);
	free(run->fail);
	run->fail = NULL;
	run->host.fail_count = 0;
	run->adapters = NULL;
	run->count = 0;
}

struct adapter_options *run_options_add(struct run_options *run)
{
	struct adapter_options **list =
		realloc(run->adapters, (run->count + 1) * sizeof(struct adapter_options *));

	if (!list)
		return NULL;
	run->adapters = list;
	list[run->count] = adapter_options_new();
	return list[run->count] ? list[run->count++] : NULL;
}

bool run_options_append(struct run_options *run, struct run_options *from, struct error *error)
{
	size_t size = sizeof(struct adapter_options *);
	struct adapter_options **list = realloc(run->adapters, (run->count + from->count) * size);

	if (!list)
		return error_set(error, "out of memory");
	if (from->count)
		memcpy(list + run->count, from->adapters, from->count * size);
	run->adapters = list;
	run->count += from->count;
	free(from->adapters);
	from->adapters = NULL;
	from->count = 0;
	return true;
}

bool run_options_log(struct run_options *run, const char *text, struct error *error)
{
	if (strcmp(text, "text") == 0)
		run->host.log = NETCX_LOG_TEXT;
	else if (strcmp(text, "json") == 0)
		run->host.log = NETCX_LOG_JSON;
	else
		return error_set(error, "--log %.100s: text or json is expected", text);
	return true;
}

bool run_options_statistics(struct run_options *run, const char *text, struct error *error)
{
	char *end;
	double seconds = strtod(text, &end);

	if (end == text || *end || !(seconds >= 0.01 && seconds <= 3600))
		return error_set(
			error, "--statistics %.100s: seconds from 0.01 to 3600 are expected", text);
	run->host.statistics = (unsigned)(seconds * 1000 + 0.5);
	return true;
}

bool run_options_trace(struct run_options *run, const char *text, struct error *error)
{
	if (trace_level(text) < 1)
		return error_set(error, "--trace %.100s: " TRACE_LEVEL_NAMES " is expected", text);
	run->host.trace = trace_level_name((uint64_t)trace_level(text));
	return true;
}

bool run_options_watchdog(struct run_options *run, const char *text, struct error *error)
{
	char *end;
	unsigned long seconds;

	errno = 0;
	seconds = strtoul(text, &end, 10);
	if (text[0] < '0' || text[0] > '9' || *end || errno || seconds > MOST_SECONDS)
		return error_set(error,
				 "--watchdog %.100s: seconds are expected, 0 to %d; 0 is off", text,
				 MOST_SECONDS);
	run->host.watchdog = (unsigned)seconds;
	return true;
}

bool run_options_fail(struct run_options *run, const char *text, struct error *error)
{
	size_t count = run->host.fail_count;
	struct netcx_error why = { "" };
	char **list;

	if (netcx_fail_check(text, &why) != NETCX_OK)
		return error_set(error, "--fail %s", why.text);
	list = realloc(run->fail, (count + 1) * sizeof(*list));
	if (!list)
		return error_set(error, "out of memory");
	run->fail = list;
	run->host.fail = (const char *const *)list;
	list[count] = strdup(text);
	if (!list[count])
		return error_set(error, "out of memory");
	run->host.fail_count = count + 1;
	return true;
}

/* ---- the file ---- */

/* A value as it stands there, for a message. */
static bool wrong_type(const char *key, json_t *value, const char *expected, struct error *error)
{
	char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);

	error_set(error, "\"%.100s\": %.200s: %s is expected", key, text ? text : "?", expected);
	free(text);
	return false;
}

/* Numbers go the way of the command line's, which knows their range. */
static bool set_number(struct adapter_options *adapter, const char *key, json_t *value,
		       struct error *error)
{
	char digits[24];

	if (!json_is_integer(value))
		return wrong_type(key, value, "a whole number", error);
	snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return adapter_option_set_once(adapter, key, digits, error);
}

static bool set_keyword(struct adapter_options *adapter, const char *keyword, json_t *value,
			struct error *error)
{
	char *setting;
	int length;
	bool done;

	if (json_is_string(value))
		length = asprintf(&setting, "%s=%s", keyword, json_string_value(value));
	else if (json_is_integer(value))
		length = asprintf(&setting, "%s=%" JSON_INTEGER_FORMAT, keyword,
				  json_integer_value(value));
	else
		return wrong_type(keyword, value, "a text or a whole number", error);
	if (length < 0)
		return error_set(error, "out of memory");
	done = adapter_option_set_once(adapter, "set", setting, error);
	free(setting);
	return done;
}

static bool set_keywords(struct adapter_options *adapter, json_t *keywords, struct error *error)
{
	const char *keyword;
	json_t *value;

	if (!json_is_object(keywords))
		return wrong_type("set", keywords, "an object such as {\"*LsoV2IPv4\": 0}", error);
	json_object_foreach(keywords, keyword, value)
	{
		if (set_keyword(adapter, keyword, value, error))
			continue;
		error_prefix(error, "\"set\": ");
		return false;
	}
	return true;
}

static bool set_switch(struct adapter_options *adapter, const char *key, json_t *value,
		       struct error *error)
{
	const char *text = json_is_true(value) ? "on" : "off";

	if (json_is_string(value))
		text = json_string_value(value);
	else if (!json_is_boolean(value))
		return wrong_type(key, value, "true or false", error);
	return adapter_option_set_once(adapter, key, text, error);
}

static bool is_number(const char *key)
{
	return strcmp(key, "mtu") == 0 || strcmp(key, "tx-queues") == 0 ||
	       strcmp(key, "codepage") == 0;
}

static bool set_key(struct adapter_options *adapter, const char *key, json_t *value,
		    struct error *error)
{
	if (strcmp(key, "set") == 0)
		return set_keywords(adapter, value, error);
	if (is_number(key))
		return set_number(adapter, key, value, error);
	if (strcmp(key, "coalesce") == 0 || strcmp(key, "io-uring") == 0)
		return set_switch(adapter, key, value, error);
	/* What there is no key for is said before what is wrong with its value. */
	if (json_is_string(value) || !adapter_option_known(key))
		return adapter_option_set_once(adapter, key, json_string_value(value), error);
	return wrong_type(key, value, "a text", error);
}

static bool read_adapter(struct adapter_options *adapter, json_t *file, struct error *error)
{
	const char *key;
	json_t *value;

	json_object_foreach(file, key, value)
	{
		if (!set_key(adapter, key, value, error))
			return false;
	}
	return adapter->config.driver ||
	       error_set(error, "which driver? a text \"driver\" is expected");
}

static bool add_adapter(struct run_options *run, size_t number, json_t *file, struct error *error)
{
	const char *name = json_string_value(json_object_get(file, "name"));
	struct adapter_options *adapter;

	if (!name)
		return error_set(
			error,
			"adapter %zu: an object with a \"name\", which is a text, is expected",
			number);
	adapter = run_options_add(run);
	if (!adapter)
		return error_set(error, "out of memory");
	if (read_adapter(adapter, file, error))
		return true;
	error_prefix(error, "adapter \"%.64s\": ", name);
	return false;
}

static bool read_adapters(struct run_options *run, json_t *list, struct error *error)
{
	json_t *adapter;
	size_t i;

	if (!json_is_array(list) || json_array_size(list) == 0)
		return wrong_type("adapters", list, "a list of at least one adapter", error);
	json_array_foreach(list, i, adapter)
	{
		if (!add_adapter(run, i + 1, adapter, error))
			return false;
	}
	return true;
}

static bool read_log(struct run_options *run, json_t *value, struct error *error)
{
	if (!json_is_string(value))
		return wrong_type("log", value, "\"text\" or \"json\"", error);
	return run->log_given || run_options_log(run, json_string_value(value), error);
}

static bool read_watchdog(struct run_options *run, json_t *value, struct error *error)
{
	char digits[24];

	if (!json_is_integer(value))
		return wrong_type("watchdog", value, "a whole number of seconds", error);
	snprintf(digits, sizeof(digits), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	return run->watchdog_given || run_options_watchdog(run, digits, error);
}

static bool read_settings(struct run_options *run, json_t *value, struct error *error)
{
	if (!json_is_boolean(value))
		return wrong_type("settings", value, "true or false", error);
	run->no_settings |= json_is_false(value);
	return true;
}

/* Beside those of the command line. */
static bool read_fail(struct run_options *run, json_t *value, struct error *error)
{
	json_t *text;
	size_t i;

	if (json_is_string(value))
		return run_options_fail(run, json_string_value(value), error);
	if (!json_is_array(value))
		return wrong_type("fail", value, "a text such as \"all-once\", or a list of them",
				  error);
	json_array_foreach(value, i, text)
	{
		if (!json_is_string(text))
			return wrong_type("fail", text, "a text such as \"all-once\"", error);
		if (!run_options_fail(run, json_string_value(text), error))
			return false;
	}
	return true;
}

bool run_options_config(struct run_options *run, json_t *file, struct error *error)
{
	static const struct {
		const char *name;
		bool (*read)(struct run_options *run, json_t *value, struct error *error);
	} members[] = {
		{ "adapters", read_adapters }, { "log", read_log },   { "watchdog", read_watchdog },
		{ "settings", read_settings }, { "fail", read_fail },
	};
	const char *key;
	json_t *value;

	if (!json_object_get(file, "adapters"))
		return error_set(error, "an object with a list \"adapters\" is expected");
	json_object_foreach(file, key, value)
	{
		size_t i = 0;

		while (i < ARRAY_COUNT(members) && strcmp(members[i].name, key) != 0)
			i++;
		if (i == ARRAY_COUNT(members))
			return error_set(
				error,
				"\"%.100s\": no such key; it is one of adapters, log, watchdog, settings, fail",
				key);
		if (!members[i].read(run, value, error))
			return false;
	}
	return true;
}
