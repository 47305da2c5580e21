/* SPDX-License-Identifier: MIT */
/* Breaks the one rule a test has named, at its point. */
#include "rules.h"

static BOOLEAN SameText(const char *A, const char *B)
{
	while (*A && *A == *B) {
		A++;
		B++;
	}
	return *A == *B;
}

void RecorderBreak(RECORDER_POINT Point, const RECORDER_PLACE *Place)
{
	static const RULE *const tables[] = { AdapterRules, CapabilityRules, FilterRules,
					      OffloadRules, RequestRules,    IrqlRules,
					      QueueRules,   AskedRules,      FailureRules };

	if (!RecorderOptions.Break)
		return;
	for (unsigned i = 0; i < RTL_NUMBER_OF(tables); i++) {
		for (const RULE *rule = tables[i]; rule->Name; rule++) {
			if (rule->Point == Point && SameText(rule->Name, RecorderOptions.Break)) {
				RecorderSay("Break %s", rule->Name);
				rule->Break(Place);
				RecorderSay("survived %s", rule->Name);
			}
		}
	}
}
