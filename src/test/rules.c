/* SPDX-License-Identifier: MIT */
#include "test/rules.h"

#define NAME(name, text) #name,
#define TEXT(name, text) text,

static const char *const names[] = { TEST_RULES(NAME) };
static const char *const texts[] = { TEST_RULES(TEXT) };

const char *rule_name(enum test_rule rule)
{
	return names[rule];
}

const char *rule_text(enum test_rule rule)
{
	return texts[rule];
}
