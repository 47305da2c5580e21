/* SPDX-License-Identifier: MIT */
/* What a person reads when a driver breaks a rule or crashes. */
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "nt/callback.h"
#include "nt/crash.h"
#include "nt/pool.h"
#include "nt/violation.h"
#include "stage/machine.h"

#ifndef __has_feature /* clang's way of saying it */
#define __has_feature(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
	__has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#else
#define SANITIZED false
#endif

typedef void probe(void *context);

static probe *probe_in(const char *path, const char *name)
{
	void *module = dlopen(path, RTLD_NOW);
	probe *function;

	if (!module)
		print_error("%s\n", dlerror());
	assert_non_null(module);
	function = (probe *)dlsym(module, name);
	assert_non_null(function);
	return function;
}

static probe *probe_of(const char *name)
{
	return probe_in(PROBE_MODULE, name);
}

static void the_report_says_it_in_words(void **state)
{
	char text[1024];

	nt_violation_report(
		text, sizeof(text),
		&(struct nt_violation){
			.bugcheck = 0x19E,
			.api = "1.3",
			.parameter = { 51, 0, 1 },
			.rule = "InvalidLsoCapabilities",
			.call = "NetAdapterOffloadSetLsoCapabilities",
			.object = "Ethernet",
			.passed = "IPv4 is TRUE and MaximumOffloadSize is 0.",
			.demand = "A driver that offers LSO says how many payload bytes it takes.",
		});
	assert_string_equal(
		text,
		"netcx: violation 51 InvalidLsoCapabilities in NetAdapterOffloadSetLsoCapabilities (adapter \"Ethernet\"): IPv4 is TRUE and MaximumOffloadSize is 0.\n"
		"       A driver that offers LSO says how many payload bytes it takes. On Windows: bug check 0x19E, 33, 0, 1.\n"
		"       netcx explain 0x19E 33 0 1 --api 1.3\n");
}

static void a_violation_names_the_drivers_function_and_line(void **state)
{
	child_violates(probe_of("ProbeLower"), NULL, "IRQL_NOT_LESS_OR_EQUAL",
		       "\n         #0 ProbeLower probe.c:100\n", NULL);
}

static void inlined_calls_are_frames_too(void **state)
{
	child_violates(probe_of("ProbeInlined"), NULL, "\n         #0 LowerInside probe.c:200\n",
		       "         #1 ProbeInlined probe.c:300\n", NULL);
}

static void tell_and_leave_mark(void *context, const struct nt_violation *violation)
{
	dprintf(STDERR_FILENO, "hook: %s\n", violation->rule);
}

static void violate_with_hook(void *context)
{
	nt_machine()->on_violation = tell_and_leave_mark;
	KeLowerIrql(DISPATCH_LEVEL);
}

static void the_hosts_last_words_are_heard(void **state)
{
	child_violates(violate_with_hook, NULL, "hook: IRQL_NOT_LESS_OR_EQUAL", NULL);
}

static void callback_that_keeps_irql(void *context)
{
	struct nt_callback callback;

	nt_callback_begin(&callback, "Ethernet", "EvtDeviceD0Entry");
	KeRaiseIrqlToDpcLevel();
	nt_callback_end(&callback);
}

static void a_callback_returns_at_its_irql(void **state)
{
	child_violates(callback_that_keeps_irql, NULL, "IRQL_UNEXPECTED_VALUE in EvtDeviceD0Entry",
		       "called at IRQL 0 and returned at IRQL 2", NULL);
}

static void a_callback_is_an_event_with_its_status(void **state)
{
	struct nt_callback callback;

	nt_callback_begin(&callback, "Ethernet", "EvtDeviceD0Entry");
	assert_int_equal(nt_callback_end_status(&callback, STATUS_UNSUCCESSFUL),
			 STATUS_UNSUCCESSFUL);
	assert_true(journal_tells(&((struct test_machine *)*state)->journal,
				  "Ethernet EvtDeviceD0Entry status=c0000001"));
}

static void bug_check(void *context)
{
	KeBugCheckEx(0xDEAD, 1, 2, 3, 4);
}

static void bug_check_alone(void *context)
{
	KeBugCheck(0xBEEF);
}

