/* SPDX-License-Identifier: MIT */
#include "explain/explain.h"

#include <ctype.h>
#include <string.h>

#include "base/array.h"

#define NAME_ROOM 96
#define TOO_FAR   99

const char *const explain_versions[] = { "1.3", "2.0", "2.1", "2.2", "2.3", "2.4", "2.5", NULL };

/* Small letters, without underscores and what stands in front by habit. */
static void plain_of(const char *name, char plain[NAME_ROOM])
{
	size_t n = 0;

	if (*name == '*')
		name++;
	for (; *name && n < NAME_ROOM - 1; name++) {
		if (*name != '_')
			plain[n++] = (char)tolower((unsigned char)*name);
	}
	plain[n] = '\0';
	if (strncmp(plain, "pfn", 3) == 0)
		memcpy(plain, "evt", 3);
}

static const char *behind(const char *plain, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(plain, prefix, length) == 0 ? plain + length : plain;
}

/* A name without what may be left out of it. */
static const char *short_of(const char *plain)
{
	return behind(behind(behind(plain, "oid"), "ndis"), "status");
}

static bool is_named(const struct explain_fact *fact, const char *plain, bool shortened)
{
	char own[NAME_ROOM];

	plain_of(fact->name, own);
	if (strcmp(own, plain) == 0)
		return true;
	if (shortened && fact->kind != EXPLAIN_FUNCTION && strcmp(short_of(own), plain) == 0)
		return true;
	if (fact->type) {
		plain_of(fact->type, own);
		if (strcmp(own, plain) == 0)
			return true;
	}
	for (size_t i = 0; fact->also && fact->also[i]; i++) {
		plain_of(fact->also[i], own);
		if (strcmp(own, plain) == 0)
			return true;
	}
	return false;
}

const struct explain_fact *explain_named(const char *name)
{
	char plain[NAME_ROOM];

	plain_of(name, plain);
	for (int shortened = 0; shortened < 2; shortened++) {
		for (size_t i = 0; i < explain_count; i++) {
			if (is_named(&explain_facts[i], plain, shortened))
				return &explain_facts[i];
		}
	}
	return NULL;
}

const struct explain_fact *explain_valued(const struct explain_fact *after, uint32_t value)
{
	for (size_t i = after ? (size_t)(after - explain_facts) + 1 : 0; i < explain_count; i++) {
		if (explain_facts[i].has_value && explain_facts[i].value == value)
			return &explain_facts[i];
	}
	return NULL;
}

int explain_number_of(const struct explain_fact *rule, const char *version)
{
	for (size_t i = 0; rule->numbers && rule->numbers[i].version; i++) {
		if (strcmp(rule->numbers[i].version, version) == 0)
			return (int)rule->numbers[i].number;
	}
	return -1;
}

const struct explain_fact *explain_rule(const char *version, uint64_t number)
{
	for (size_t i = 0; i < explain_count; i++) {
		int own = explain_number_of(&explain_facts[i], version);

		if (own >= 0 && (uint64_t)own == number)
			return &explain_facts[i];
	}
	return NULL;
}

/* Letters to insert, delete, replace or exchange with the next. */
static unsigned distance_of(const char *a, const char *b)
{
	unsigned rows[3][NAME_ROOM + 1] = { 0 };
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];
	size_t columns = strlen(b);

	for (unsigned j = 0; j <= columns; j++)
		above[j] = j;
	for (unsigned i = 1; a[i - 1]; i++) {
		unsigned *oldest = before;

		row[0] = i;
		for (unsigned j = 1; j <= columns; j++) {
			unsigned best = above[j - 1] + (a[i - 1] != b[j - 1]);

			best = above[j] + 1 < best ? above[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
		before = above;
		above = row;
		row = oldest;
	}
	return above[columns];
}

/* How far a fact's names are from that one; a part of a name is as near as what is just near. */
static unsigned distance_to(const struct explain_fact *fact, const char *plain, unsigned limit)
{
	const char *names[8] = { fact->name, fact->type };
	size_t length = strlen(plain), count = fact->type ? 2 : 1;
	unsigned best = TOO_FAR;

	for (size_t i = 0; fact->also && fact->also[i] && count < ARRAY_COUNT(names); i++)
		names[count++] = fact->also[i];
	for (size_t i = 0; i < count; i++) {
		char own[NAME_ROOM];
		unsigned whole, without;

		plain_of(names[i], own);
		whole = distance_of(plain, own);
		without = distance_of(short_of(plain), short_of(own));
		best = whole < best ? whole : best;
		best = without < best ? without : best;
		if (length >= 6 && strstr(own, plain) && best > limit)
			best = limit;
	}
	return best;
}

size_t explain_near(const char *name, const struct explain_fact **near, size_t room, size_t *equal)
{
	char plain[NAME_ROOM];
	unsigned far[16], limit;
	size_t count = 0;

	plain_of(name, plain);
	limit = (unsigned)(strlen(plain) / 4 < 1 ? 1 : strlen(plain) / 4);
	limit = limit > 5 ? 5 : limit;
	room = room > ARRAY_COUNT(far) ? ARRAY_COUNT(far) : room;
	for (size_t i = 0; i < explain_count; i++) {
		unsigned d = distance_to(&explain_facts[i], plain, limit);
		size_t at = count;

		if (d > limit)
			continue;
		while (at > 0 && far[at - 1] > d)
			at--;
		if (at == room)
			continue;
		count += count < room;
		memmove(&near[at + 1], &near[at], (count - 1 - at) * sizeof(near[0]));
		memmove(&far[at + 1], &far[at], (count - 1 - at) * sizeof(far[0]));
		near[at] = &explain_facts[i];
		far[at] = d;
	}
	*equal = 0;
	while (*equal < count && far[*equal] == far[0])
		++*equal;
	return count;
}
