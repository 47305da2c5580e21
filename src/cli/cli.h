/* SPDX-License-Identifier: MIT */
/* The netcx command: one file per subcommand. All but `run` know only the control protocol. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/error.h"
#include "base/project.h"

/* Exit codes; a violation of the driver's gives 158, a forced end 130. */
#define CLI_OK     0
#define CLI_FAILED 1
#define CLI_USAGE  2

/* The last lines of each help text. */
#define CLI_BUGS "\nBugs and questions: " PROJECT_ISSUES "\n"

struct cli_command {
	const char *name;
	const char *summary; /* one line for `netcx help` */
	const char *help; /* all of `netcx NAME --help`; NULL: run() is an executable that has it */
	int (*run)(int argc, char **argv); /* argv[0] is the subcommand */
};

extern const struct cli_command cli_run, cli_build, cli_show, cli_set, cli_restart, cli_remove,
	cli_offload, cli_oid, cli_sleep, cli_wake, cli_events, cli_trace, cli_segment, cli_coalesce,
	cli_explain, cli_plot, cli_top, cli_capture, cli_link, cli_test, cli_fuzz, cli_wait;

/* cli_error() - "netcx: COMMAND: ..." on standard error. Return: @code. */
int cli_error(int code, const char *command, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * cli_json() - the command line asks for JSON: when the command fails and has printed none,
 * cli_finish() prints {"error":"..."} with the first message; the messages themselves stay on
 * standard error
 * @to: where the JSON goes; NULL: nowhere
 */
void cli_json(FILE *to);

/* cli_json_events() - the same where events are printed: it is one of them, named Refused */
void cli_json_events(FILE *to);

/* cli_asks_json() - there is --json, or --log json, among a command's options. */
bool cli_asks_json(int argc, char **argv);

/* cli_answered() - JSON was printed, with cli_error_text() in it when there is one. */
void cli_answered(void);

/* cli_error_text() - the first message so far, without the command's name; NULL: none. */
const char *cli_error_text(void);

/*
 * cli_read_options() - a command line's options, each by @read; optind is behind them then
 * @read: its @name is the option's; false after error_set(), which ends the reading
 * Return: CLI_OK or CLI_USAGE, after the message.
 */
typedef bool cli_option_reader(void *context, int option, const char *name, const char *value,
			       struct error *error);
int cli_read_options(const char *command, int argc, char **argv, const struct option *options,
		     cli_option_reader *read, void *context);

/* cli_bad_option() - after getopt_long() said '?' or ':'. Return: CLI_USAGE. */
int cli_bad_option(const char *command, char **argv, int result);

/* cli_asks_help() - there is --help or -h among a command's options. */
bool cli_asks_help(int argc, char **argv);

/* cli_finish() - what was printed is out, or that is an error. Return: the exit code. */
int cli_finish(int code);

#endif