static void fail_assertion(void *context)
{
	NT_FRE_ASSERT(context);
}

static void assertions_and_bug_checks_end_the_driver(void **state)
{
	child_violates(bug_check, NULL, "0xDEAD KeBugCheckEx", "bug check 0xDEAD, 1, 2, 3, 4",
		       NULL);
	child_violates(bug_check_alone, NULL, "0xBEEF KeBugCheckEx", "bug check 0xBEEF", NULL);
	child_violates(fail_assertion, NULL,
		       "the assertion context failed at test_report.c:", NULL);
}

static void print_from_list(PCSTR format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	assert_int_equal(vDbgPrintEx(DPFLTR_IHVNETWORK_ID, DPFLTR_INFO_LEVEL, format, arguments),
			 STATUS_SUCCESS);
	va_end(arguments);
}

static void a_list_of_arguments_is_printed(void **state)
{
	struct test_machine *m = *state;

	print_from_list("queue %lu of %s\n", 7ul, "net");
	assert_true(journal_tells(&m->journal, "DbgPrint text=queue 7 of net"));
}

static void a_leak_is_told_with_its_place(void **state)
{
	struct test_machine *m = *state;
	probe *allocate = probe_of("ProbeAllocate");
	void *memory;

	allocate(&memory);
	assert_int_equal(nt_pool_report(&m->machine, "probe", (void *)machine_set_up), 0);
	assert_int_equal(nt_pool_report(&m->machine, "probe", (void *)allocate), 1);
	assert_true(journal_tells(
		&m->journal,
		"tag 'Prob', 64 bytes, not freed at unload; one was allocated in ProbeAllocate probe.c:800"));
}

struct crash {
	probe *function;
	void *context;
};

static void crash_in_callback(void *context)
{
	struct nt_machine *machine = nt_machine();
	struct crash *crash = context;
	struct nt_callback callback;

	/* cmocka's own handlers are not what a program has. */
	signal(SIGSEGV, SIG_DFL);
	signal(SIGFPE, SIG_DFL);
	nt_thread_leave();
	nt_crash_install();
	nt_crash_watch_exits((const void *)crash->function);
	nt_thread_enter(machine);
	nt_callback_enter(&callback, "Ethernet", "EvtDeviceD0Entry");
	crash->function(crash->context);
}

static void crashes(const char *function, void *context, int signal, const char *first,
		    const char *second)
{
	struct crash crash = { probe_of(function), context };
	struct child_end end;

	child_run(&end, crash_in_callback, &crash);
	if (end.signal != signal || !strstr(end.text, first) || !strstr(end.text, second))
		print_error("exit code %d, signal %d:\n%s", end.exit_code, end.signal, end.text);
	assert_int_equal(end.signal, signal);
	assert_non_null(strstr(end.text, first));
	assert_non_null(strstr(end.text, second));
}

static uint64_t no_read(void *context, uint64_t offset, unsigned width)
{
	return 0;
}

static void no_write(void *context, uint64_t offset, unsigned width, uint64_t value)
{
}

static void a_crash_is_told_and_takes_its_usual_way(void **state)
{
	static const struct nt_mmio_ops ops = { .read = no_read, .write = no_write };
	struct test_machine *m = *state;
	unsigned char *va;

	/* A sanitizer's own report tells more, so ours stays out of its way. */
	if (SANITIZED)
		skip();
	crashes("ProbeWrite", (void *)0x10, SIGSEGV,
		"netcx: crash: SIGSEGV (bad address) at address 0x10 in EvtDeviceD0Entry of \"Ethernet\", IRQL 0.\n",
		"\n         #0 ProbeWrite probe.c:400\n");
	crashes("ProbeCallNull", NULL, SIGSEGV, "at address (nil)",
		"#0 ProbeCallNull probe.c:500\n");
	crashes("ProbeDivide", NULL, SIGFPE, "SIGFPE (integer division by zero)",
		"#0 ProbeDivide probe.c:600\n");
	crashes("ProbeRecurse", NULL, SIGSEGV, "netcx: crash: SIGSEGV",
		"#5 ProbeRecurse probe.c:700");
	assert_int_equal(nt_mmio_add(&m->machine.mmio, 0xFE000000, 0x100, &ops, NULL), 0);
	va = MmMapIoSpaceEx((PHYSICAL_ADDRESS){ .QuadPart = 0xFE000000 }, 0x100, PAGE_READWRITE);
	crashes("ProbeLongDouble", va + 0x38, SIGSEGV, "(access not allowed)",
		"That is register 0x38 of the device, in no way that can be emulated");
	MmUnmapIoSpace(va, 0x100);
}

