/* SPDX-License-Identifier: MIT */
/* Rules of coalescing as a few frames in order, each changed by a function, and what comes out. */
#ifndef NETCX_TESTS_LSO_RULES_H
#define NETCX_TESTS_LSO_RULES_H

#include "catcher.h"
#include "segs.h"

#define ALL 15 /* protocols */

struct rule {
	const char *name;
	void (*change)(struct seg *s, int i);
	int frames;
	const char *kernel; /* Linux' rules. NULL: not of interest */
	const char *rsc;
};

#define AT(i_, name, statement)                          \
	static void name##_at_##i_(struct seg *s, int i) \
	{                                                \
		if (i == (i_))                           \
			statement;                       \
	}
#define FROM(i_, name, statement)                          \
	static void name##_from_##i_(struct seg *s, int i) \
	{                                                  \
		if (i >= (i_))                             \
			statement;                         \
	}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* rule_run() - its frames, each split after @split bytes (0: not), and a flush */
void rule_run(struct catcher *k, const struct rule *rule, int version, bool udp, size_t split,
	      enum lso_frame_sum sum);

#endif
