/* SPDX-License-Identifier: MIT */
/* Callbacks that do not return: who is named, when, and who is left alone. */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "nt/callback.h"
#include "nt/watchdog.h"
#include "stage/machine.h"

/* What the watchdog said, and what a stuck thread waits for. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int reports;
	char callback[64], outer[64], object[64];
	unsigned seconds;
	atomic_bool release;
} said = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static void stuck(void *context, const struct nt_stuck *what)
{
	assert_ptr_equal(context, &said);
	pthread_mutex_lock(&said.lock);
	said.reports++;
	snprintf(said.callback, sizeof(said.callback), "%s", what->callback);
	snprintf(said.outer, sizeof(said.outer), "%s", what->outer ? what->outer : "");
	snprintf(said.object, sizeof(said.object), "%s", what->object);
	said.seconds = what->seconds;
	pthread_cond_broadcast(&said.changed);
	pthread_mutex_unlock(&said.lock);
	/* The product ends here; the test lets the callback go. */
	said.release = true;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct nt_watchdog *watch(struct test_machine *m, unsigned seconds)
{
	struct nt_watchdog *watchdog;

	said.reports = 0;
	said.release = false;
	said.outer[0] = '\0';
	watchdog = nt_watchdog_create(&m->machine, seconds, stuck, &said);
	assert_non_null(watchdog);
	return watchdog;
}

static void wait_for_release(double most)
{
	for (double end = now() + most; !said.release && now() < end;)
		usleep(5000);
}

static void the_callback_and_the_time_are_named(void **state)
{
	struct nt_watchdog *watchdog = watch(*state, 1);
	struct nt_callback callback;
	double begin = now();

	nt_callback_begin(&callback, "Ethernet", "EvtDeviceD0Entry");
	wait_for_release(10);
	nt_callback_end(&callback);
	assert_true(now() - begin >= 0.9);
	assert_int_equal(said.reports, 1);
	assert_string_equal(said.callback, "EvtDeviceD0Entry");
	assert_string_equal(said.object, "Ethernet");
	assert_string_equal(said.outer, "");
	assert_int_equal(said.seconds, 1);
	nt_watchdog_destroy(watchdog);
}

/* One that goes on calling others is stuck all the same. */
static void the_outermost_call_counts(void **state)
{
	struct nt_watchdog *watchdog = watch(*state, 1);
	struct nt_callback outer, inner;

	nt_callback_begin(&outer, "Ethernet", "EvtDevicePrepareHardware");
	for (double end = now() + 10; !said.release && now() < end;) {
		nt_callback_enter(&inner, "Ethernet", "EvtNetAdapterOffloadSetLso");
		usleep(5000);
		nt_callback_leave(&inner);
	}
	nt_callback_end(&outer);
	assert_int_equal(said.reports, 1);
	assert_true(strcmp(said.callback, "EvtDevicePrepareHardware") == 0 ||
		    strcmp(said.outer, "EvtDevicePrepareHardware") == 0);
	nt_watchdog_destroy(watchdog);
}

/* Many calls, each short; a long time without any; and a sleep outside of calls. */
static void who_returns_is_left_alone(void **state)
{
	struct nt_watchdog *watchdog = watch(*state, 1);
	struct nt_callback callback;

	for (double end = now() + 2.5; now() < end;) {
		nt_callback_enter(&callback, "", "EvtPacketQueueAdvance");
		usleep(100000);
		nt_callback_leave(&callback);
	}
	sleep(2);
	assert_int_equal(said.reports, 0);
	/* It has slept meanwhile, and wakes up for the next. */
	nt_callback_enter(&callback, "", "EvtPacketQueueAdvance");
	wait_for_release(10);
	nt_callback_leave(&callback);
	assert_int_equal(said.reports, 1);
	nt_watchdog_destroy(watchdog);
}

static void *hang(void *argument)
{
	struct test_machine *m = argument;
	struct nt_callback callback;

	nt_thread_enter(&m->machine);
	nt_callback_enter(&callback, "", "EvtTimerFunc");
	wait_for_release(20);
	nt_callback_leave(&callback);
	nt_thread_leave();
	return NULL;
}

static void other_threads_are_watched_and_patience_can_shrink(void **state)
{
	struct nt_watchdog *watchdog = watch(*state, 3600);
	double begin = now();
	pthread_t thread;

	assert_int_equal(pthread_create(&thread, NULL, hang, *state), 0);
	usleep(300000);
	nt_watchdog_hurry(watchdog, 1);
	/* Not the other way round. */
	nt_watchdog_hurry(watchdog, 3600);
	pthread_join(thread, NULL);
	assert_int_equal(said.reports, 1);
	assert_true(now() - begin < 10);
	assert_string_equal(said.callback, "EvtTimerFunc");
	nt_watchdog_destroy(watchdog);
	nt_watchdog_destroy(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_callback_and_the_time_are_named),
		TEST(the_outermost_call_counts),
		TEST(who_returns_is_left_alone),
		TEST(other_threads_are_watched_and_patience_can_shrink),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
