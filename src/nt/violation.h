/* SPDX-License-Identifier: MIT */
/*
 * A driver broke a rule that ends the system on Windows. Here it ends the process with a report
 * in words, the number of Windows and the driver's own backtrace.
 */
#ifndef NT_VIOLATION_H
#define NT_VIOLATION_H

#include <stddef.h>
#include <stdint.h>

#define NT_VIOLATION_EXIT_CODE 158 /* 0x9E */

struct nt_violation {
	uint32_t bugcheck;     /* 0x19E BUGCODE_NETADAPTER_DRIVER, 0x10D WDF_VIOLATION ... */
	uint64_t parameter[4]; /* as on Windows; [0] is the failure code */
	const char *ends_by;   /* what Windows ends it by with that number; NULL: a bug check */
	const char *version;   /* whose numbers these are: "NetAdapterCx 2.1"; NULL: there is one */
	const char *api;       /* "2.1", for netcx explain; NULL: the numbers are all versions' */
	const char *rule;      /* its name on Windows: "InvalidLsoCapabilities" */
	const char *call;      /* the DDI or callback in which it happened */
	const char *object;    /* the adapter's or driver's name, or NULL */
	const char *passed;    /* what was passed or seen, one sentence with its full stop */
	const char *demand;    /* what the rule demands, likewise */
};

/*
 * nt_violation() - report and end the process with NT_VIOLATION_EXIT_CODE
 * Any IRQL, any thread. The report goes to standard error; an event goes to the sink; the
 * machine's on_violation hook runs; then _exit(). A second thread's violation waits for ever.
 */
_Noreturn void nt_violation(const struct nt_violation *violation);

/*
 * nt_violation_wait() - for an end of the process that is to have no word in a violation's: does
 * not return while another thread's is being reported, nor inside the report of one's own
 */
void nt_violation_wait(void);

/*
 * nt_violation_note() - the same report, and the driver goes on (what Windows tolerates)
 * Printed once for each place in the driver; the event comes every time.
 */
void nt_violation_note(const struct nt_violation *violation);

/*
 * nt_violation_say() - nt_violation() with what was passed or seen formatted in place
 * @code: parameter 1 of the bug check
 */
_Noreturn void nt_violation_say(uint32_t bugcheck, uint64_t code, const char *rule,
				const char *call, const char *object, const char *demand,
				const char *format, ...) __attribute__((format(printf, 7, 8)));

/*
 * nt_violation_stop() - the same for user mode: what Windows' Application Verifier stops at
 * @code: of the stop; @object: what it is about, its first parameter
 */
_Noreturn void nt_violation_stop(uint32_t code, uint64_t object, const char *rule, const char *call,
				 const char *demand, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/*
 * netcx_breakpoint() - called behind each report: of a broken rule, also one that is only noted, a
 * crash, a callback that hangs. It does nothing, and is there for debuggers; its name stays.
 */
void netcx_breakpoint(void);

/* nt_violation_report() - the report's text, as nt_violation() prints it, without a backtrace. */
void nt_violation_report(char *buffer, size_t size, const struct nt_violation *violation);

/*
 * nt_backtrace() - the driver's frames of the calling thread, innermost first, one a line:
 * "#0 FooStart adapter.c:41". Frames of the host itself are left out.
 * @buffer: written and terminated; @size in bytes
 */
void nt_backtrace(char *buffer, unsigned long size);

#endif
