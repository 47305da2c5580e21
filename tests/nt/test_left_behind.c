/* SPDX-License-Identifier: MIT */
/* Timers and DPCs that are left where they must not be. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>

#include "nt/callback.h"
#include "nt/irql.h"
#include "nt/left_behind.h"
#include "stage/machine.h"

#define TEST_TAG 0x74736554 /* "Test" */

typedef void probe(void *context);

static probe *set_timer;
static void *module;

static void find_probe(void)
{
	void *handle = dlopen(PROBE_MODULE, RTLD_NOW);
	Dl_info info;

	assert_non_null(handle);
	set_timer = (probe *)dlsym(handle, "ProbeSetTimer");
	assert_non_null(set_timer);
	assert_true(dladdr((void *)set_timer, &info));
	module = info.dli_fbase;
}

struct both {
	char before[40];
	KTIMER timer;
	KDPC dpc;
};

static VOID count(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	++*(atomic_int *)context;
}

static struct both *allocate(void *counter)
{
	struct both *both = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*both), TEST_TAG);

	assert_non_null(both);
	KeInitializeTimer(&both->timer);
	KeInitializeDpc(&both->dpc, count, counter);
	return both;
}

static void free_with_timer(void *context)
{
	struct both *both = allocate(NULL);

	set_timer(&both->timer);
	ExFreePoolWithTag(both, TEST_TAG);
}

static void free_with_dpc(void *context)
{
	struct both *both = allocate(context);

	KeRaiseIrqlToDpcLevel();
	KeInsertQueueDpc(&both->dpc, NULL, NULL);
	ExFreePool(both);
}

static void initialise_set_timer(void *context)
{
	KTIMER timer;

	KeInitializeTimer(&timer);
	set_timer(&timer);
	KeInitializeTimer(&timer);
}

static void initialise_queued_dpc(void *context)
{
	KDPC dpc;

	KeInitializeDpc(&dpc, count, context);
	KeRaiseIrqlToDpcLevel();
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeInitializeDpc(&dpc, count, context);
}

static void unload_with_timer(void *context)
{
	KTIMER timer;

	KeInitializeTimer(&timer);
	set_timer(&timer);
	nt_left_by_module(nt_machine(), "probe", module);
}

static void *in_test(void)
{
	Dl_info info;

	assert_true(dladdr((void *)count, &info));
	return info.dli_fbase;
}

static VOID unload_inside(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	nt_left_by_module(nt_machine(), "probe", in_test());
}

static void unload_with_dpc(void *context)
{
	KDPC dpc;

	KeInitializeDpc(&dpc, unload_inside, NULL);
	KeInsertQueueDpc(&dpc, NULL, NULL);
}

static __attribute__((noinline)) void set_on_stack(bool cancels)
{
	KTIMER timer;

	KeInitializeTimer(&timer);
	set_timer(&timer);
	if (cancels)
		KeCancelTimer(&timer);
}

static void return_with_timer(void *context)
{
	struct nt_callback outer, callback;

	nt_callback_begin(&outer, "probe", "EvtOuter");
	nt_callback_begin(&callback, "probe", "EvtProbe");
	set_on_stack(context);
	nt_callback_end(&callback);
	nt_callback_end(&outer);
}

static __attribute__((noinline)) void set_inside(KTIMER *timer)
{
	struct nt_callback callback;

	nt_callback_begin(&callback, "probe", "EvtProbe");
	set_timer(timer);
	nt_callback_end(&callback);
}

static __attribute__((noinline)) void set_and_cancel(void)
{
	KTIMER timer;

	KeInitializeTimer(&timer);
	set_inside(&timer);
	KeCancelTimer(&timer);
}

static void a_timer_ends_before_its_stack(void **state)
{
	struct nt_callback outer;

	child_violates(
		return_with_timer, NULL,
		"0xC7 TIMER_OR_DPC_INVALID in EvtProbe (driver \"probe\"): the KTIMER at 0x",
		"lies on the stack of the callback, which has returned, and is set, by ProbeSetTimer",
		NULL);
	return_with_timer(state);
	nt_callback_begin(&outer, "probe", "EvtOuter");
	set_and_cancel();
	nt_callback_end(&outer);
}

static void what_is_left_is_named(void **state)
{
	atomic_int counter = 0;

	child_violates(
		free_with_timer, NULL,
		"0xC7 TIMER_OR_DPC_INVALID in ExFreePoolWithTag: the KTIMER at 0x",
		"lies in the pool block that is freed, and is set, by ProbeSetTimer probe.c:850",
		NULL);
	child_violates(free_with_dpc, &counter,
		       "0xC7 TIMER_OR_DPC_INVALID in ExFreePool:", "the KDPC at 0x",
		       "and is queued", NULL);
	child_violates(initialise_set_timer, NULL, "TIMER_OR_DPC_INVALID in KeInitializeTimer",
		       "is set, by ProbeSetTimer probe.c:850", NULL);
	child_violates(initialise_queued_dpc, &counter, "TIMER_OR_DPC_INVALID in KeInitializeDpc",
		       NULL);
	child_violates(unload_with_timer, NULL,
		       "violation 0xCE DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS",
		       "(driver \"probe\")", "is still set, by ProbeSetTimer probe.c:850", NULL);
	child_violates(unload_with_dpc, NULL, "the DPC routine ", "is running", NULL);
}

static void what_is_cancelled_passes(void **state)
{
	struct nt_machine *machine = &((struct test_machine *)*state)->machine;
	atomic_int counter = 0;
	struct both *both = allocate(&counter), *other = allocate(&counter);
	KIRQL irql = KeRaiseIrqlToDpcLevel();

	set_timer(&both->timer);
	KeInsertQueueDpc(&both->dpc, NULL, NULL);
	ExFreePool(other); /* not where they are */
	assert_true(KeCancelTimer(&both->timer));
	assert_true(KeRemoveQueueDpc(&both->dpc));
	nt_left_by_module(machine, "test", in_test());
	KeLowerIrql(irql);
	nt_left_by_module(machine, "probe", module);
	KeInitializeTimer(&both->timer);
	ExFreePool(both);
	assert_int_equal(counter, 0);
}

/* Or a driver that has cancelled it would be blamed at its unload. */
static void a_period_ends_with_the_cancel(void **state)
{
	struct nt_machine *machine = &((struct test_machine *)*state)->machine;
	const struct timespec moment = { .tv_nsec = 1100000 };
	LARGE_INTEGER due = { .QuadPart = -1 };
	atomic_int counter = 0;
	struct both *both = allocate(&counter);

	for (int i = 0; i < 100; i++) {
		KeSetTimerEx(&both->timer, due, 1, &both->dpc);
		nanosleep(&moment, NULL);
		KeCancelTimer(&both->timer);
		KeFlushQueuedDpcs();
		nt_left_by_module(machine, "test", in_test());
		KeInitializeTimer(&both->timer);
	}
	ExFreePool(both);
	assert_true(counter > 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_left_is_named),
		TEST(a_timer_ends_before_its_stack),
		TEST(what_is_cancelled_passes),
		TEST(a_period_ends_with_the_cancel),
	};

	find_probe();
	return cmocka_run_group_tests_name("nt left behind", tests, NULL, NULL);
}
