/* SPDX-License-Identifier: MIT */
/* Drivers that hang or crash: one report that names the place, and an end in a bounded time. */
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run.h"
#include "stage/files.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#define SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define SANITIZED false
#endif

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void a_callback_that_never_returns_is_named(void **state)
{
	const struct surroundings hang = { .step = "Hang" };
	double begin = now();
	struct command *c = RUN_IN(&hang, "run", "@step", "--watchdog", "1");
	char path[256];

	assert_int_equal(c->code, 1);
	assert_in_range(now() - begin, 1, 5);
	assert_non_null(strstr(
		c->stderr_text,
		"netcx: EvtDevicePrepareHardware of \"Ethernet\" has not returned for 1 s: the driver hangs"));
	assert_non_null(strstr(c->stderr_text, "EvtDevicePrepareHardware step.c:"));
	assert_non_null(strstr(c->stdout_text, "CallbackHangs"));
	socket_path(c, path, sizeof(path));
	assert_int_equal(access(path, F_OK), -1);
	release(c);
}

static void a_request_handler_too(void **state)
{
	const struct surroundings hang = { .step = "HangOid" };
	struct command *c = start(&hang, "run", "@step", "--watchdog", "1", NULL), *o;

	wait_for(c, "DeviceStarted");
	o = RUN("oid", "method", "0xFF010001", "00");
	assert_int_equal(o->code, 1);
	assert_int_equal(finish(c), 1);
	assert_non_null(strstr(c->stderr_text, "has not returned for 1 s"));
	assert_non_null(strstr(c->stderr_text, "EvtMethod step.c:"));
	release(o);
	release(c);
}

/* Ctrl-C once: its end does not wait for the watchdog's whole patience. */
static void one_signal_is_enough(void **state)
{
	const struct surroundings hang = { .step = "Hang" };
	struct command *c = start(&hang, "run", "@step", NULL);
	double begin = now();

	wait_for(c, "EvtDriverDeviceAdd");
	assert_int_equal(stop(c), 1);
	assert_in_range(now() - begin, 0, 8);
	assert_non_null(strstr(c->stderr_text, "the driver hangs"));
	release(c);
}

/* Not in a callback, and yet never done: the packets that it keeps. */
static void packets_that_are_kept_end_it_too(void **state)
{
	const struct surroundings keep = { .step = "KeepPackets" };
	struct command *c = start(&keep, "run", "@step", "--watchdog", "2", NULL);

	wait_for(c, "DeviceStarted");
	assert_int_equal(stop(c), 1);
	assert_non_null(strstr(c->stderr_text, "the driver has not returned everything in 2 s"));
	release(c);
}

static void a_slow_driver_is_left_alone(void **state)
{
	const struct surroundings slow = { .step = "Slow" };
	struct command *c = start(&slow, "run", "@step", "--watchdog", "3", NULL);

	wait_for(c, "DeviceStarted");
	assert_int_equal(stop(c), 0);
	assert_string_equal(c->stderr_text, "");
	release(c);
	expect(RUN("run", "@step", "--watchdog", "-1"), 2, "--watchdog -1: seconds are expected");
	expect(RUN("run", "@step", "--watchdog", "1e9"), 2, "--watchdog 1e9: seconds");
}

/* Without it, as before: the second signal ends. */
static void it_can_be_switched_off(void **state)
{
	const struct surroundings hang = { .step = "Hang" };
	struct command *c = start(&hang, "run", "@step", "--watchdog", "0", NULL);

	wait_for(c, "EvtDriverDeviceAdd");
	kill(c->pid, SIGINT);
	usleep(300000);
	assert_int_equal(stop(c), 130);
	release(c);
}

static void memory_mistakes_are_reported(void **state)
{
	const struct surroundings null = { .step = "Null" }, twice = { .step = "FreeTwice" };
	struct command *c = RUN_IN(&null, "run", "@step");

	assert_int_not_equal(c->code, 0);
	assert_true(strstr(c->stderr_text, "SIGSEGV") || strstr(c->stderr_text, "SEGV"));
	assert_non_null(strstr(c->stderr_text, "step.c:"));
	release(c);
	c = RUN_IN(&twice, "run", "@step");
	assert_int_equal(c->code, 158);
	assert_non_null(strstr(c->stderr_text, "step.c:"));
	release(c);
}

/* Windows lets KeFlushQueuedDpcs under a lock pass: it is told, nothing is waited for. */
static void flushing_under_a_lock_is_told_and_goes_on(void **state)
{
	const struct surroundings flush = { .step = "FlushUnderLock" };
	struct command *c = start(&flush, "run", "@step", NULL);

	wait_for(c, "DeviceStarted");
	assert_int_equal(stop(c), 0);
	assert_non_null(strstr(c->stderr_text, "KeFlushQueuedDpcs"));
	assert_non_null(strstr(c->stderr_text, "FlushUnderLock step.c:"));
	release(c);
}

