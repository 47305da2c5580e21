/* SPDX-License-Identifier: MIT */
/* Reports of shards become one. What does not fit is named, and what does is reported all the same.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "test/part.h"
#include "test/report.h"

#define MOST_NAMED 16 /* shards that are missing, one by one */

struct merge {
	struct part *parts;
	size_t count;
	struct part_case **all; /* of all parts, in the order of the table */
	size_t case_count;
	char **remarks;
	size_t remark_count;
};

static void remark(struct merge *m, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void remark(struct merge *m, const char *format, ...)
{
	char **more = realloc(m->remarks, (m->remark_count + 1) * sizeof(*more));
	va_list list;

	if (!more)
		return;
	m->remarks = more;
	va_start(list, format);
	if (vasprintf(&m->remarks[m->remark_count], format, list) >= 0)
		m->remark_count++;
	va_end(list);
}

static const char *last_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* A run's parts are of one driver, wherever it lay, and had the same packets. */
static bool belongs(struct merge *m, const struct part *first, const struct part *other)
{
	const char *one = first->device ? first->device : "none";
	const char *two = other->device ? other->device : "none";
	struct {
		const char *what, *first, *other;
	} same[] = { { "driver", last_of(first->driver), last_of(other->driver) },
		     { "device", one, two },
		     { "netcx", first->netcx, other->netcx } };

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		if (strcmp(same[i].first, same[i].other) == 0)
			continue;
		remark(m, "%s is left out: its %s is %s, that of %s is %s", other->path,
		       same[i].what, same[i].other, first->path, same[i].first);
		return false;
	}
	if (first->seed != other->seed)
		remark(m, "%s is left out: its seed is %llu, that of %s is %llu", other->path,
		       (unsigned long long)other->seed, first->path,
		       (unsigned long long)first->seed);
	else if (first->shards && other->shards && first->shards != other->shards)
		remark(m, "%s is left out: it is a shard of %u, %s of %u", other->path,
		       other->shards, first->path, first->shards);
	else
		return true;
	return false;
}

static void read_parts(struct merge *m, const char *const *paths, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct part *part = &m->parts[m->count];
		struct error error = { "" };

		if (!part_read(part, paths[i], &error)) {
			remark(m, "%s is left out: %s", paths[i], error.text);
			continue;
		}
		if (m->count && !belongs(m, &m->parts[0], part)) {
			part_free(part);
			continue;
		}
		for (size_t k = 0; k < part->remark_count; k++)
			remark(m, "%s: %s", part->path, part->remarks[k]);
		for (size_t k = 0; k < part->count; k++)
			part->cases[k].part = m->count;
		m->case_count += part->count;
		m->count++;
	}
}

/* All that the parts say of how many they are. */
static void note_missing(struct merge *m)
{
	unsigned shards = 0, missing = 0;

	for (size_t i = 0; i < m->count; i++)
		shards = m->parts[i].shards > shards ? m->parts[i].shards : shards;
	for (unsigned shard = 1; shard <= shards; shard++) {
		bool there = false;

		for (size_t i = 0; i < m->count; i++)
			there |= m->parts[i].shard == shard;
		if (!there && ++missing <= MOST_NAMED)
			remark(m, "shard %u/%u is missing", shard, shards);
	}
	if (missing > MOST_NAMED)
		remark(m, "and %u more shards are missing", missing - MOST_NAMED);
}

static size_t place_of(const char *name)
{
	const struct test_case *test;
	size_t i = 0;

	while ((test = test_case_at(i)) && strcmp(test->name, name) != 0)
		i++;
	return i;
}

/* Of one case: what says most of it comes first. */
static int weight(const struct part_case *c)
{
	static const int weights[] = {
		[TEST_FAILED] = 0, [TEST_PASSED] = 1, [TEST_SKIPPED] = 2, [TEST_NOT_RUN] = 3
	};

	return weights[c->result.verdict];
}

static int in_order(const void *a, const void *b)
{
	const struct part_case *x = *(struct part_case *const *)a;
	const struct part_case *y = *(struct part_case *const *)b;
	size_t left = place_of(x->test.name), right = place_of(y->test.name);
	int names = left == right ? strcmp(x->test.name, y->test.name) : left < right ? -1 : 1;

	return names ? names : weight(x) - weight(y);
}

