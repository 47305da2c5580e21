/* SPDX-License-Identifier: MIT */
/*
 * What sanitizers call by these names before they print a report, wherever their runtime is: in the
 * host or in a driver. What led to it is to stand in front of it. Without a sanitizer nobody calls.
 */
#include <stdbool.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "nt/export.h"
#include "nt/machine.h"
#include "nt/thread.h"

void __asan_on_error(void);
void __ubsan_on_report(void);
/* __tsan::OnReport(const ReportDesc *, bool), whose result is whether the report is suppressed. */
bool tsan_on_report(const void *report,
		    bool suppressed) __asm__("_ZN6__tsan8OnReportEPKNS_10ReportDescEb");

static void finish_log(void)
{
	const struct nt_machine *machine = nt_self.machine;

	if (machine && machine->before_report)
		machine->before_report(machine->on_violation_context);
}

NETCX_EXPORT void __asan_on_error(void)
{
	finish_log();
}

NETCX_EXPORT void __ubsan_on_report(void)
{
	finish_log();
}

/*
 * The thread sanitizer holds locks of its own here, which what we call might want: the log's own
 * thread, which has been woken for each line, is given time.
 */
NETCX_EXPORT bool tsan_on_report(const void *report, bool suppressed)
{
	const struct timespec time = { .tv_nsec = 30000000 };

	if (!suppressed)
		syscall(SYS_nanosleep, &time, NULL);
	return suppressed;
}
