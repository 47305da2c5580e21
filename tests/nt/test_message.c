/* SPDX-License-Identifier: MIT */
/* Message-signaled interrupts: one delivery for what was sent, no level, none lost. */
#include <stdatomic.h>

#include "nt/interrupt.h"
#include "nt/irql.h"
#include "stage/machine.h"

/* A vector, and what its ISR has seen. */
struct vector {
	struct nt_interrupt message;
	unsigned deliveries;
	KIRQL irql;
	BOOLEAN claim;
	bool send_again; /* once, from within the ISR */
};

static BOOLEAN isr(void *context)
{
	struct vector *vector = context;

	vector->deliveries++;
	vector->irql = KeGetCurrentIrql();
	if (vector->send_again) {
		vector->send_again = false;
		nt_message_send(&vector->message);
	}
	return vector->claim;
}

static void make(struct vector *vector)
{
	*vector = (struct vector){ .message = { .kind = NT_INTERRUPT_MESSAGE, .name = "vector" },
				   .claim = TRUE };
	nt_interrupt_connect(&vector->message, isr, vector);
}

static void a_message_is_delivered_once(void **state)
{
	struct vector vector;

	make(&vector);
	nt_message_send(&vector.message);
	assert_int_equal(vector.deliveries, 1);
	assert_int_equal(vector.irql, NT_DIRQL);
	assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
	nt_message_send(&vector.message);
	assert_int_equal(vector.deliveries, 2);
}

/* Nothing stands, so an ISR that does not claim is called no more often than one that does. */
static void whether_it_is_claimed_changes_nothing(void **state)
{
	struct vector vector;

	make(&vector);
	vector.claim = FALSE;
	nt_message_send(&vector.message);
	assert_int_equal(vector.deliveries, 1);
	assert_false(journal_tells(&((struct test_machine *)*state)->journal, "storm"));
}

static void at_dirql_messages_wait_and_are_one(void **state)
{
	struct vector vector, other;
	KIRQL irql;

	make(&vector);
	make(&other);
	KeRaiseIrql(NT_DIRQL, &irql);
	nt_message_send(&vector.message);
	nt_message_send(&other.message);
	nt_message_send(&vector.message);
	assert_int_equal(vector.deliveries, 0);
	KeLowerIrql(irql);
	assert_int_equal(vector.deliveries, 1);
	assert_int_equal(other.deliveries, 1);
}

static void one_that_is_sent_during_the_isr_follows_it(void **state)
{
	struct vector vector;

	make(&vector);
	vector.send_again = true;
	nt_message_send(&vector.message);
	assert_int_equal(vector.deliveries, 2);
}

static void one_that_nobody_is_connected_to_stays_pending(void **state)
{
	struct vector vector;

	make(&vector);
	nt_interrupt_connect(&vector.message, NULL, NULL);
	nt_message_send(&vector.message);
	nt_message_send(&vector.message);
	assert_int_equal(vector.deliveries, 0);
	nt_interrupt_connect(&vector.message, isr, &vector);
	assert_int_equal(vector.deliveries, 1);
	nt_interrupt_connect(&vector.message, NULL, NULL);
	nt_interrupt_connect(&vector.message, isr, &vector);
	assert_int_equal(vector.deliveries, 1);
}

/* A device's threads send; the ISR must run after each, by one of them. */
struct race {
	struct nt_machine *machine;
	struct nt_interrupt message;
	_Atomic unsigned status;
	unsigned served; /* the ISR's: one runs at a time */
};

static BOOLEAN race_isr(void *context)
{
	struct race *race = context;

	race->served += atomic_exchange(&race->status, 0) != 0;
	return TRUE;
}

static void *send_often(void *context)
{
	struct race *race = context;

	nt_thread_enter(race->machine);
	for (int i = 0; i < 20000; i++) {
		race->status |= 1;
		nt_message_send(&race->message);
	}
	nt_thread_leave();
	return NULL;
}

static void none_is_lost_between_threads(void **state)
{
	struct test_machine *m = *state;
	struct race race = { .machine = &m->machine,
			     .message = { .kind = NT_INTERRUPT_MESSAGE, .name = "race" } };
	pthread_t threads[2];

	nt_interrupt_connect(&race.message, race_isr, &race);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, send_often, &race);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	nt_interrupt_connect(&race.message, NULL, NULL);
	assert_int_equal(race.status, 0);
	assert_true(race.served > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_message_is_delivered_once, machine_set_up,
						machine_tear_down),
		cmocka_unit_test_setup_teardown(whether_it_is_claimed_changes_nothing,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(at_dirql_messages_wait_and_are_one, machine_set_up,
						machine_tear_down),
		cmocka_unit_test_setup_teardown(one_that_is_sent_during_the_isr_follows_it,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(one_that_nobody_is_connected_to_stays_pending,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(none_is_lost_between_threads, machine_set_up,
						machine_tear_down),
	};

	return cmocka_run_group_tests_name("nt message", tests, NULL, NULL);
}
