/* SPDX-License-Identifier: MIT */
/* A driver that never comes back ends the process: with a report, and never silently. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "host/host.h"
#include "host/process.h"
#include "nt/violation.h"
#include "nt/watchdog.h"

/* Once the user wants an end, a callback gets this long. */
#define HURRY_S 4

/* The log's lines that led to it stand in front of a report. */
static void print_report(struct netcx_host *host, const char *report)
{
	log_finish(&host->log, 200);
	if (write(STDERR_FILENO, report, strlen(report)) < 0) {
		/* Nobody reads it; the exit code remains. */
	}
	netcx_breakpoint();
}

static _Noreturn void end_process(struct netcx_host *host)
{
	control_unlink(&host->control);
	log_finish(&host->log, 200);
	_exit(NETCX_FAILED);
}

/* On the watchdog's thread. */
static void stuck(void *context, const struct nt_stuck *what)
{
	char room[6144];
	struct text report = text_in(room, sizeof(room));

	const bool other = what->adapter && strcmp(what->adapter, what->object) != 0;

	text_add(&report, "netcx: %s%s%s%s%s%s%s has not returned for %u s%s%s: the driver hangs\n",
		 what->callback, what->object[0] ? " of \"" : "", what->object,
		 what->object[0] ? "\"" : "", other ? " (adapter \"" : "",
		 other ? what->adapter : "", other ? "\")" : "", what->seconds,
		 what->outer ? ", called in the course of " : "", what->outer ? what->outer : "");
	host_process_tell_of(context, other ? what->adapter : what->object, &report);
	text_add_lines(&report, "         ", what->frames);
	print_report(context, room);
	NT_EMIT(NT_EVENT_LOG, other ? what->adapter : what->object, "CallbackHangs",
		NT_TEXT("callback", what->callback), NT_UINT("seconds", what->seconds),
		NT_TEXT("backtrace", what->frames));
	end_process(context);
}

int hang_watch(struct netcx_host *host, struct error *error)
{
	if (host->config.watchdog == 0)
		return NETCX_OK;
	host->watchdog = nt_watchdog_create(&host->machine, host->config.watchdog, stuck, host);
	if (host->watchdog)
		return NETCX_OK;
	return error_number(error, NETCX_FAILED, "no thread for the watchdog");
}

void hang_unwatch(struct netcx_host *host)
{
	nt_watchdog_destroy(host->watchdog);
	host->watchdog = NULL;
}

void hang_hurry(struct netcx_host *host)
{
	if (host->watchdog)
		nt_watchdog_hurry(host->watchdog, HURRY_S);
}

void hang_check_end(struct netcx_host *host, uint64_t waited_ms)
{
	char report[256];

	if (host->config.watchdog == 0 || waited_ms / 1000 < host->config.watchdog)
		return;
	snprintf(report, sizeof(report),
		 "netcx: the driver has not returned everything in %u s: it was not waited for\n",
		 host->config.watchdog);
	print_report(host, report);
	end_process(host);
}
