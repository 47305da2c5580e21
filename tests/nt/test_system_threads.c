/* SPDX-License-Identifier: MIT */
/* Threads that a driver makes: they run at PASSIVE_LEVEL, are waited for, and end before it. */
#include <dlfcn.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#include "nt/irql.h"
#include "nt/object.h"
#include "nt/watchdog.h"
#include "stage/machine.h"

#define VERIFIER "violation 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in "
#define AT_IRQL  "violation 0xA IRQL_NOT_LESS_OR_EQUAL in "

/* What a thread of a test does, and has seen. */
struct work {
	KEVENT go;
	atomic_int begun, over;
	KIRQL irql;
	PKTHREAD self;
	NTSTATUS status;
};

static VOID wait_for_go(PVOID context)
{
	struct work *work = context;

	work->irql = KeGetCurrentIrql();
	work->self = KeGetCurrentThread();
	work->begun++;
	KeWaitForSingleObject(&work->go, Executive, KernelMode, FALSE, NULL);
	work->over++;
}

static PKTHREAD start(PKSTART_ROUTINE routine, PVOID context)
{
	HANDLE handle;
	PVOID thread;

	assert_int_equal(PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, routine,
					      context),
			 STATUS_SUCCESS);
	assert_int_equal(ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType,
						   KernelMode, &thread, NULL),
			 STATUS_SUCCESS);
	assert_int_equal(ZwClose(handle), STATUS_SUCCESS);
	return thread;
}

static NTSTATUS wait_for(PVOID object, LONGLONG milliseconds)
{
	LARGE_INTEGER timeout = { .QuadPart = -milliseconds * 10000 };

	return KeWaitForSingleObject(object, Executive, KernelMode, FALSE, &timeout);
}

static void finish(PKTHREAD thread)
{
	assert_int_equal(KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL),
			 STATUS_SUCCESS);
	ObDereferenceObject(thread);
}

static void a_thread_runs_and_is_waited_for(void **state)
{
	struct work work = { .begun = 0 };
	PKTHREAD thread;

	KeInitializeEvent(&work.go, NotificationEvent, FALSE);
	thread = start(wait_for_go, &work);
	assert_int_equal(wait_for(thread, 0), STATUS_TIMEOUT);
	assert_int_equal(wait_for(thread, 5), STATUS_TIMEOUT);
	KeSetEvent(&work.go, IO_NO_INCREMENT, FALSE);
	assert_int_equal(KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL),
			 STATUS_SUCCESS);
	/* It stays over. */
	assert_int_equal(wait_for(thread, 0), STATUS_SUCCESS);
	assert_int_equal(work.over, 1);
	assert_int_equal(work.irql, PASSIVE_LEVEL);
	assert_ptr_equal(work.self, thread);
	assert_ptr_not_equal(KeGetCurrentThread(), thread);
	assert_ptr_equal(KeGetCurrentThread(), KeGetCurrentThread());
	assert_ptr_equal(PsGetCurrentThread(), KeGetCurrentThread());
	ObDereferenceObject(thread);
}

static VOID end_in_the_middle(PVOID context)
{
	struct work *work = context;

	work->begun++;
	work->status = PsTerminateSystemThread(STATUS_SUCCESS);
	work->over++;
}

static void a_thread_may_end_itself(void **state)
{
	struct work work = { .begun = 0 };

	finish(start(end_in_the_middle, &work));
	assert_int_equal(work.begun, 1);
	assert_int_equal(work.over, 0);
	/* No other may: this one is no system thread. */
	assert_int_equal(PsTerminateSystemThread(STATUS_SUCCESS), STATUS_INVALID_PARAMETER);
}

static void handles_and_references_keep_it(void **state)
{
	OBJECT_HANDLE_INFORMATION information;
	struct work work = { .begun = 0 };
	OBJECT_ATTRIBUTES attributes;
	PVOID thread, again;
	CLIENT_ID id;
	HANDLE handle;

	InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
	assert_int_equal(PsCreateSystemThread(&handle, SYNCHRONIZE, &attributes, NtCurrentProcess(),
					      &id, end_in_the_middle, &work),
			 STATUS_SUCCESS);
	assert_ptr_equal(id.UniqueProcess, PsGetCurrentProcessId());
	assert_non_null(id.UniqueThread);
	assert_int_equal(ObReferenceObjectByHandle(handle, SYNCHRONIZE, NULL, KernelMode, &thread,
						   &information),
			 STATUS_SUCCESS);
	assert_int_equal(information.GrantedAccess, SYNCHRONIZE);
	assert_int_equal(ZwClose(handle), STATUS_SUCCESS);
	assert_int_equal(ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, &again, NULL),
			 STATUS_INVALID_HANDLE);
	assert_null(again);
	finish(thread);
}

