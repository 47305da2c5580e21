/* SPDX-License-Identifier: MIT */
/* What `netcx run` is asked for, by its command line and by a configuration file. */
#ifndef CLI_RUN_OPTIONS_H
#define CLI_RUN_OPTIONS_H

#include <jansson.h>

#include "cli/adapter_options.h"
#include "cli/ready.h"

/* Owned by the command. */
struct run_options {
	struct netcx_host_config host;
	bool log_given, watchdog_given; /* on the command line, which goes before a file */
	bool no_settings;
	struct adapter_options **adapters;
	size_t count;
	char **fail;       /* what the host's `fail` points to */
	char folder[1024]; /* of the settings that last; "": nowhere */
	struct ready ready;
};

/* run_options_free() - what it holds */
void run_options_free(struct run_options *run);

/* run_options_add() - one more adapter, nothing said of it yet. NULL: out of memory. */
struct adapter_options *run_options_add(struct run_options *run);

/* run_options_append() - the adapters of @from go behind those of @run. Return: false: no memory.
 */
bool run_options_append(struct run_options *run, struct run_options *from, struct error *error);

/*
 * run_options_log(), run_options_trace(), run_options_statistics(), run_options_watchdog(),
 * run_options_fail() (one more) - Return: false with *error filled.
 */
bool run_options_fail(struct run_options *run, const char *text, struct error *error);
bool run_options_statistics(struct run_options *run, const char *text, struct error *error);
bool run_options_trace(struct run_options *run, const char *text, struct error *error);
bool run_options_log(struct run_options *run, const char *text, struct error *error);
bool run_options_watchdog(struct run_options *run, const char *text, struct error *error);

/*
 * run_options_config() - a configuration file's contents; its adapters go behind those there are
 * Return: false; *error names the adapter, the key and its value.
 */
bool run_options_config(struct run_options *run, json_t *file, struct error *error);

#endif
