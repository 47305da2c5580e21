/* SPDX-License-Identifier: MIT */
/* How rules.c finds what breaks a rule: tables by subject. */
#ifndef TESTS_CX2_RULES_H
#define TESTS_CX2_RULES_H

#include "recorder.h"

typedef struct _RULE {
	const char *Name;
	RECORDER_POINT Point;
	void (*Break)(const RECORDER_PLACE *Place);
} RULE;

/* Each ends with an empty entry. */
extern const RULE AdapterRules[], CapabilityRules[], FilterRules[], OffloadRules[], RequestRules[],
	IrqlRules[], QueueRules[], AskedRules[], FailureRules[];

#endif
