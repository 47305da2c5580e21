/* SPDX-License-Identifier: MIT */
#include "test/fuzz/sequence.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "test/random.h"

#define MEAN_STEPS 24u

static const char *const names[] = {
	[FUZZ_LARGE] = "large send",
	[FUZZ_PLAIN] = "packet",
	[FUZZ_BURST] = "burst",
	[FUZZ_RECEIVE] = "receive",
	[FUZZ_OFFLOADS] = "change offloads",
	[FUZZ_OID] = "OID",
	[FUZZ_FILTER] = "receive filter",
	[FUZZ_SCALING] = "receive scaling",
	[FUZZ_CABLE] = "cable out and in",
	[FUZZ_RESTART] = "restart",
	[FUZZ_SLEEP] = "sleep and wake",
	[FUZZ_INTERRUPT] = "interrupt without a reason",
	[FUZZ_REGISTERS] = "registers read wrong",
	[FUZZ_REMOVE] = "surprise removal",
};

/* What a first byte means, of 32: how often each kind comes. */
static const uint8_t kinds[] = {
	FUZZ_LARGE,     FUZZ_LARGE,    FUZZ_LARGE,   FUZZ_LARGE,   FUZZ_SCALING,   FUZZ_PLAIN,
	FUZZ_PLAIN,     FUZZ_PLAIN,    FUZZ_PLAIN,   FUZZ_BURST,   FUZZ_BURST,     FUZZ_BURST,
	FUZZ_BURST,     FUZZ_RECEIVE,  FUZZ_RECEIVE, FUZZ_RECEIVE, FUZZ_RECEIVE,   FUZZ_OFFLOADS,
	FUZZ_OFFLOADS,  FUZZ_OFFLOADS, FUZZ_SLEEP,   FUZZ_OID,     FUZZ_OID,       FUZZ_FILTER,
	FUZZ_CABLE,     FUZZ_RESTART,  FUZZ_RESTART, FUZZ_SLEEP,   FUZZ_INTERRUPT, FUZZ_REGISTERS,
	FUZZ_REGISTERS, FUZZ_REMOVE,
};

bool fuzz_step_at(const uint8_t *bytes, size_t length, size_t index, struct fuzz_step *step)
{
	size_t at = index * FUZZ_STEP, left;

	if (index >= FUZZ_STEPS || at >= length)
		return false;
	left = length - at - 1 < sizeof(step->with) ? length - at - 1 : sizeof(step->with);
	*step = (struct fuzz_step){ .kind = kinds[bytes[at] % ARRAY_COUNT(kinds)] };
	memcpy(step->with, bytes + at + 1, left);
	if (step->kind >= FUZZ_INTERRUPT && bytes[0] < 128)
		step->kind = FUZZ_PLAIN;
	return true;
}

uint32_t fuzz_number(const struct fuzz_step *step, unsigned at, unsigned bytes)
{
	uint32_t number = 0;

	while (bytes--)
		number = number << 8 | step->with[at++];
	return number;
}

void fuzz_step_text(const struct fuzz_step *step, char *text, size_t size)
{
	int n = snprintf(text, size, "%-26s", names[step->kind]);

	for (size_t i = 0; i < sizeof(step->with) && n > 0 && (size_t)n + 3 < size; i++)
		n += snprintf(text + n, size - (size_t)n, " %02x", step->with[i]);
}

size_t fuzz_make(uint64_t seed, uint64_t run, uint8_t *bytes)
{
	struct test_random random = { .state = seed };
	size_t steps;

	/* Neighbours of a seed are not the same runs one further. */
	random.state = random_next(&random) ^ run;
	steps = 1 + random_below(&random, 2 * MEAN_STEPS - 1);
	for (size_t i = 0; i < steps * FUZZ_STEP; i++)
		bytes[i] = (uint8_t)random_next(&random);
	return steps * FUZZ_STEP;
}
