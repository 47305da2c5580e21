/* SPDX-License-Identifier: MIT */
#include "cli/adapter_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"

#define MOST_CODE_PAGE 65535

static bool no_memory(struct error *error)
{
	return error_set(error, "out of memory");
}

/* A number in digits alone, up to @most. */
static bool read_number(const char *text, unsigned long most, unsigned long *number)
{
	char *end;

	errno = 0;
	*number = strtoul(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && !*end && !errno && *number <= most;
}

static bool read_mtu(struct adapter_options *o, const char *text, struct error *error)
{
	unsigned long mtu;

	if (!read_number(text, NETCX_MOST_MTU, &mtu) || mtu < NETCX_LEAST_MTU)
		return error_set(error, "--mtu %.100s: an MTU from %d to %d is expected", text,
				 NETCX_LEAST_MTU, NETCX_MOST_MTU);
	o->config.mtu = (uint32_t)mtu;
	return true;
}

static bool read_tx_queues(struct adapter_options *o, const char *text, struct error *error)
{
	unsigned long queues;

	if (!read_number(text, NETCX_MOST_TX_QUEUES, &queues) || queues == 0)
		return error_set(error, "--tx-queues %.100s: 1 to %d is expected", text,
				 NETCX_MOST_TX_QUEUES);
	o->config.tx_queues = (unsigned)queues;
	return true;
}

static bool read_code_page(struct adapter_options *o, const char *text, struct error *error)
{
	unsigned long number;

	if (!read_number(text, MOST_CODE_PAGE, &number) || number == 0)
		return error_set(error, "--codepage %.100s: a number is expected, such as 1252",
				 text);
	o->config.code_page = (unsigned)number;
	return true;
}

/* *off: what it says. */
static bool read_switch(const char *name, const char *text, bool *off, struct error *error)
{
	*off = strcmp(text, "off") == 0;
	return *off || strcmp(text, "on") == 0 ||
	       error_set(error, "--%s %.100s: on or off is expected", name, text);
}

static bool read_coalesce(struct adapter_options *o, const char *text, struct error *error)
{
	return read_switch("coalesce", text, &o->config.no_coalesce, error);
}

static bool read_io_uring(struct adapter_options *o, const char *text, struct error *error)
{
	return read_switch("io-uring", text, &o->config.no_io_uring, error);
}

static bool read_setting(struct adapter_options *o, const char *text, struct error *error)
{
	char *copy;

	if (o->config.set_count == MOST_SETTINGS)
		return error_set(error, "--set: more than %d times", MOST_SETTINGS);
	copy = strdup(text);
	if (!copy)
		return no_memory(error);
	o->texts[o->config.set_count++] = copy;
	return true;
}

#define TEXT(member) offsetof(struct netcx_adapter_config, member), NULL

/* A text of the configuration, or what else reads it. */
static const struct key {
	const char *name;
	size_t text;
	bool (*read)(struct adapter_options *options, const char *text, struct error *error);
} keys[] = {
	{ "driver", TEXT(driver) },
	{ "name", TEXT(name) },
	{ "device", TEXT(device) },
	{ "stack", TEXT(stack) },
	{ "wire", TEXT(wire) },
	{ "netns", TEXT(netns) },
	{ "mac", TEXT(mac) },
	{ "mtu", 0, read_mtu },
	{ "tx-queues", 0, read_tx_queues },
	{ "coalesce", 0, read_coalesce },
	{ "io-uring", 0, read_io_uring },
	{ "set", 0, read_setting },
	{ "inf", TEXT(inf) },
	{ "os", TEXT(os) },
	{ "codepage", 0, read_code_page },
};

static char **text_of(struct adapter_options *o, const struct key *key)
{
	return (char **)((char *)&o->config + key->text);
}

struct adapter_options *adapter_options_new(void)
{
	struct adapter_options *o = calloc(1, sizeof(*o));

	if (o)
		o->config.set = (const char *const *)o->texts;
	return o;
}

void adapter_options_free(struct adapter_options *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
		if (!keys[i].read)
			free(*text_of(o, &keys[i]));
	}
	for (size_t i = 0; i < o->config.set_count; i++)
		free(o->texts[i]);
	free(o);
}