/* What is written to, and what the report goes into. The child's. */
struct mended {
	void *page;
	int told[2];
};

static void *mend(void *context)
{
	struct mended *m = context;
	char begun;

	if (read(m->told[0], &begun, 1) == 1)
		mprotect(m->page, 4096, PROT_READ | PROT_WRITE);
	return NULL;
}

/* As when the report's own use of the heap makes it grow over the address. */
static void crash_at_what_becomes_good(void *context)
{
	struct mended m = { .page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
					 0) };
	struct crash crash = { probe_of("ProbeWrite"), m.page };
	pthread_t thread;

	if (pipe(m.told) || dup2(m.told[1], STDERR_FILENO) < 0 ||
	    pthread_create(&thread, NULL, mend, &m))
		_exit(1);
	crash_in_callback(&crash);
}

static void a_crash_is_not_survived(void **state)
{
	struct child_end end;

	if (SANITIZED)
		skip();
	child_run(&end, crash_at_what_becomes_good, NULL);
	assert_int_equal(end.signal, SIGSEGV);
}

static void an_abort_is_told(void **state)
{
	if (SANITIZED)
		skip();
	crashes("ProbeAbort", NULL, SIGABRT,
		"C++ exception was not caught) in EvtDeviceD0Entry of \"Ethernet\", IRQL 0.\n",
		"\n         #0 ProbeAbort probe.c:1000\n");
	crashes("ProbeOverwrite", NULL, SIGABRT, "the allocator found its heap overwritten",
		"\n         #0 ProbeOverwrite probe.c:1300\n");
}

/*
 * What it is called with: another mistake to call, or room for a number. The module is the child's
 * alone: what lies in this process's heap is another test's.
 */
struct exception {
	const char *function, *other;
	int number;
};

static void throw_in_callback(void *context)
{
	struct exception *e = context;
	struct crash crash = { probe_in(PROBE_CXX_MODULE, e->function), &e->number };

	if (e->other)
		crash.context = (void *)probe_in(PROBE_CXX_MODULE, e->other);
	crash_in_callback(&crash);
	_exit(e->number);
}

/* Exit codes are a shell's business; what must not be is a process that seems to have done it. */
static void exception_is_told(const char *function, const char *other, const char *frames)
{
	struct exception exception = { function, other, 0 };
	struct child_end end;

	child_run(&end, throw_in_callback, &exception);
	assert_int_not_equal(end.exit_code, 0);
	/* The address sanitizer, which looks for __cxa_throw before there is a driver, ends it. */
	if (SANITIZED) {
		assert_true(end.signal == SIGABRT || strstr(end.text, "__cxa_throw"));
		return;
	}
	assert_int_equal(end.signal, SIGABRT);
	if (!strstr(end.text, frames))
		print_error("%s", end.text);
	assert_non_null(strstr(end.text, "netcx: crash: SIGABRT ("));
	assert_non_null(strstr(
		end.text,
		"C++ exception was not caught) in EvtDeviceD0Entry of \"Ethernet\", IRQL 0.\n"));
	assert_non_null(strstr(end.text, frames));
}

static void an_exception_that_leaves_a_callback_is_told(void **state)
{
	exception_is_told(
		"ProbeThrow", NULL,
		"\n         #0 Throw probe_cxx.cpp:100\n         #1 ProbeThrow probe_cxx.cpp:200\n");
	exception_is_told("ProbeThrowAcross", "ProbeThrow",
			  "\n         #2 ProbeThrowAcross probe_cxx.cpp:300\n");
	exception_is_told("ProbeThrowAgain", NULL,
			  "\n         #0 ProbeThrowAgain probe_cxx.cpp:400\n");
}

