/* SPDX-License-Identifier: MIT */
/*
 * What is said of one adapter to `netcx run`: the same keys as options of its own, in the text of
 * --adapter, and in a configuration file.
 */
#ifndef CLI_ADAPTER_OPTIONS_H
#define CLI_ADAPTER_OPTIONS_H

#include <netcx/host.h>
#include <stdbool.h>

#include "base/error.h"

#define MOST_SETTINGS 256

/* One adapter's. Owned by the command line; stays where it is. */
struct adapter_options {
	struct netcx_adapter_config config; /* its texts are ours, `settings` apart */
	char *texts[MOST_SETTINGS];         /* of config.set */
	unsigned given;                     /* keys that were, by their place in the table */
};

/* adapter_options_new() - nothing said yet. NULL: out of memory. */
struct adapter_options *adapter_options_new(void);

/* adapter_options_free() - NULL is nothing. */
void adapter_options_free(struct adapter_options *options);

/* adapter_option_known() - is there such a key? */
bool adapter_option_known(const char *key);

/*
 * adapter_option_set() - one key
 * @key: an option's name without its dashes: "stack", "tx-queues", "set" ...
 * Return: false with what is wrong in *error, which names key and value. A key that was given
 * before takes the new value.
 */
bool adapter_option_set(struct adapter_options *options, const char *key, const char *value,
			struct error *error);

/*
 * adapter_option_set_once() - the same where nothing may be there twice: no key but "set", and no
 * keyword of "set"
 */
bool adapter_option_set_once(struct adapter_options *options, const char *key, const char *value,
			     struct error *error);

/*
 * adapter_options_read() - NAME,KEY=VALUE,KEY=VALUE ...; a comma in a value is written twice
 * Return: false; *error then begins with the adapter's name, once that is known.
 */
bool adapter_options_read(struct adapter_options *options, const char *text, struct error *error);

#endif
