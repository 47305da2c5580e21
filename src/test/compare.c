/* SPDX-License-Identifier: MIT */
#include "test/compare.h"

#include <stdio.h>
#include <string.h>

#include "test/fields.h"
#include "test/packet.h"
#include "test/reference.h"
#include "test/sum.h"

#define SHORTEST 60u /* bytes of a frame without its check sequence */

/* Both, while they are walked through. */
struct walk {
	struct comparison *comparison;
	const uint8_t *expected, *actual;
	size_t expected_length, actual_length;
};

static void print_bytes(char *text, size_t size, const uint8_t *bytes, size_t length)
{
	size_t used = 0;

	text[0] = '\0';
	if (length <= 4) {
		uint32_t value = 0;

		for (size_t i = 0; i < length; i++)
			value = value << 8 | bytes[i];
		snprintf(text, size, "0x%0*X", (int)length * 2, value);
		return;
	}
	for (size_t i = 0; i < length && used + 6 < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%02X", bytes[i]);
	if (used < length * 2)
		snprintf(text + used, size - used, "...");
}

static struct compare_field *add(struct walk *w, const char *name, enum test_rule rule,
				 size_t offset, size_t length)
{
	struct comparison *c = w->comparison;
	struct compare_field *field;

	if (c->count == COMPARE_FIELDS)
		return NULL;
	field = &c->fields[c->count++];
	*field = (struct compare_field){ .offset = offset, .length = length, .rule = rule };
	snprintf(field->name, sizeof(field->name), "%s", name);
	return field;
}

static void field(void *walk, const char *name, enum test_rule rule, size_t offset, size_t length)
{
	struct walk *w = walk;
	struct compare_field *f;
	size_t there;

	if (offset >= w->expected_length)
		return;
	there = offset >= w->actual_length           ? 0
		: offset + length > w->actual_length ? w->actual_length - offset
						     : length;
	if (there == length && !memcmp(w->expected + offset, w->actual + offset, length))
		return;
	f = add(w, name, rule, offset, length);
	if (!f)
		return;
	print_bytes(f->expected, sizeof(f->expected), w->expected + offset, length);
	print_bytes(f->actual, sizeof(f->actual), w->actual + offset, there);
}

/* From the first byte that differs on. */
static void payload_field(struct walk *w, size_t from)
{
	size_t end = w->expected_length < w->actual_length ? w->expected_length : w->actual_length;
	struct compare_field *f;
	char name[sizeof(f->name)];

	while (from < end && w->expected[from] == w->actual[from])
		from++;
	if (from >= end)
		return;
	snprintf(name, sizeof(name), "byte %zu", from);
	field(w, name, RULE_Payload, from, end - from < 8 ? end - from : 8);
}

static void length_field(struct walk *w, size_t packet)
{
	const uint8_t *behind = w->actual + packet;
	struct compare_field *f;
	size_t left = w->actual_length > packet ? w->actual_length - packet : 0;
	bool padded = left && w->actual_length == SHORTEST && packet < SHORTEST;

	if (w->actual_length == packet)
		return;
	for (size_t i = 0; padded && i < left; i++) {
		if (behind[i]) {
			f = add(w, "padding", RULE_Padding, packet, left);
			if (f)
				print_bytes(f->actual, sizeof(f->actual), behind, left);
			return;
		}
	}
	if (padded)
		return;
	f = add(w, "length", RULE_SegmentSize, 0, 0);
	if (!f)
		return;
	snprintf(f->expected, sizeof(f->expected), "%zu bytes", packet);
	snprintf(f->actual, sizeof(f->actual), "%zu bytes", w->actual_length);
}

static bool same_headers(const struct walk *w, const struct reference *r)
{
	struct reference actual;

	reference_read(&actual, w->actual, w->actual_length);
	return actual.l4 == r->l4 && actual.payload == r->payload;
}

/* The first field that is named is what is wrong; what follows from it comes behind. */
bool compare_packets(struct comparison *comparison, const uint8_t *expected, size_t expected_length,
		     const uint8_t *actual, size_t actual_length)
{
	struct walk w = { comparison, expected, actual, expected_length, actual_length };
	struct reference r;

	comparison->count = 0;
	if (expected_length == actual_length && !memcmp(expected, actual, expected_length))
		return true;
	reference_read(&r, expected, expected_length);
	if (same_headers(&w, &r))
		length_field(&w, expected_length);
	fields_of_headers(&r, field, &w);
	payload_field(&w, r.transport ? r.payload : r.version ? r.l4 : 14);
	/* Last: it is wrong, too, when something else is. */
	fields_of_checksum(&r, field, &w);
	if (!comparison->count)
		length_field(&w, expected_length);
	return !comparison->count;
}