/* Two parts with cases in common are named once. */
static void note_twice(struct merge *m, const struct part_case *one, const struct part_case *two)
{
	size_t a = one->part < two->part ? one->part : two->part;
	size_t b = one->part < two->part ? two->part : one->part;
	char begin[512];

	snprintf(begin, sizeof(begin), "%s and %s have cases in common", m->parts[a].path,
		 m->parts[b].path);
	for (size_t i = 0; i < m->remark_count; i++) {
		if (!strncmp(m->remarks[i], begin, strlen(begin)))
			return;
	}
	remark(m, "%s, %s for one: each counts once, as failed if it failed in either", begin,
	       one->test.name);
}

static bool sort_cases(struct merge *m)
{
	size_t n = 0;

	m->all = calloc(m->case_count + 1, sizeof(struct part_case *));
	if (!m->all)
		return false;
	for (size_t i = 0; i < m->count; i++) {
		for (size_t k = 0; k < m->parts[i].count; k++)
			m->all[n++] = &m->parts[i].cases[k];
	}
	qsort(m->all, n, sizeof(struct part_case *), in_order);
	m->case_count = 0;
	for (size_t i = 0; i < n; i++) {
		struct part_case *before = m->case_count ? m->all[m->case_count - 1] : NULL;

		if (before && !strcmp(before->test.name, m->all[i]->test.name))
			note_twice(m, before, m->all[i]);
		else
			m->all[m->case_count++] = m->all[i];
	}
	return true;
}

static int report_all(struct merge *m, struct report_files *files,
		      const struct test_options *options, struct error *error)
{
	const struct test_case **cases = calloc(m->case_count + 1, sizeof(*cases));
	struct test_result *results = calloc(m->case_count + 1, sizeof(*results));
	struct report report = { .driver = m->parts[0].driver,
				 .device = m->parts[0].device,
				 .netcx = m->parts[0].netcx,
				 .seed = m->parts[0].seed,
				 .count = m->case_count,
				 .cases = cases,
				 .results = results,
				 .remarks = (const char *const *)m->remarks,
				 .remark_count = m->remark_count };
	int result = NETCX_FAILED;

	for (size_t i = 0; i < m->count; i++) {
		report.seconds += m->parts[i].seconds;
		report.interrupted |= m->parts[i].interrupted;
	}
	for (size_t i = 0; cases && results && i < m->case_count; i++) {
		cases[i] = &m->all[i]->test;
		results[i] = m->all[i]->result; /* whose text stays the part's */
		if (results[i].verdict == TEST_FAILED && !options->json)
			report_case(cases[i], &results[i]);
	}
	if (cases && results)
		result = report_write(files, options, &report, error);
	if (result == NETCX_OK && m->remark_count)
		result = NETCX_FAILED;
	else if (result == NETCX_OK && report.interrupted)
		result = TEST_INTERRUPTED;
	free(cases);
	free(results);
	return result;
}

int test_merge(const struct test_options *options, struct error *error)
{
	struct merge m = { .parts = calloc(options->pattern_count, sizeof(struct part)) };
	struct report_files files;
	int result = report_open(&files, options, error);

	if (result != NETCX_OK || !m.parts) {
		free(m.parts);
		return result != NETCX_OK ? result
					  : error_number(error, NETCX_FAILED, "out of memory");
	}
	read_parts(&m, options->patterns, options->pattern_count);
	note_missing(&m);
	if (!m.count || !sort_cases(&m)) {
		report_drop(&files);
		result = error_number(error, NETCX_FAILED, "there is no report to join");
	} else {
		result = report_all(&m, &files, options, error);
	}
	for (size_t i = 0; i < m.remark_count; i++) {
		fprintf(stderr, "netcx: test: %s\n", m.remarks[i]);
		free(m.remarks[i]);
	}
	for (size_t i = 0; i < m.count; i++)
		part_free(&m.parts[i]);
	free(m.remarks);
	free(m.parts);
	free(m.all);
	return result;
}
