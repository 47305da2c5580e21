/* SPDX-License-Identifier: MIT */
/* A report that was written before, JSON or JUnit's XML, read again. Its text may be anything. */
#ifndef TEST_PART_H
#define TEST_PART_H

#include <jansson.h>

#include "test/case.h"
#include "test/result.h"
#include "test/test.h"

/* A case of a report. Its text is its own. */
struct part_case {
	struct test_case test; /* without what it runs */
	struct test_result result;
	size_t part; /* whose it is, for part_case's users */
};

/* A report. Owned by who has read it. */
struct part {
	const char *path; /* the caller's */
	char *driver, *device, *netcx;
	uint64_t seed;
	unsigned shard, shards; /* 0, 0: it does not say, since it is several */
	double seconds;
	bool interrupted;
	char **remarks;
	size_t remark_count;
	struct part_case *cases;
	size_t count;
};

/*
 * part_read() - Return: false: it is none, or broken; *error says how, without the file's name.
 * Then there is nothing to be freed.
 */
bool part_read(struct part *part, const char *path, struct error *error);
void part_free(struct part *part);

/* ---- for the two readers ---- */
/* part_add_json() - a case as report_case_json() has it. Return: false after error_set(). */
bool part_add_json(struct part *part, const json_t *json, struct error *error);
/* part_add() - a case by its name; NULL after error_set() */
struct part_case *part_add(struct part *part, const char *name, struct error *error);
bool part_add_remark(struct part *part, const char *remark);
bool part_read_json(struct part *part, const char *text, size_t length, struct error *error);
bool part_read_junit(struct part *part, const char *text, size_t length, struct error *error);

#endif