/* What a user has who writes output and errors into one file. */
static void in_one_file(const char *step, int code, const char *before, const char *report)
{
	static char text[65536];
	char command[1024], path[256], *first, *then;

	snprintf(path, sizeof(path), "%s/one-file", scratch());
	snprintf(command, sizeof(command),
		 "cd %s && NETCX_STEP=%s '%s' run '%s' --watchdog 1 > one-file 2>&1", scratch(),
		 step, getenv("NETCX"), driver_path("@step"));
	assert_int_equal(WEXITSTATUS(system(command)), code);
	file_get(path, text, sizeof(text));
	first = strstr(text, before);
	then = strstr(text, report);
	if (!first || !then || first > then)
		print_error("%s:\n%s", step, text);
	assert_non_null(first);
	assert_non_null(then);
	assert_true(first < then);
}

/* A report stands behind the lines of the log that led to it, and in one piece. */
static void reports_and_the_log_keep_their_order(void **state)
{
	in_one_file("Hang", 1, "EvtDriverDeviceAdd", "netcx: EvtDevicePrepareHardware of");
	in_one_file("FreeTwice", 158, "EvtDriverDeviceAdd", "netcx: violation 0xC2");
	/* A sanitizer's report is its own. */
	if (SANITIZED)
		return;
	in_one_file(
		"Null", 128 + SIGSEGV, "EvtDriverDeviceAdd",
		"netcx: crash: SIGSEGV (bad address) at address (nil) in EvtDevicePrepareHardware of \"Ethernet\", IRQL 0.\n         #0 ");
	in_one_file(
		"Null", 128 + SIGSEGV, "         #0 ",
		"\n       When it is netcx that is wrong and not the driver, please tell us: https://");
}

/* Return: what it said, into the room of the caller. */
static int shell(char *said, size_t size, const char *format, ...)
{
	char line[2048], path[256];
	va_list list;
	int n, code;

	snprintf(path, sizeof(path), "%s/said", scratch());
	va_start(list, format);
	n = vsnprintf(line, sizeof(line), format, list);
	va_end(list);
	snprintf(line + n, sizeof(line) - (size_t)n, " > %s 2>&1", path);
	code = system(line);
	file_get(path, said, size);
	return WEXITSTATUS(code);
}

/* The debugger has the same command line below it, and stops behind the report. */
static void a_debugger_stops_at_a_report(void **state)
{
	const char *step = driver_path("@step"), *netcx = getenv("NETCX");
	static char said[65536];
	char path[256];

	snprintf(path, sizeof(path), "%s/lldb", scratch());
	file_put_text(path, "#!/bin/sh\nshift 8; echo \"$@\"\n");
	chmod(path, 0755);
	shell(said, sizeof(said), "PATH=%s:$PATH '%s' run --lldb '%s' --name Nic", scratch(), netcx,
	      step);
	assert_non_null(strstr(said, "-- "));
	assert_non_null(strstr(said, " run --watchdog=0 "));
	assert_non_null(strstr(said, " --name Nic "));
	assert_null(strstr(said, "--lldb"));
	assert_int_equal(
		shell(said, sizeof(said), "PATH=/nowhere '%s' run --gdb '%s'", netcx, step), 1);
	assert_string_equal(said, "netcx: run: --gdb: there is none; apt install gdb\n");
	assert_int_equal(shell(said, sizeof(said), "'%s' run --gdb --mtu 1 '%s'", netcx, step), 2);
	if (SANITIZED || shell(said, sizeof(said), "command -v gdb") != 0)
		return;
	shell(said, sizeof(said),
	      "printf 'bt\nkill\n' | HOME=/nowhere NETCX_STEP=FreeTwice '%s' run --gdb '%s' --no-settings",
	      netcx, step);
	assert_non_null(strstr(said, "netcx: violation 0xC2"));
	assert_non_null(strstr(said, "hit Breakpoint 1, netcx_breakpoint ()"));
	assert_non_null(strstr(said, "in ExFreePoolWithTag ("));
	assert_non_null(strstr(said, "MakeMistakes () at "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_callback_that_never_returns_is_named),
		cmocka_unit_test(a_request_handler_too),
		cmocka_unit_test(one_signal_is_enough),
		cmocka_unit_test(packets_that_are_kept_end_it_too),
		cmocka_unit_test(a_slow_driver_is_left_alone),
		cmocka_unit_test(it_can_be_switched_off),
		cmocka_unit_test(memory_mistakes_are_reported),
		cmocka_unit_test(flushing_under_a_lock_is_told_and_goes_on),
		cmocka_unit_test(reports_and_the_log_keep_their_order),
		cmocka_unit_test(a_debugger_stops_at_a_report),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
