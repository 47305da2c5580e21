/* SPDX-License-Identifier: MIT */
#include "nt/violation.h"

#include <execinfo.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/text.h"
#include "nt/callback.h"
#include "nt/event.h"
#include "nt/export.h"
#include "nt/machine.h"
#include "nt/symbols.h"

#define BUGCODE_NETADAPTER_DRIVER 0x19E
#define FRAMES                    64

void nt_backtrace(char *buffer, unsigned long size)
{
	void *addresses[FRAMES];

	nt_frames(addresses, backtrace(addresses, FRAMES), -1, buffer, size);
}

/* "0x19E, 33, 0, 1": parameters as a blue screen has them, without the zeros at the end. */
static void add_numbers(struct text *text, const struct nt_violation *violation,
			const char *between)
{
	int last = 3;

	while (last > 0 && !violation->parameter[last])
		last--;
	text_add(text, "0x%X", violation->bugcheck);
	for (int i = 0; i <= last; i++)
		text_add(text, "%s%llX", between, (unsigned long long)violation->parameter[i]);
}

/* What says more. It knows bug checks, and not the stops of user mode. */
static void add_hint(struct text *text, const struct nt_violation *violation)
{
	if (violation->ends_by && !violation->api)
		return;
	text_add(text, "       netcx explain ");
	add_numbers(text, violation, " ");
	text_add(text, "%s%s\n", violation->api ? " --api " : "",
		 violation->api ? violation->api : "");
}

/* Whose it is: ' (adapter "left")', ' (driver "nic", adapter "left")', or nothing. */
static void add_owner(struct text *text, const struct nt_violation *violation)
{
	bool named = violation->object && violation->object[0];
	bool adapter = violation->bugcheck == BUGCODE_NETADAPTER_DRIVER ||
		       nt_callback_is_adapter(violation->object);
	const char *other = adapter && named ? NULL : nt_callback_adapter();

	if (!named && !other)
		return;
	text_add(text, " (");
	if (named)
		text_add(text, "%s \"%s\"", adapter ? "adapter" : "driver", violation->object);
	if (other)
		text_add(text, "%sadapter \"%s\"", named ? ", " : "", other);
	text_add(text, ")");
}

void nt_violation_report(char *buffer, size_t size, const struct nt_violation *violation)
{
	bool cx = violation->bugcheck == BUGCODE_NETADAPTER_DRIVER;
	char number[24], numbers[128], room[192];
	struct text owner = text_in(room, sizeof(room)), report = text_in(buffer, size);
	struct text bugcheck = text_in(numbers, sizeof(numbers));

	if (cx)
		snprintf(number, sizeof(number), "%llu",
			 (unsigned long long)violation->parameter[0]);
	else
		snprintf(number, sizeof(number), "0x%X", violation->bugcheck);
	add_numbers(&bugcheck, violation, ", ");
	add_owner(&owner, violation);
	text_add(&report,
		 "netcx: violation %s %s in %s%s: %s\n"
		 "       %s On Windows%s%s%s: %s %s.\n",
		 number, violation->rule, violation->call, room, violation->passed,
		 violation->demand, violation->version ? " (" : "",
		 violation->version ? violation->version : "", violation->version ? ")" : "",
		 violation->ends_by ? violation->ends_by : "bug check", numbers);
	add_hint(&report, violation);
}

/* The lines about a host process; "" when the system would have ended. */
static void tell_end(char *buffer, size_t size)
{
	struct text text = text_in(buffer, size);
	void *addresses[FRAMES];

	nt_callback_tell_end(addresses, backtrace(addresses, FRAMES), &text);
}

/* Has this rule been broken at this place before? Where there is no room to note it: no. */
static bool noted_before(const char *rule, const char *frames)
{
	struct nt_machine *machine = nt_machine();
	uint32_t place = hash_text(hash_text(HASH_START, rule), frames) | 1;

	for (int i = 0; machine && i < NT_MACHINE_NOTED; i++) {
		uint32_t there = 0;

		if (atomic_compare_exchange_strong(&machine->noted[i], &there, place))
			return false;
		if (there == place)
			return true;
	}
	return false;
}