static void what_is_no_thread_is_refused(void **state)
{
	OBJECT_ATTRIBUTES attributes = { .Length = 4 };
	struct work work = { .begun = 0 };
	POBJECT_TYPE other = (POBJECT_TYPE)&work;
	PVOID thread = KeGetCurrentThread(), found;
	HANDLE handle;

	assert_int_equal(
		PsCreateSystemThread(&handle, 0, &attributes, NULL, NULL, end_in_the_middle, &work),
		STATUS_INVALID_PARAMETER);
	assert_int_equal(
		PsCreateSystemThread(&handle, 0, NULL, (HANDLE)8, NULL, end_in_the_middle, &work),
		STATUS_INVALID_HANDLE);
	assert_int_equal(
		ObReferenceObjectByHandle((HANDLE)0x1234, 0, NULL, KernelMode, &found, NULL),
		STATUS_INVALID_HANDLE);
	assert_int_equal(
		ObReferenceObjectByHandle(ZwCurrentThread(), 0, other, KernelMode, &found, NULL),
		STATUS_OBJECT_TYPE_MISMATCH);
	assert_int_equal(ObReferenceObjectByPointer(thread, 0, other, KernelMode),
			 STATUS_OBJECT_TYPE_MISMATCH);
	assert_int_equal(ObReferenceObjectByPointer(thread, 0, *PsThreadType, KernelMode),
			 STATUS_SUCCESS);
	assert_int_equal(ObReferenceObjectByHandle(ZwCurrentThread(), 0, *PsThreadType, KernelMode,
						   &found, NULL),
			 STATUS_SUCCESS);
	assert_ptr_equal(found, thread);
	assert_int_equal(ObReferenceObject(thread), 4);
	assert_int_equal(ObDereferenceObject(thread), 3);
	ObDereferenceObjectDeferDelete(thread);
	ObDereferenceObject(thread);
	assert_int_equal(work.begun, 0);
}

static VOID count(PVOID context)
{
	++*(atomic_int *)context;
}

static void threads_come_and_go(void **state)
{
	atomic_int counter = 0;
	PKTHREAD threads[20];

	for (int round = 0; round < 10; round++) {
		for (int i = 0; i < 20; i++)
			threads[i] = start(count, &counter);
		for (int i = 0; i < 20; i++)
			finish(threads[i]);
	}
	assert_int_equal(counter, 200);
}

static void priorities_are_kept(void **state)
{
	PKTHREAD self = KeGetCurrentThread();

	assert_int_equal(KeQueryPriorityThread(self), 8);
	assert_int_equal(KeSetPriorityThread(self, LOW_REALTIME_PRIORITY), 8);
	assert_int_equal(KeQueryPriorityThread(self), LOW_REALTIME_PRIORITY);
	assert_int_equal(KeSetBasePriorityThread(self, 2), 0);
	assert_int_equal(KeQueryPriorityThread(self), 10);
	assert_int_equal(KeSetBasePriorityThread(self, 100), 2);
	assert_int_equal(KeQueryPriorityThread(self), HIGH_PRIORITY);
	assert_int_equal(KeSetBasePriorityThread(self, -100), 100);
	assert_int_equal(KeQueryPriorityThread(self), LOW_PRIORITY + 1);
	assert_int_equal(KeSetBasePriorityThread(self, 0), -100);
}

/* The processors that Linux lets this thread use. */
static unsigned usable(void)
{
	cpu_set_t set;

	assert_int_equal(sched_getaffinity(0, sizeof(set), &set), 0);
	return (unsigned)CPU_COUNT(&set);
}

