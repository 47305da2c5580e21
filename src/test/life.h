/* SPDX-License-Identifier: MIT */
/* What a device under test goes through: sleep, restarts, removal; and whether all goes on after.
 */
#ifndef TEST_LIFE_H
#define TEST_LIFE_H

#include "test/bench.h"

/*
 * life_sleep() - the system goes to sleep. @magic: a magic packet is to wake it
 * life_wake() - and comes back, woken by the device when it was armed, until the link is up
 * life_wake_without_link() - the same, and the link is looked at by who asks
 * life_restart() - the device is removed and added again, or (@stop_only) stopped and started
 * life_remove() - the hardware is gone, and the driver hears of it; the nic is freed soon after
 */
void life_sleep(struct bench *bench, bool magic);
void life_wake(struct bench *bench, bool triggered);
void life_wake_without_link(struct bench *bench);
void life_restart(struct bench *bench, bool stop_only);
void life_remove(struct bench *bench);

/* life_goes_on() - a packet is sent, a large one cut, a frame received: or the case has failed */
void life_goes_on(struct bench *bench);

/*
 * life_load() - packets of both directions, numbered from *@number on, which are not waited for
 * life_judge_load() - those that have arrived are whole and in order. Some may be lost: those that
 * were on their way when the device stopped.
 */
void life_load(struct bench *bench, uint32_t *number, unsigned count);
void life_judge_load(struct bench *bench, uint32_t from, uint32_t to);

#endif
