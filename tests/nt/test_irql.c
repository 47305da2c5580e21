/* SPDX-License-Identifier: MIT */
/* IRQL, DPCs and interrupt lines as a driver sees them. */
#include <stdatomic.h>

#include "nt/interrupt.h"
#include "nt/irql.h"
#include "nt/spinlock.h"
#include "stage/machine.h"

/* What ran, in order, one letter each. */
struct trace {
	char text[64];
};

static void note(struct trace *trace, char c)
{
	size_t used = strlen(trace->text);

	assert_true(used + 1 < sizeof(trace->text));
	trace->text[used] = c;
}

struct traced_dpc {
	struct nt_dpc dpc;
	struct trace *trace;
	char letter;
	bool again;
	KIRQL irql;
};

static void run_traced(struct nt_dpc *dpc)
{
	struct traced_dpc *traced = (struct traced_dpc *)dpc;

	traced->irql = KeGetCurrentIrql();
	note(traced->trace, traced->letter);
	if (traced->again) {
		traced->again = false;
		assert_true(nt_dpc_queue(dpc));
	}
}

static void a_dpc_runs_at_once_at_passive_level(void **state)
{
	struct trace trace = { "" };
	struct traced_dpc dpc = { { .run = run_traced }, &trace, 'd', false, 0 };

	assert_true(nt_dpc_queue(&dpc.dpc));
	assert_string_equal(trace.text, "d");
	assert_int_equal(dpc.irql, DISPATCH_LEVEL);
	assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void dpcs_wait_for_a_low_irql_in_order_and_once(void **state)
{
	struct trace trace = { "" };
	struct traced_dpc a = { { .run = run_traced }, &trace, 'a', false, 0 };
	struct traced_dpc b = { { .run = run_traced }, &trace, 'b', true, 0 };
	KIRQL irql;

	KeRaiseIrql(DISPATCH_LEVEL, &irql);
	assert_true(nt_dpc_queue(&a.dpc));
	assert_true(nt_dpc_queue(&b.dpc));
	assert_false(nt_dpc_queue(&a.dpc));
	assert_string_equal(trace.text, "");
	KeLowerIrql(irql);
	assert_string_equal(trace.text, "abb");
}

static void kdpc(PKDPC dpc, PVOID context, PVOID argument1, PVOID argument2)
{
	*(ULONG_PTR *)context = (ULONG_PTR)argument1 * 10 + (ULONG_PTR)argument2;
}

static void a_kdpc_gets_its_arguments_and_can_be_removed(void **state)
{
	ULONG_PTR seen = 0;
	KDPC dpc;
	KIRQL irql;

	KeInitializeDpc(&dpc, kdpc, &seen);
	assert_true(KeInsertQueueDpc(&dpc, (PVOID)4, (PVOID)2));
	assert_int_equal(seen, 42);
	seen = 0;
	irql = KeRaiseIrqlToDpcLevel();
	assert_true(KeInsertQueueDpc(&dpc, (PVOID)4, (PVOID)2));
	assert_false(KeInsertQueueDpc(&dpc, (PVOID)9, (PVOID)9));
	assert_true(KeRemoveQueueDpc(&dpc));
	assert_false(KeRemoveQueueDpc(&dpc));
	KeLowerIrql(irql);
	assert_int_equal(seen, 0);
	KeFlushQueuedDpcs();
}

static void flushing_above_passive_level_is_told_and_goes_on(void **state)
{
	KIRQL irql = KeRaiseIrqlToDpcLevel();

	KeFlushQueuedDpcs();
	KeLowerIrql(irql);
	assert_true(
		journal_tells(&((struct test_machine *)*state)->journal, "IRQL_NOT_LESS_OR_EQUAL"));
	assert_true(journal_tells(&((struct test_machine *)*state)->journal,
				  "KeFlushQueuedDpcs is called at PASSIVE_LEVEL"));
}

/* A device with one line and a mask, as simple as they come. */
struct toy {
	struct nt_interrupt line;
	struct trace trace;
	bool claim, silence;
	unsigned deliveries;
	KIRQL irql;
	struct traced_dpc dpc;
};

static BOOLEAN toy_isr(void *context)
{
	struct toy *toy = context;

	toy->deliveries++;
	toy->irql = KeGetCurrentIrql();
	if (strlen(toy->trace.text) < 8)
		note(&toy->trace, 'i');
	if (toy->silence)
		nt_line_set(&toy->line, 0);
	nt_dpc_queue(&toy->dpc.dpc);
	return toy->claim;
}

static struct toy *toy_create(void)
{
	struct toy *toy = calloc(1, sizeof(*toy));

	toy->claim = toy->silence = true;
	toy->line.name = "toy";
	toy->dpc = (struct traced_dpc){ { .run = run_traced }, &toy->trace, 'd', false, 0 };
	nt_interrupt_connect(&toy->line, toy_isr, toy);
	return toy;
}

static void an_interrupt_comes_at_once_and_its_dpc_behind_it(void **state)
{
	struct toy *toy = toy_create();

	nt_line_set(&toy->line, 1);
	assert_string_equal(toy->trace.text, "id");
	assert_int_equal(toy->irql, NT_DIRQL);
	assert_int_equal(toy->dpc.irql, DISPATCH_LEVEL);
	assert_int_equal(KeGetCurrentIrql(), PASSIVE_LEVEL);
	free(toy);
}

static void at_dispatch_level_the_isr_comes_and_the_dpc_waits(void **state)
{
	struct toy *toy = toy_create();
	KIRQL irql = KeRaiseIrqlToDpcLevel();

	nt_line_set(&toy->line, 1);
	assert_string_equal(toy->trace.text, "i");
	KeLowerIrql(irql);
	assert_string_equal(toy->trace.text, "id");
	free(toy);
}

static void at_dirql_the_isr_waits(void **state)
{
	struct toy *toy = toy_create();
	KIRQL irql;

	KeRaiseIrql(NT_DIRQL, &irql);
	nt_line_set(&toy->line, 1);
	nt_line_set(&toy->line, 1);
	assert_string_equal(toy->trace.text, "");
	KeLowerIrql(irql);
	assert_string_equal(toy->trace.text, "id");
	free(toy);
}

static void a_line_that_dropped_is_not_delivered(void **state)
{
	struct toy *toy = toy_create();
	KIRQL irql;

	KeRaiseIrql(NT_DIRQL, &irql);
	nt_line_set(&toy->line, 1);
	nt_line_set(&toy->line, 0);
	KeLowerIrql(irql);
	assert_string_equal(toy->trace.text, "");
	free(toy);
}

static void a_line_asserted_before_connection_is_delivered_on_it(void **state)
{
	struct toy *toy = toy_create();

	nt_interrupt_connect(&toy->line, NULL, NULL);
	nt_line_set(&toy->line, 1);
	assert_string_equal(toy->trace.text, "");
	nt_interrupt_connect(&toy->line, toy_isr, toy);
	assert_string_equal(toy->trace.text, "id");
	free(toy);
}

static void a_storm_is_told_and_ends_when_the_line_drops(void **state)
{
	struct toy *toy = toy_create();

	toy->claim = toy->silence = false;
	nt_line_set(&toy->line, 1);
	assert_int_equal(toy->deliveries, 10000);
	assert_true(journal_tells(&((struct test_machine *)*state)->journal,
				  "toy Log text=interrupt storm"));
	nt_line_set(&toy->line, 1);
	assert_int_equal(toy->deliveries, 10000);
	nt_line_set(&toy->line, 0);
	toy->claim = toy->silence = true;
	nt_line_set(&toy->line, 1);
	assert_int_equal(toy->deliveries, 10001);
	free(toy);
}

/* Two threads assert; each time the ISR must run after it, by one of them. */
struct race {
	struct nt_machine *machine;
	struct nt_interrupt line;
	_Atomic unsigned status; /* bits the device has for the ISR */
	_Atomic unsigned served;
};

static BOOLEAN race_isr(void *context)
{
	struct race *race = context;
	unsigned bits = atomic_exchange(&race->status, 0);

	nt_line_set(&race->line, 0);
	if (race->status)
		nt_line_set(&race->line, 1);
	race->served += bits != 0;
	return bits != 0;
}

static void *assert_often(void *context)
{
	struct race *race = context;

	nt_thread_enter(race->machine);
	for (int i = 0; i < 20000; i++) {
		race->status |= 1;
		nt_line_set(&race->line, 1);
	}
	nt_thread_leave();
	return NULL;
}

static void no_assertion_is_lost_between_threads(void **state)
{
	struct test_machine *m = *state;
	struct race race = { .machine = &m->machine, .line = { .name = "race" } };
	pthread_t threads[2];

	nt_interrupt_connect(&race.line, race_isr, &race);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, assert_often, &race);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	nt_interrupt_connect(&race.line, NULL, NULL);
	assert_int_equal(race.status, 0);
	assert_true(race.served > 0);
}

