/* SPDX-License-Identifier: MIT */
/* Tests of what is done where a process has one processor. */
#ifndef TESTS_STAGE_PROCESSORS_H
#define TESTS_STAGE_PROCESSORS_H

#include <sched.h>

/*
 * processors_one() - the calling thread, and what it creates, has one alone
 * @before: for processors_back()
 * Return: how many there were.
 */
int processors_one(cpu_set_t *before);
void processors_back(const cpu_set_t *before);

#endif
