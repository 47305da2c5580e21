/* SPDX-License-Identifier: MIT */
/* The answers of netcx explain, in words and as JSON. */
#ifndef CLI_EXPLAIN_TEXT_H
#define CLI_EXPLAIN_TEXT_H

#include <jansson.h>

#include "cli/explain_question.h"
#include "explain/explain.h"

/* explain_kind_name() - "rule", "function" ... */
const char *explain_kind_name(enum explain_kind kind);

/* explain_print() - one fact; what the answer's parameters mean for it goes with it. */
void explain_print(const struct explain_fact *fact, const struct explain_answer *answer);

/* explain_print_readings() - which rule parameter 1 is, by version; nothing when it is none. */
void explain_print_readings(const struct explain_answer *answer);

/* explain_json() - all that is known of a fact. A new reference. */
json_t *explain_json(const struct explain_fact *fact);

/*
 * explain_print_json() - the whole answer:
 * {"asked", "exact", "parameters": [n], "readings": [{"number", "base", "from", "to", "rule"}],
 *  "facts": [...], "near": [names]}
 */
void explain_print_json(const struct explain_answer *answer);

#endif