static const struct key *find_key(const char *name, const char *value, struct error *error)
{
	char room[256];
	struct text list = text_in(room, sizeof(room));

	for (size_t i = 0; i < ARRAY_COUNT(keys); i++) {
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
		text_add(&list, "%s%s", i ? ", " : "", keys[i].name);
	}
	return error_set(error, "\"%.100s%s%.100s\": no such key; it is one of %s", name,
			 value ? "=" : "", value ? value : "", room);
}

static bool set(struct adapter_options *o, const struct key *key, const char *value,
		struct error *error)
{
	char *copy;

	o->given |= 1u << (key - keys);
	if (key->read)
		return key->read(o, value, error);
	copy = strdup(value);
	if (!copy)
		return no_memory(error);
	free(*text_of(o, key));
	*text_of(o, key) = copy;
	return true;
}

bool adapter_option_known(const char *key)
{
	return find_key(key, NULL, NULL);
}

bool adapter_option_set(struct adapter_options *o, const char *name, const char *value,
			struct error *error)
{
	const struct key *key = find_key(name, value, error);

	return key && set(o, key, value, error);
}

/* Keywords are the same in any case, as the registry's values are. */
static bool is_set(const struct adapter_options *o, const char *setting)
{
	size_t length = strcspn(setting, "=");

	for (size_t i = 0; i < o->config.set_count; i++) {
		if (strncasecmp(o->texts[i], setting, length) == 0 &&
		    (o->texts[i][length] == '=' || !o->texts[i][length]))
			return true;
	}
	return false;
}

bool adapter_option_set_once(struct adapter_options *o, const char *name, const char *value,
			     struct error *error)
{
	const struct key *key = find_key(name, value, error);
	bool again;

	if (!key)
		return false;
	again = key->read == read_setting ? is_set(o, value) : o->given & 1u << (key - keys);
	if (!again)
		return set(o, key, value, error);
	error_set(error, "--%s %.200s: the %s is there twice", name, value,
		  key->read == read_setting ? "keyword" : "key");
	return false;
}

/*
 * The next part of the text, up to a comma that stands alone; two are one comma of the part.
 * Return: behind it, or NULL at the end.
 */
static const char *next_part(const char *text, char *part)
{
	for (; *text; text++) {
		if (*text == ',' && *++text != ',') {
			*part = '\0';
			return text;
		}
		*part++ = *text;
	}
	*part = '\0';
	return NULL;
}

static bool read_part(struct adapter_options *o, char *part, struct error *error)
{
	char *value = strchr(part, '=');

	if (!value)
		return error_set(
			error,
			"\"%.100s\": KEY=VALUE is expected; a comma in a value is written twice, as in wire=tap:wire0,,gso",
			part);
	*value++ = '\0';
	if (strcmp(part, "name") == 0)
		return error_set(error, "\"name=%.100s\": its name stands in front of all keys",
				 value);
	return adapter_option_set_once(o, part, value, error);
}

static bool read_parts(struct adapter_options *o, const char *text, char *part, struct error *error)
{
	bool done = true;

	text = next_part(text, part);
	if (!part[0] || strchr(part, '='))
		return error_set(
			error,
			"--adapter %.200s: the adapter's name comes first, as in --adapter left,driver=nic.so",
			part);
	if (!adapter_option_set(o, "name", part, error))
		return false;
	while (text && done) {
		text = next_part(text, part);
		done = read_part(o, part, error);
	}
	if (done && !o->config.driver)
		done = error_set(error, "which driver? driver=DRIVER.so is expected");
	if (!done)
		error_prefix(error, "adapter \"%.64s\": ", o->config.name);
	return done;
}

bool adapter_options_read(struct adapter_options *o, const char *text, struct error *error)
{
	char *part = malloc(strlen(text) + 1);
	bool done = part ? read_parts(o, text, part, error) : no_memory(error);

	free(part);
	return done;
}