struct shared {
	struct nt_machine *machine;
	KSPIN_LOCK lock;
	unsigned count;
};

static void *count_up(void *context)
{
	struct shared *shared = context;
	KIRQL irql;

	nt_thread_enter(shared->machine);
	for (int i = 0; i < 20000; i++) {
		KeAcquireSpinLock(&shared->lock, &irql);
		assert_int_equal(KeGetCurrentIrql(), DISPATCH_LEVEL);
		shared->count++;
		KeReleaseSpinLock(&shared->lock, irql);
	}
	nt_thread_leave();
	return NULL;
}

static void a_spin_lock_excludes(void **state)
{
	struct test_machine *m = *state;
	struct shared shared = { .machine = &m->machine };
	pthread_t threads[2];

	KeInitializeSpinLock(&shared.lock);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, count_up, &shared);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(shared.count, 40000);
}

static void take_twice(void *context)
{
	KSPIN_LOCK lock;
	KIRQL irql;

	KeInitializeSpinLock(&lock);
	KeAcquireSpinLock(&lock, &irql);
	KeAcquireSpinLock(&lock, &irql);
}

static void release_free(void *context)
{
	KSPIN_LOCK lock;

	KeInitializeSpinLock(&lock);
	KeRaiseIrqlToDpcLevel();
	KeReleaseSpinLock(&lock, PASSIVE_LEVEL);
}

