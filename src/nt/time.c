/* SPDX-License-Identifier: MIT */
#include "nt/time.h"

#include "base/clock.h"

/* Between 1601-01-01 and 1970-01-01, in units of 100 ns. */
#define EPOCH_1601 116444736000000000LL

LONGLONG nt_system_time(void)
{
	return (LONGLONG)(clock_wall_ns() / 100) + EPOCH_1601;
}

uint64_t nt_deadline_ns(LONGLONG timeout)
{
	uint64_t now = clock_ns();

	if (timeout <= 0)
		return now + (uint64_t)-timeout * 100;
	timeout -= nt_system_time();
	return timeout > 0 ? now + (uint64_t)timeout * 100 : now;
}