static void processors_are_those_of_the_process(void **state)
{
	const ULONG count = KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS);
	PROCESSOR_NUMBER number = { .Number = 77 };
	GROUP_AFFINITY affinity;
	KAFFINITY mask;
	USHORT on_node;

	assert_int_equal(count, usable() < 64 ? usable() : 64);
	assert_int_equal(KeQueryActiveProcessorCountEx(0), count);
	assert_int_equal(KeQueryActiveProcessorCountEx(1), 0);
	assert_int_equal(KeQueryMaximumProcessorCountEx(0), count);
	assert_int_equal(KeQueryActiveProcessorCount(&mask), count);
	assert_int_equal(KeQueryMaximumProcessorCount(), count);
	assert_int_equal(__builtin_popcountl(mask), count);
	assert_int_equal(KeQueryActiveProcessors(), mask);
	assert_int_equal(KeQueryGroupAffinity(0), mask);
	assert_int_equal(KeQueryGroupAffinity(1), 0);
	assert_int_equal(KeQueryActiveGroupCount(), 1);
	assert_int_equal(KeQueryMaximumGroupCount(), 1);
	assert_int_equal(KeQueryHighestNodeNumber(), KeGetCurrentNodeNumber());
	KeQueryNodeActiveAffinity(0, &affinity, &on_node);
	assert_int_equal(affinity.Mask, mask);
	assert_int_equal(on_node, count);
	KeQueryNodeActiveAffinity(1, &affinity, &on_node);
	assert_int_equal(affinity.Mask | on_node, 0);
	assert_true(KeGetCurrentProcessorNumberEx(&number) < count && number.Number < count);
	assert_true(KeGetCurrentProcessorIndex() < count && KeGetCurrentProcessorNumber() < count);
	assert_int_equal(KeGetProcessorNumberFromIndex(count - 1, &number), STATUS_SUCCESS);
	assert_int_equal(KeGetProcessorIndexFromNumber(&number), count - 1);
	assert_int_equal(KeGetProcessorNumberFromIndex(count, &number), STATUS_INVALID_PARAMETER);
	number.Group = 1;
	assert_int_equal(KeGetProcessorIndexFromNumber(&number), INVALID_PROCESSOR_INDEX);
}

static void a_thread_is_tied_to_processors(void **state)
{
	const unsigned before = usable();
	const ULONG last = KeQueryActiveProcessorCountEx(0) - 1;
	GROUP_AFFINITY one = { .Mask = (KAFFINITY)1 << last }, previous = { .Mask = 5 }, second;

	KeSetSystemGroupAffinityThread(&one, &previous);
	assert_int_equal(previous.Mask, 0);
	assert_int_equal(usable(), 1);
	assert_int_equal(KeGetCurrentProcessorNumberEx(NULL), last);
	KeSetSystemGroupAffinityThread(&(GROUP_AFFINITY){ .Mask = 1 }, &second);
	assert_int_equal(second.Mask, one.Mask);
	assert_int_equal(KeGetCurrentProcessorNumberEx(NULL), 0);
	KeRevertToUserGroupAffinityThread(&previous);
	assert_int_equal(usable(), before);
	assert_int_equal(KeSetSystemAffinityThreadEx(one.Mask), 0);
	assert_int_equal(usable(), 1);
	KeRevertToUserAffinityThreadEx(0);
	assert_int_equal(usable(), before);
}

static void an_affinity_that_cannot_be_changes_nothing(void **state)
{
	GROUP_AFFINITY wrong[] = { { .Mask = 0 },
				   { .Mask = 1, .Group = 1 },
				   { .Mask = 1, .Reserved = { 0, 1 } },
				   { .Mask = ~KeQueryActiveProcessors() } };
	const unsigned before = usable();

	for (size_t i = 0; i < RTL_NUMBER_OF(wrong); i++) {
		GROUP_AFFINITY previous = { .Mask = 5 };

		KeSetSystemGroupAffinityThread(&wrong[i], &previous);
		assert_int_equal(previous.Mask, 0);
		assert_int_equal(usable(), before);
	}
	/* Nothing was set that could be given back. */
	KeRevertToUserGroupAffinityThread(&(GROUP_AFFINITY){ .Mask = 1 });
	assert_int_equal(usable(), before);
}

static void *in_test(void)
{
	Dl_info info;

	assert_true(dladdr((void *)wait_for_go, &info));
	return info.dli_fbase;
}

static VOID never_ends(PVOID context)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
}

