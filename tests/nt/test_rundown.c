/* SPDX-License-Identifier: MIT */
/* Rundown protection: nobody is let in any more, and who waits goes on when all are out. */
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "nt/irql.h"
#include "stage/machine.h"

#define VERIFIER "violation 0xC4 DRIVER_VERIFIER_DETECTED_VIOLATION in "

static EX_RUNDOWN_REF Ref;

static int set_up(void **state)
{
	ExInitializeRundownProtection(&Ref);
	return machine_set_up(state);
}

static void it_keeps_what_is_acquired(void **state)
{
	KIRQL irql;

	assert_true(ExAcquireRundownProtection(&Ref));
	assert_true(ExAcquireRundownProtectionEx(&Ref, 3));
	assert_int_equal(Ref.Count, 8);
	ExReleaseRundownProtectionEx(&Ref, 2);
	irql = KeRaiseIrqlToDpcLevel();
	assert_true(ExAcquireRundownProtection(&Ref));
	ExReleaseRundownProtection(&Ref);
	KeLowerIrql(irql);
	ExReleaseRundownProtectionEx(&Ref, 2);
	assert_int_equal(Ref.Count, 0);
}

static void afterwards_nothing_is_acquired(void **state)
{
	ExWaitForRundownProtectionRelease(&Ref);
	assert_false(ExAcquireRundownProtection(&Ref));
	assert_false(ExAcquireRundownProtectionEx(&Ref, 2));
	ExRundownCompleted(&Ref);
	assert_false(ExAcquireRundownProtection(&Ref));
	/* Once more it is at an end, and at once. */
	ExWaitForRundownProtectionRelease(&Ref);
	ExReInitializeRundownProtection(&Ref);
	assert_true(ExAcquireRundownProtection(&Ref));
	ExReleaseRundownProtection(&Ref);
}

struct user {
	struct nt_machine *machine;
	_Atomic unsigned entered, inside, refused;
	atomic_bool over, late;
};

static void *use(void *context)
{
	struct user *user = context;

	nt_thread_enter(user->machine);
	while (!user->refused) {
		if (!ExAcquireRundownProtection(&Ref)) {
			user->refused++;
			break;
		}
		if (user->over)
			user->late = true;
		user->inside++;
		user->entered++;
		usleep(50);
		user->inside--;
		ExReleaseRundownProtection(&Ref);
	}
	nt_thread_leave();
	return NULL;
}

static void who_waits_goes_on_when_all_are_out(void **state)
{
	struct user user = { .machine = nt_machine() };
	pthread_t threads[3];

	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use, &user), 0);
	while (user.entered < 100)
		usleep(100);
	ExWaitForRundownProtectionRelease(&Ref);
	assert_int_equal(user.inside, 0);
	user.over = true;
	for (unsigned i = 0; i < 3; i++)
		pthread_join(threads[i], NULL);
	assert_true(user.refused >= 1 && !user.late);
}

static void releases_too_often(void *context)
{
	ExAcquireRundownProtection(&Ref);
	ExReleaseRundownProtectionEx(&Ref, 2);
}

static void begins_anew_too_early(void *context)
{
	ExReInitializeRundownProtection(&Ref);
}

static void completes_what_is_in_use(void *context)
{
	ExAcquireRundownProtection(&Ref);
	ExRundownCompleted(&Ref);
}

static void waits_at_dispatch(void *context)
{
	KeRaiseIrqlToDpcLevel();
	ExWaitForRundownProtectionRelease(&Ref);
}

static void its_rules_are_looked_at(void **state)
{
	child_violates(releases_too_often, NULL, VERIFIER "ExReleaseRundownProtection: ",
		       "is released more often than it was acquired.", NULL);
	child_violates(begins_anew_too_early, NULL,
		       VERIFIER "ExReInitializeRundownProtection: ", "has not run down.", NULL);
	child_violates(completes_what_is_in_use, NULL,
		       VERIFIER "ExRundownCompleted: ", "is still acquired.", NULL);
	child_violates(waits_at_dispatch, NULL,
		       "0xA IRQL_NOT_LESS_OR_EQUAL in ExWaitForRundownProtectionRelease", NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_keeps_what_is_acquired),
		TEST(afterwards_nothing_is_acquired),
		TEST(who_waits_goes_on_when_all_are_out),
		TEST(its_rules_are_looked_at),
	};

	return cmocka_run_group_tests_name("nt: rundown", tests, NULL, NULL);
}