/* One write, so that two threads' reports do not mix. */
static void print(const struct nt_violation *violation, const char *frames, bool fatal)
{
	const struct nt_machine *machine = nt_machine();
	char room[8192], end[2048] = "";
	struct text report = text_in(room, sizeof(room));
	struct nt_violation told = *violation;

	if (machine && machine->before_report)
		machine->before_report(machine->on_violation_context);
	if (fatal)
		tell_end(end, sizeof(end));
	if (end[0] && !told.ends_by)
		told.ends_by = "failure";
	nt_violation_report(room, sizeof(room), &told);
	report.length = strlen(room);
	text_add(&report, "%s", end);
	text_add_lines(&report, "         ", frames);
	if (write(STDERR_FILENO, room, report.length) < 0)
		return; /* nobody reads it: the event is told all the same */
}

NETCX_EXPORT __attribute__((noinline)) void netcx_breakpoint(void)
{
	__asm__ volatile("");
}

static void report(const struct nt_violation *violation, bool fatal)
{
	const char *adapter =
		nt_callback_is_adapter(violation->object) ? NULL : nt_callback_adapter();
	char frames[4096];

	nt_backtrace(frames, sizeof(frames));
	if (fatal || !noted_before(violation->rule, frames))
		print(violation, frames, fatal);
	NT_EMIT(NT_EVENT_VIOLATION, adapter ? adapter : violation->object, violation->rule,
		NT_UINT("bugcheck", violation->bugcheck), NT_UINT("code", violation->parameter[0]),
		NT_UINT("p2", violation->parameter[1]), NT_UINT("p3", violation->parameter[2]),
		NT_UINT("p4", violation->parameter[3]), NT_TEXT("call", violation->call),
		NT_TEXT("passed", violation->passed), NT_TEXT("demand", violation->demand),
		NT_TEXT("backtrace", frames), NT_BOOL("fatal", fatal));
	netcx_breakpoint();
}

void nt_violation_note(const struct nt_violation *violation)
{
	report(violation, false);
}

/* The end of the process is the process's: the first violation of any machine has it. */
static atomic_bool ending;
static _Thread_local bool mine;

void nt_violation_wait(void)
{
	/* One inside the sink or the hook must not wait for itself. */
	if (mine)
		_exit(NT_VIOLATION_EXIT_CODE);
	while (atomic_load(&ending))
		pause();
}

_Noreturn void nt_violation(const struct nt_violation *violation)
{
	struct nt_machine *machine = nt_machine();

	nt_violation_wait();
	if (atomic_exchange(&ending, true))
		nt_violation_wait();
	mine = true;
	report(violation, true);
	if (machine && machine->on_violation)
		machine->on_violation(machine->on_violation_context, violation);
	_exit(NT_VIOLATION_EXIT_CODE);
}

_Noreturn void nt_violation_say(uint32_t bugcheck, uint64_t code, const char *rule,
				const char *call, const char *object, const char *demand,
				const char *format, ...)
{
	char passed[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(passed, sizeof(passed), format, arguments);
	va_end(arguments);
	nt_violation(&(struct nt_violation){
		.bugcheck = bugcheck,
		.parameter = { code },
		.rule = rule,
		.call = call,
		.object = object,
		.passed = passed,
		.demand = demand,
	});
}

_Noreturn void nt_violation_stop(uint32_t code, uint64_t object, const char *rule, const char *call,
				 const char *demand, const char *format, ...)
{
	char passed[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(passed, sizeof(passed), format, arguments);
	va_end(arguments);
	nt_violation(&(struct nt_violation){
		.bugcheck = code,
		.ends_by = "Application Verifier stop",
		.parameter = { object },
		.rule = rule,
		.call = call,
		.passed = passed,
		.demand = demand,
	});
}
