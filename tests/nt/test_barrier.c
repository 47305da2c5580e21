/* SPDX-License-Identifier: MIT */
/*
 * What an interlocked operation and a barrier promise between two processors: nothing is lost, and
 * a store before is seen before a load after is done.
 */
#include <sched.h>

#include "stage/machine.h"

#define ROUNDS 20000

/* One side of a round: what it stores, and what it then loads of the other's. */
struct side {
	_Alignas(64) LONG volatile store;
	_Alignas(64) LONG volatile load;
};

struct race {
	struct side sides[2];
	_Alignas(64) LONG volatile arrived;
	_Alignas(64) LONG volatile counter;
	LONG volatile bits;
	LONG tokens[2]; /* how often each side took the one token there is */
	LONG volatile token;
	unsigned both_missed;
};

struct runner {
	struct race *race;
	int me;
};

/* Both leave together, as near as two processors can; one alone has to give way. */
static void meet(struct race *race, LONG round)
{
	InterlockedIncrement(&race->arrived);
	for (unsigned i = 1; ReadAcquire(&race->arrived) < 2 * round; i++) {
		YieldProcessor();
		if (i % 4096 == 0)
			sched_yield();
	}
}

static void *run(void *context)
{
	struct runner *runner = context;
	struct race *race = runner->race;
	struct side *mine = &race->sides[runner->me], *other = &race->sides[!runner->me];

	for (LONG i = 0; i < ROUNDS; i++) {
		LONG round = 3 * i;

		WriteNoFence(&mine->store, 0);
		meet(race, round + 1);
		WriteNoFence(&mine->store, 1);
		MemoryBarrier();
		mine->load = ReadNoFence(&other->store);
		meet(race, round + 2);
		if (runner->me == 0 && !mine->load && !other->load)
			race->both_missed++;
		InterlockedIncrement(&race->counter);
		InterlockedOr(&race->bits, 1 << (i % 15 * 2 + runner->me));
		race->tokens[runner->me] += InterlockedExchange(&race->token, 0);
		meet(race, round + 3);
		if (runner->me == 0)
			InterlockedExchange(&race->token, 1);
	}
	return NULL;
}

static void two_processors_agree(void **state)
{
	static struct race race;
	struct runner runners[2] = { { &race, 0 }, { &race, 1 } };
	pthread_t other;

	race.token = 1;
	assert_int_equal(pthread_create(&other, NULL, run, &runners[1]), 0);
	run(&runners[0]);
	pthread_join(other, NULL);
	assert_int_equal(race.both_missed, 0);
	assert_int_equal(race.counter, 2 * ROUNDS);
	assert_int_equal(race.bits, 0x3fffffff);
	/* Each token was taken once: the last may still lie there. */
	assert_int_equal(race.tokens[0] + race.tokens[1] + race.token, ROUNDS + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(two_processors_agree) };

	return cmocka_run_group_tests_name("nt barrier", tests, NULL, NULL);
}
