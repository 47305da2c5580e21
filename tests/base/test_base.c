/* SPDX-License-Identifier: MIT */
/* The small things: errors, text, UTF, hexadecimal digits, hashes, counters, clocks. */
#include "base/clock.h"
#include "base/count.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/hex.h"
#include "base/text.h"
#include "base/utf.h"
#include "test.h"

static void an_error_takes_the_words_of_every_floor(void **state)
{
	struct error error = { "" };

	assert_null(error_set(&error, "no %s", "memory"));
	error_prefix(&error, "%s: ", "tap:nic0");
	assert_string_equal(error.text, "tap:nic0: no memory");
	assert_int_equal(error_number(&error, -5, "%d", 7), -5);
	assert_string_equal(error.text, "7");
}

static void an_error_is_cut_and_may_be_nobodys(void **state)
{
	char longer[2 * sizeof(((struct error *)0)->text)];
	struct error error;

	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	error_set(&error, "end");
	error_prefix(&error, "%.*s: ", (int)sizeof(error.text) - 4, longer);
	assert_string_equal(error.text + sizeof(error.text) - 5, "x: e");
	error_set(&error, "%s", longer);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
	error_prefix(&error, "%s", longer);
	assert_int_equal(strlen(error.text), sizeof(error.text) - 1);
	assert_null(error_set(NULL, "unheard"));
	assert_int_equal(error_number(NULL, 3, "unheard"), 3);
	error_prefix(NULL, "unheard");
}

static void text_stops_at_its_room(void **state)
{
	char room[16];
	struct text text;

	memset(room, '#', sizeof(room));
	text = text_in(room, 12);
	assert_string_equal(room, "");
	text_add(&text, "%s", "seven..");
	assert_int_equal(text.length, 7);
	text_add_lines(&text, "> ", "a\nb");
	assert_string_equal(room, "seven..> a\n");
	assert_int_equal(text.length, 11);
	text_add(&text, "more");
	assert_string_equal(room, "seven..> a\n");
	assert_int_equal(room[12], '#');
}

static void counts_are_a_list_of_those_that_are_not_0(void **state)
{
	char room[40];
	struct text text = text_in(room, sizeof(room));

	text_add_count(&text, 0, "of the first");
	text_add_count(&text, UINT64_MAX, "a");
	text_add_count(&text, 0, "of the third");
	text_add_count(&text, 1, "b");
	assert_string_equal(room, "18446744073709551615 a, 1 b");
}

static void characters_have_their_shortest_form(void **state)
{
	static const struct {
		uint32_t character;
		const char *bytes;
	} table[] = { { 0x7F, "\x7F" },
		      { 0x80, "\xC2\x80" },
		      { 0x7FF, "\xDF\xBF" },
		      { 0x800, "\xE0\xA0\x80" },
		      { 0xFFFD, "\xEF\xBF\xBD" },
		      { 0x10000, "\xF0\x90\x80\x80" },
		      { 0x10FFFF, "\xF4\x8F\xBF\xBF" } };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		const char *from = table[i].bytes;
		char bytes[UTF8_MOST + 1] = "";

		assert_int_equal(utf8_put(bytes, table[i].character), strlen(from));
		assert_string_equal(bytes, from);
		assert_int_equal(utf8_sequence(from, UTF8_MOST), strlen(from));
		assert_int_equal(utf8_get(&from), table[i].character);
		assert_int_equal(*from, 0);
	}
}

static void what_is_no_character_is_told(void **state)
{
	static const char *const bad[] = { "\x80",
					   "\xC1\xBF",
					   "\xE0\x9F\xBF",
					   "\xED\xA0\x80",
					   "\xF0\x8F\xBF\xBF",
					   "\xF4\x90\x80\x80",
					   "\xF8\x88",
					   "\xC2",
					   "\xE2\x82",
					   "\xF0\x9F\x98" };

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *from = bad[i];

		assert_int_equal(utf8_sequence(from, UTF8_MOST), 0);
		assert_int_equal(utf8_get(&from), UTF_REPLACEMENT);
		assert_true(from > bad[i]);
	}
	assert_int_equal(utf8_sequence("\xE2\x82\xAC", 2), 0);
}

static void digits_and_bytes(void **state)
{
	char text[HEX_MAC];

	hex_put(text, "\x00\x9F\xA0\xFF", 4);
	assert_string_equal(text, "009fa0ff");
	hex_put(text, "", 0);
	assert_string_equal(text, "");
	hex_put_mac(text, (const uint8_t[6]){ 2, 0, 0x5E, 0x10, 0xAB, 1 });
	assert_string_equal(text, "02:00:5e:10:ab:01");
	for (unsigned i = 0; i < 16; i++) {
		assert_int_equal(hex_digit((unsigned char)"0123456789abcdef"[i]), i);
		assert_int_equal(hex_digit((unsigned char)"0123456789ABCDEF"[i]), i);
	}
	for (const char *none = "/:@G`g"; *none; none++)
		assert_int_equal(hex_digit((unsigned char)*none), 16);
	assert_int_equal(hex_digit(0x130), 16);
}

/* The test vectors of the FNV's authors. */
static void hashes_are_fnv_1a(void **state)
{
	assert_int_equal(hash_text(HASH_START, ""), 0x811c9dc5);
	assert_int_equal(hash_text(HASH_START, "a"), 0xe40c292c);
	assert_int_equal(hash_text(HASH_START, "foobar"), 0xbf9cf968);
	assert_int_equal(hash_text(hash_text(HASH_START, "foo"), "bar"), 0xbf9cf968);
}

#define COUNTERS(X) X(frames) X(bytes)

static void counters_are_copied_as_a_whole(void **state)
{
	struct {
		COUNTERS(COUNT_MEMBER)
	} live = { 0 }, seen;

	count_add(&live.frames, 2);
	count_shared(&live.bytes, 100);
	count_add(&live.bytes, 28);
	count_copy(&seen, &live, sizeof(seen));
	assert_int_equal(count_read(&seen.frames), 2);
	assert_int_equal(count_read(&seen.bytes), 128);
}

static void a_wait_ends_at_its_time(void **state)
{
	const struct timespec split = clock_timespec(3 * NS_PER_S + 5);
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	uint64_t until = clock_ns() + 2 * NS_PER_MS;
	pthread_cond_t condition;

	assert_int_equal(split.tv_sec, 3);
	assert_int_equal(split.tv_nsec, 5);
	clock_condition_init(&condition);
	pthread_mutex_lock(&lock);
	while (clock_wait(&condition, &lock, until))
		;
	pthread_mutex_unlock(&lock);
	assert_true(clock_ns() >= until);
	pthread_cond_destroy(&condition);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_takes_the_words_of_every_floor),
		cmocka_unit_test(an_error_is_cut_and_may_be_nobodys),
		cmocka_unit_test(text_stops_at_its_room),
		cmocka_unit_test(counts_are_a_list_of_those_that_are_not_0),
		cmocka_unit_test(characters_have_their_shortest_form),
		cmocka_unit_test(what_is_no_character_is_told),
		cmocka_unit_test(digits_and_bytes),
		cmocka_unit_test(hashes_are_fnv_1a),
		cmocka_unit_test(counters_are_copied_as_a_whole),
		cmocka_unit_test(a_wait_ends_at_its_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