static void lower_upwards(void *context)
{
	KeLowerIrql(DISPATCH_LEVEL);
}

static void raise_downwards(void *context)
{
	KIRQL irql;

	KeRaiseIrql(NT_DIRQL, &irql);
	KeRaiseIrql(DISPATCH_LEVEL, &irql);
}

static void paged_at_dispatch(void *context)
{
	KeRaiseIrqlToDpcLevel();
	PAGED_CODE();
}

static void keep_raised(struct nt_dpc *dpc)
{
	KIRQL irql;

	KeRaiseIrql(NT_DIRQL, &irql);
}

static void dpc_that_stays_up(void *context)
{
	struct nt_dpc dpc = { .run = keep_raised };

	nt_dpc_queue(&dpc);
}

static void broken_irql_rules_end_the_driver(void **state)
{
	child_violates(take_twice, NULL,
		       "violation 0xF SPIN_LOCK_ALREADY_OWNED in KeAcquireSpinLock",
		       "held by the thread that asks for it", "On Windows: bug check 0xF", NULL);
	child_violates(release_free, NULL, "SPIN_LOCK_NOT_OWNED in KeReleaseSpinLock",
		       "is not held", NULL);
	child_violates(lower_upwards, NULL, "IRQL_NOT_LESS_OR_EQUAL in KeLowerIrql",
		       "IRQL is 0 and was to be lowered to 2", NULL);
	child_violates(raise_downwards, NULL, "IRQL_NOT_GREATER_OR_EQUAL in KeRaiseIrql", NULL);
	child_violates(paged_at_dispatch, NULL,
		       "DRIVER_IRQL_NOT_LESS_OR_EQUAL in paged_at_dispatch", "PAGED_CODE()", NULL);
	child_violates(dpc_that_stays_up, NULL, "a DPC returned at IRQL 11", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_dpc_runs_at_once_at_passive_level, machine_set_up,
						machine_tear_down),
		cmocka_unit_test_setup_teardown(dpcs_wait_for_a_low_irql_in_order_and_once,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(a_kdpc_gets_its_arguments_and_can_be_removed,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(flushing_above_passive_level_is_told_and_goes_on,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(an_interrupt_comes_at_once_and_its_dpc_behind_it,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(at_dispatch_level_the_isr_comes_and_the_dpc_waits,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(at_dirql_the_isr_waits, machine_set_up,
						machine_tear_down),
		cmocka_unit_test_setup_teardown(a_line_that_dropped_is_not_delivered,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(
			a_line_asserted_before_connection_is_delivered_on_it, machine_set_up,
			machine_tear_down),
		cmocka_unit_test_setup_teardown(a_storm_is_told_and_ends_when_the_line_drops,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(no_assertion_is_lost_between_threads,
						machine_set_up, machine_tear_down),
		cmocka_unit_test_setup_teardown(a_spin_lock_excludes, machine_set_up,
						machine_tear_down),
		cmocka_unit_test_setup_teardown(broken_irql_rules_end_the_driver, machine_set_up,
						machine_tear_down),
	};

	return cmocka_run_group_tests_name("nt irql", tests, NULL, NULL);
}