/* A driver may have what it catches itself. */
static void an_exception_that_is_caught_is_nobodys_business(void **state)
{
	struct exception exception = { "ProbeCatch", NULL, 0 };
	struct child_end end;

	if (SANITIZED)
		skip();
	child_run(&end, throw_in_callback, &exception);
	assert_int_equal(end.exit_code, 7);
	assert_string_equal(end.text, "");
}

/* Names and lines need the heap; module and offset do not. */
static void a_report_survives_a_broken_heap(void **state)
{
	struct crash crash = { probe_of("ProbeOverwriteMuch"), NULL };
	struct child_end end;

	if (SANITIZED)
		skip();
	child_run(&end, crash_in_callback, &crash);
	assert_true(end.signal != 0);
	assert_non_null(strstr(end.text, "in EvtDeviceD0Entry of \"Ethernet\", IRQL 0.\n"));
	assert_non_null(strstr(end.text, "\n         #0 "));
}

static void an_exit_inside_a_callback_is_told(void **state)
{
	struct crash plain = { probe_of("ProbeExit"), NULL };
	struct crash quick = { probe_of("ProbeQuickExit"), NULL };
	struct crash at_once = { probe_of("ProbeExitAtOnce"), NULL };
	struct crash thread = { probe_of("ProbeExitThread"), NULL };

	child_violates(
		crash_in_callback, &plain,
		"netcx: crash: exit() was called in EvtDeviceD0Entry of \"Ethernet\", IRQL 0.\n",
		"\n         #0 ProbeExit probe.c:1100\n", NULL);
	child_violates(crash_in_callback, &quick, "netcx: crash: quick_exit() was called in",
		       "\n         #0 ProbeQuickExit probe.c:1200\n", NULL);
	child_violates(crash_in_callback, &at_once, "netcx: crash: _exit() was called in",
		       "\n         #0 ProbeExitAtOnce probe.c:1210\n", NULL);
	child_violates(crash_in_callback, &thread, "netcx: crash: pthread_exit() was called in",
		       "\n         #0 ProbeExitThread probe.c:1220\n", NULL);
}

/* The last words take their time, and another thread is at the process's end meanwhile. */
static void say_it_slowly(void *context, const struct nt_violation *violation)
{
	atomic_store((atomic_bool *)context, true);
	usleep(100000);
	dprintf(STDERR_FILENO, "hook: %s\n", violation->rule);
}

static void *violate_elsewhere(void *context)
{
	nt_thread_enter(context);
	KeLowerIrql(DISPATCH_LEVEL);
	return NULL;
}

static void violate_and_exit(void *context)
{
	static atomic_bool saying;
	pthread_t thread;

	nt_crash_install();
	nt_machine()->on_violation = say_it_slowly;
	nt_machine()->on_violation_context = &saying;
	pthread_create(&thread, NULL, violate_elsewhere, nt_machine());
	while (!atomic_load(&saying))
		usleep(100);
	exit(0);
}

static void an_exit_waits_for_a_violation(void **state)
{
	child_violates(violate_and_exit, NULL, "IRQL_NOT_LESS_OR_EQUAL", "hook: IRQL", NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_report_says_it_in_words),
		TEST(a_violation_names_the_drivers_function_and_line),
		TEST(inlined_calls_are_frames_too),
		TEST(the_hosts_last_words_are_heard),
		TEST(a_callback_returns_at_its_irql),
		TEST(a_callback_is_an_event_with_its_status),
		TEST(assertions_and_bug_checks_end_the_driver),
		TEST(a_list_of_arguments_is_printed),
		TEST(a_leak_is_told_with_its_place),
		TEST(a_crash_is_told_and_takes_its_usual_way),
		TEST(a_crash_is_not_survived),
		TEST(an_abort_is_told),
		TEST(an_exception_that_leaves_a_callback_is_told),
		TEST(an_exception_that_is_caught_is_nobodys_business),
		TEST(a_report_survives_a_broken_heap),
		TEST(an_exit_inside_a_callback_is_told),
		TEST(an_exit_waits_for_a_violation),
	};

	return cmocka_run_group_tests_name("nt report", tests, NULL, NULL);
}
