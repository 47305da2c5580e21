/* SPDX-License-Identifier: MIT */
/* "trace": drivers' providers, and who listens to them. Answered at once. */
#include "nt/trace.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/trace_level.h"
#include "host/request/request.h"

void host_followers(void *host, unsigned count)
{
	(void)count;
	host_listen(host);
}

static json_t *split(const char *list)
{
	json_t *names = json_array();

	while (*list) {
		size_t length = strcspn(list, ",");

		if (length)
			json_array_append_new(names, json_stringn(list, length));
		list += length + (list[length] == ',');
	}
	return names;
}

static void add_provider(void *context, const struct nt_trace_provider *p)
{
	json_array_append_new(context,
			      json_pack("{s:s,s:s,s:s,s:s,s:o,s:o}", "name", p->name, "guid", p->id,
					"kind", p->wpp ? "wpp" : "tracelogging", "level",
					trace_level_name(p->level), "flags", split(p->flags),
					"listened", split(p->chosen)));
}

static json_t *list_providers(struct netcx_host *host)
{
	json_t *providers = json_array();

	nt_traces_each(&host->machine, add_provider, providers);
	return providers;
}

/* A GUID may be given without braces. */
static bool is_called(json_t *provider, const char *name)
{
	const char *guid = json_string_value(json_object_get(provider, "guid"));
	size_t length = strlen(name);

	return strcasecmp(json_string_value(json_object_get(provider, "name")), name) == 0 ||
	       strcasecmp(guid, name) == 0 ||
	       (length + 2 == strlen(guid) && strncasecmp(guid + 1, name, length) == 0);
}

static json_t *find(json_t *providers, const char *name)
{
	json_t *provider;
	size_t i;

	json_array_foreach(providers, i, provider)
	{
		if (is_called(provider, name))
			return provider;
	}
	return NULL;
}

/* "A, B": the names of an array of texts, or of objects with a name. */
static void put_names(char *text, size_t room, json_t *array)
{
	json_t *one;
	size_t i, used = 0;

	text[0] = '\0';
	json_array_foreach(array, i, one)
	{
		const char *name =
			json_string_value(json_is_object(one) ? json_object_get(one, "name") : one);

		if (used < room)
			used += (size_t)snprintf(text + used, room - used, "%s%.64s", i ? ", " : "",
						 name ? name : "");
	}
}

static json_t *no_provider(json_t *providers, const char *name)
{
	char names[256];

	put_names(names, sizeof(names), providers);
	return *names ? control_error("there is no trace provider \"%.64s\": there is %s", name,
				      names)
		      : control_error("there is no trace provider \"%.64s\", nor any other", name);
}

static bool has_flag(json_t *flags, const char *name)
{
	json_t *flag;
	size_t i;

	json_array_foreach(flags, i, flag)
	{
		if (strcmp(json_string_value(flag), name) == 0)
			return true;
	}
	return false;
}

/* Return: what is wrong, or NULL. */
static json_t *check_flags(json_t *provider, const char *list)
{
	json_t *has = json_object_get(provider, "flags"), *wanted = split(list), *flag;
	json_t *error = NULL;
	char names[256];
	size_t i;

	put_names(names, sizeof(names), has);
	json_array_foreach(wanted, i, flag)
	{
		const char *name = json_string_value(flag);

		if (error || isdigit((unsigned char)*name) || has_flag(has, name))
			continue;
		error = control_error(
			"%.64s has no flag \"%.64s\": %s%s",
			json_string_value(json_object_get(provider, "name")), name,
			*names ? "there is " : "only numbers, its keywords, are known", names);
	}
	json_decref(wanted);
	return error;
}

/* Return: what is wrong with the request, or NULL. */
static json_t *set(const struct request *r, json_t *providers)
{
	const char *name = json_string_value(json_object_get(r->json, "provider"));
	const char *level = json_string_value(json_object_get(r->json, "level"));
	const char *flags = json_string_value(json_object_get(r->json, "flags"));
	json_t *provider = name ? find(providers, name) : NULL, *error;
	struct nt_trace_rule rule = { .level = 0 };

	if (!name)
		return control_error("\"provider\" is a name or a GUID");
	if (!provider)
		return no_provider(providers, name);
	snprintf(rule.provider, sizeof(rule.provider), "%s",
		 json_string_value(json_object_get(provider, "guid")));
	if (level && strcmp(level, "default") == 0) {
		nt_traces_reset(&r->host->machine, rule.provider);
		return NULL;
	}
	if (!level || trace_level(level) < 0)
		return control_error("\"level\" is off, " TRACE_LEVEL_NAMES ", or default");
	if (flags && strlen(flags) >= sizeof(rule.flags))
		return control_error("\"flags\" has room for %zu bytes", sizeof(rule.flags) - 1);
	error = flags ? check_flags(provider, flags) : NULL;
	if (error)
		return error;
	rule.level = (unsigned)trace_level(level);
	snprintf(rule.flags, sizeof(rule.flags), "%s", flags ? flags : "");
	if (!nt_traces_set(&r->host->machine, &rule))
		return control_error("%d providers have rules already", NT_TRACE_RULES);
	return NULL;
}

json_t *request_trace(const struct request *r)
{
	json_t *providers = list_providers(r->host), *error = NULL;
	bool asks = json_object_get(r->json, "provider") || json_object_get(r->json, "level") ||
		    json_object_get(r->json, "flags");

	if (asks)
		error = set(r, providers);
	json_decref(providers);
	return error ? error
		     : json_pack("{s:b,s:o}", "ok", 1, "providers", list_providers(r->host));
}
