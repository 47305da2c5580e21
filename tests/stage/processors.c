/* SPDX-License-Identifier: MIT */
#include "processors.h"

#include "test.h"

int processors_one(cpu_set_t *before)
{
	cpu_set_t one;

	assert_false(sched_getaffinity(0, sizeof(*before), before));
	CPU_ZERO(&one);
	CPU_SET((size_t)sched_getcpu(), &one);
	assert_false(sched_setaffinity(0, sizeof(one), &one));
	return CPU_COUNT(before);
}

void processors_back(const cpu_set_t *before)
{
	assert_false(sched_setaffinity(0, sizeof(*before), before));
}
