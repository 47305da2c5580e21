/* SPDX-License-Identifier: MIT */
/* Regions in which a thread wants no asynchronous procedure calls. */
#ifndef NT_REGION_H
#define NT_REGION_H

#include <stdbool.h>

struct nt_callback;

/* How many a thread is in. Its own. */
struct nt_regions {
	unsigned critical, guarded;
};

/* A guarded mutex brings its region along. @call: for the report when there is none to leave */
void nt_region_enter_guarded(void);
void nt_region_leave_guarded(const char *call);

static inline bool nt_regions_same(const struct nt_regions *a, const struct nt_regions *b)
{
	return a->critical == b->critical && a->guarded == b->guarded;
}

/* nt_region_return() - a callback returns in others, @now, than it was called in: ends the driver.
 */
_Noreturn void nt_region_return(const struct nt_callback *callback, const struct nt_regions *now);

#endif