static void unloads_while_it_runs(void *context)
{
	start(never_ends, NULL);
	nt_object_end_module(nt_machine(), "probe", in_test());
}

static VOID ends_soon(PVOID context)
{
	usleep(20000);
}

static void what_a_driver_leaves_of_threads_is_named(void **state)
{
	struct test_machine *m = *state;
	HANDLE handle;
	PKTHREAD thread;

	child_violates(unloads_while_it_runs, NULL,
		       "violation 0xCE DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS",
		       "(driver \"probe\")",
		       "the system thread never_ends test_system_threads.c:", "is still running",
		       NULL);
	/* One that is about to end is waited for; then its handle and its reference are missed. */
	assert_int_equal(PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, ends_soon, NULL),
			 STATUS_SUCCESS);
	assert_int_equal(
		ObReferenceObjectByHandle(handle, 0, NULL, KernelMode, (PVOID *)&thread, NULL),
		STATUS_SUCCESS);
	assert_int_equal(nt_object_end_module(&m->machine, "probe", in_test()), 2);
	assert_true(journal_tells(
		&m->journal,
		"object leak: 1 handle (ZwClose) and 1 reference (ObDereferenceObject) of the system thread ends_soon"));
	assert_int_equal(nt_object_end_module(&m->machine, "probe", in_test()), 0);
}

static void at_dispatch(void *context)
{
	KeRaiseIrqlToDpcLevel();
	((void (*)(void))context)();
}

static void create(void)
{
	HANDLE handle;

	PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, never_ends, NULL);
}

static void close_handle(void)
{
	ZwClose((HANDLE)4);
}

static void reference_handle(void)
{
	PVOID object;

	ObReferenceObjectByHandle((HANDLE)4, 0, NULL, KernelMode, &object, NULL);
}

static void query(void)
{
	KeQueryPriorityThread(KeGetCurrentThread());
}

static void revert(void)
{
	KeRevertToUserGroupAffinityThread(&(GROUP_AFFINITY){ .Mask = 0 });
}

static void revert_mask(void)
{
	KeRevertToUserAffinityThreadEx(0);
}

static void set_mask(void)
{
	KeSetSystemAffinityThreadEx(1);
}

static void each_has_its_irql(void **state)
{
	child_violates(at_dispatch, (void *)create, AT_IRQL "PsCreateSystemThread",
		       "called at IRQL 2", NULL);
	child_violates(at_dispatch, (void *)close_handle, AT_IRQL "ZwClose", NULL);
	child_violates(at_dispatch, (void *)reference_handle, AT_IRQL "ObReferenceObjectByHandle",
		       NULL);
	child_violates(at_dispatch, (void *)query, AT_IRQL "KeQueryPriorityThread", NULL);
	child_violates(at_dispatch, (void *)revert, AT_IRQL "KeRevertToUserGroupAffinityThread",
		       NULL);
	child_violates(at_dispatch, (void *)revert_mask, AT_IRQL "KeRevertToUserAffinityThreadEx",
		       NULL);
	child_violates(at_dispatch, (void *)set_mask, AT_IRQL "KeSetSystemAffinityThreadEx", NULL);
}

static void at_dirql(void *context)
{
	nt_irql_raise(NT_DIRQL);
	((void (*)(void))context)();
}

static void reference(void)
{
	ObReferenceObject(KeGetCurrentThread());
}

static void set_priority(void)
{
	KeSetPriorityThread(KeGetCurrentThread(), 9);
}

static void set_base_priority(void)
{
	KeSetBasePriorityThread(KeGetCurrentThread(), 1);
}

static void set_affinity(void)
{
	KeSetSystemGroupAffinityThread(&(GROUP_AFFINITY){ .Mask = 1 }, NULL);
}

static void and_none_is_for_an_isr(void **state)
{
	child_violates(at_dirql, (void *)reference, AT_IRQL "ObReferenceObject", NULL);
	child_violates(at_dirql, (void *)set_priority, AT_IRQL "KeSetPriorityThread", NULL);
	child_violates(at_dirql, (void *)set_base_priority, AT_IRQL "KeSetBasePriorityThread",
		       NULL);
	child_violates(at_dirql, (void *)set_affinity, AT_IRQL "KeSetSystemGroupAffinityThread",
		       NULL);
}

static VOID return_raised(PVOID context)
{
	KeRaiseIrqlToDpcLevel();
}

static VOID terminate_raised(PVOID context)
{
	KeRaiseIrqlToDpcLevel();
	PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID return_with_lock(PVOID context)
{
	ExAcquireFastMutex(context);
}

static VOID terminate_in_region(PVOID context)
{
	KeEnterCriticalRegion();
	PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID wait_for_oneself(PVOID context)
{
	KeWaitForSingleObject(KeGetCurrentThread(), Executive, KernelMode, FALSE, NULL);
}

static FAST_MUTEX Mutex;

static void run_thread(void *context)
{
	ExInitializeFastMutex(&Mutex);
	finish(start((PKSTART_ROUTINE)context, &Mutex));
}

static void twice(void *context)
{
	HANDLE handle;

	PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, ends_soon, NULL);
	ZwClose(handle);
	ZwClose(handle);
}

static void too_often(void *context)
{
	PKTHREAD thread = start(never_ends, NULL);

	ObDereferenceObject(thread);
	ObDereferenceObject(thread);
}

static void nothing_to_run(void *context)
{
	HANDLE handle;

	PsCreateSystemThread(&handle, 0, NULL, NULL, NULL, NULL, NULL);
}

static void too_urgent(void *context)
{
	KeSetPriorityThread(KeGetCurrentThread(), 32);
}

static void a_thread_keeps_the_rules_of_a_callback(void **state)
{
	child_violates(run_thread, (void *)return_raised, "0xC8 IRQL_UNEXPECTED_VALUE in system",
		       "returned at IRQL 2", NULL);
	child_violates(run_thread, (void *)terminate_raised, AT_IRQL "PsTerminateSystemThread",
		       NULL);
	child_violates(run_thread, (void *)return_with_lock, "fast mutex", "return_with_lock",
		       NULL);
	child_violates(run_thread, (void *)terminate_in_region, "0x1 APC_INDEX_MISMATCH",
		       "inside 1 and 0", NULL);
	child_violates(run_thread, (void *)wait_for_oneself, VERIFIER "KeWaitForSingleObject",
		       "deadlock", NULL);
	child_violates(twice, NULL, "violation 0x93 INVALID_KERNEL_HANDLE in ZwClose",
		       "closed already", NULL);
	child_violates(too_often, NULL,
		       "violation 0x18 REFERENCE_BY_POINTER in ObDereferenceObject", NULL);
	child_violates(nothing_to_run, NULL, VERIFIER "PsCreateSystemThread",
		       "StartRoutine is NULL", NULL);
	child_violates(too_urgent, NULL, VERIFIER "KeSetPriorityThread", "Priority is 32", NULL);
}

static void stuck(void *context, const struct nt_stuck *what)
{
	++*(atomic_int *)context;
}

static void the_watchdog_lets_it_run(void **state)
{
	struct work work = { .begun = 0 };
	atomic_int reports = 0;
	struct nt_watchdog *watchdog = nt_watchdog_create(nt_machine(), 1, stuck, &reports);
	PKTHREAD thread;

	KeInitializeEvent(&work.go, NotificationEvent, FALSE);
	thread = start(wait_for_go, &work);
	assert_int_equal(wait_for(thread, 2500), STATUS_TIMEOUT);
	KeSetEvent(&work.go, IO_NO_INCREMENT, FALSE);
	finish(thread);
	nt_watchdog_destroy(watchdog);
	assert_int_equal(reports, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_thread_runs_and_is_waited_for),
		TEST(a_thread_may_end_itself),
		TEST(handles_and_references_keep_it),
		TEST(what_is_no_thread_is_refused),
		TEST(threads_come_and_go),
		TEST(priorities_are_kept),
		TEST(processors_are_those_of_the_process),
		TEST(a_thread_is_tied_to_processors),
		TEST(an_affinity_that_cannot_be_changes_nothing),
		TEST(what_a_driver_leaves_of_threads_is_named),
		TEST(each_has_its_irql),
		TEST(and_none_is_for_an_isr),
		TEST(a_thread_keeps_the_rules_of_a_callback),
		TEST(the_watchdog_lets_it_run),
	};

	return cmocka_run_group_tests_name("nt: system threads", tests, NULL, NULL);
}
