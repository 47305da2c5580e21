/* SPDX-License-Identifier: MIT */
/* The ring that a capture's packets go through: in order, counted when lost, and whatever its
 * reader does. */
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "frame/watch.h"
#include "test.h"

#define SIZE WATCH_SIZE_LEAST

static void begin(struct watch *watch, unsigned points, uint32_t snap, struct watch_reader *reader)
{
	struct error why = { "" };
	int fd = watch_begin(watch, points, SIZE, snap, &why);

	assert_string_equal(why.text, "");
	assert_true(watch_attach(reader, fd, &why));
	close(fd);
}

static void end(struct watch *watch, struct watch_reader *reader)
{
	watch_end(watch);
	assert_true(atomic_load(&reader->shared->ended));
	watch_detach(reader);
}

/* A packet of two pieces whose bytes say which it is. */
static void put(struct watch *watch, enum watch_point point, uint16_t number, size_t length)
{
	const struct watch_note note = { .point = point, .queue = number };
	static uint8_t bytes[70000];
	const struct iovec iov[2] = { { bytes, 5 }, { bytes + 5, length - 5 } };

	memset(bytes, number & 0xff, length);
	watch_put(watch, &note, iov, 2);
}

static void packets_come_out_as_they_went_in(void **state)
{
	const struct watch_record *r;
	struct watch watch = { 0 };
	struct watch_reader reader;

	assert_false(watch_any(&watch));
	begin(&watch, 1u << WATCH_RING, 100, &reader);
	assert_true(watch_on(&watch, WATCH_RING));
	assert_false(watch_on(&watch, WATCH_WIRE));
	assert_null(watch_next(&reader));
	put(&watch, WATCH_RING, 7, 60);
	put(&watch, WATCH_WIRE, 8, 60);
	put(&watch, WATCH_RING, 9, 1500);

	r = watch_next(&reader);
	assert_int_equal(r->note.queue, 7);
	assert_int_equal(r->length, 60);
	assert_int_equal(r->captured, 60);
	assert_int_equal(((const uint8_t *)(r + 1))[59], 7);
	watch_done(&reader, r);
	r = watch_next(&reader);
	assert_int_equal(r->note.queue, 9);
	assert_int_equal(r->length, 1500);
	assert_int_equal(r->captured, 100);
	watch_done(&reader, r);
	assert_null(watch_next(&reader));
	end(&watch, &reader);
	assert_false(watch_any(&watch));
	put(&watch, WATCH_RING, 1, 60);
}

static void many_times_round(void **state)
{
	struct watch watch = { 0 };
	struct watch_reader reader;

	begin(&watch, 1u << WATCH_STACK, WATCH_SNAP_MOST, &reader);
	for (unsigned i = 0; i < 400; i++) {
		size_t length = 60 + i * 977 % 65000;
		const struct watch_record *r;

		put(&watch, WATCH_STACK, (uint16_t)i, length);
		r = watch_next(&reader);
		assert_non_null(r);
		assert_int_equal(r->note.queue, i);
		assert_int_equal(r->captured, length);
		for (size_t at = 0; at < length; at += 61)
			assert_int_equal(((const uint8_t *)(r + 1))[at], i & 0xff);
		watch_done(&reader, r);
	}
	assert_int_equal(atomic_load(&reader.shared->lost[WATCH_STACK]), 0);
	end(&watch, &reader);
}

static unsigned read_all(struct watch_reader *reader)
{
	const struct watch_record *r;
	unsigned count = 0;

	for (; (r = watch_next(reader)); count++)
		watch_done(reader, r);
	return count;
}

static void what_has_no_room_is_counted(void **state)
{
	struct watch watch = { 0 };
	struct watch_reader reader;
	unsigned kept;

	begin(&watch, 1u << WATCH_STACK, WATCH_SNAP_MOST, &reader);
	for (unsigned i = 0; i < 100; i++)
		put(&watch, WATCH_STACK, (uint16_t)i, 60000);
	kept = read_all(&reader);
	assert_in_range(kept, SIZE / 60100, SIZE / 60000);
	assert_int_equal(atomic_load(&reader.shared->seen[WATCH_STACK]), 100);
	assert_int_equal(atomic_load(&reader.shared->lost[WATCH_STACK]), 100 - kept);
	put(&watch, WATCH_STACK, 1, 60);
	assert_int_equal(read_all(&reader), 1);
	end(&watch, &reader);
}

#define THREADS 4u
#define EACH    5000u

static void *put_many(void *context)
{
	struct watch *watch = context;
	uint8_t bytes[300];
	const struct iovec iov = { bytes, sizeof(bytes) };

	for (unsigned i = 0; i < EACH; i++) {
		const struct watch_note note = { .point = WATCH_WIRE, .queue = (uint16_t)i };

		memset(bytes, (int)(i & 0xff), sizeof(bytes));
		watch_put(watch, &note, &iov, 1);
	}
	return NULL;
}

/* Return: how many; each is whole. */
static unsigned read_checked(struct watch_reader *reader)
{
	const struct watch_record *r;
	unsigned count = 0;

	for (; (r = watch_next(reader)); count++) {
		const uint8_t *bytes = (const uint8_t *)(r + 1);

		assert_int_equal(r->captured, 300);
		assert_int_equal(bytes[0], r->note.queue & 0xff);
		assert_memory_equal(bytes, bytes + 1, 299);
		watch_done(reader, r);
	}
	return count;
}

static void threads_do_not_mix_theirs(void **state)
{
	struct watch watch = { 0 };
	struct watch_reader reader;
	pthread_t threads[THREADS];
	uint64_t lost, got = 0;

	begin(&watch, 1u << WATCH_WIRE, WATCH_SNAP_MOST, &reader);
	for (unsigned i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, put_many, &watch), 0);
	while (atomic_load(&reader.shared->seen[WATCH_WIRE]) < (uint64_t)THREADS * EACH)
		got += read_checked(&reader);
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	got += read_checked(&reader);
	lost = atomic_load(&reader.shared->lost[WATCH_WIRE]);
	assert_int_equal(got + lost, THREADS * EACH);
	end(&watch, &reader);
}

static void a_reader_that_lies_gets_nothing_more(void **state)
{
	static const uint64_t lies[] = { UINT64_MAX, 1u << 30, 12345, SIZE + 8 };
	struct watch watch = { 0 };
	struct watch_reader reader;

	begin(&watch, 1u << WATCH_STACK, WATCH_SNAP_MOST, &reader);
	for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		memset(reader.ring, 0xff, SIZE);
		reader.shared->size = 1;
		atomic_store(&reader.shared->tail, lies[i]);
		for (unsigned n = 0; n < 50; n++)
			put(&watch, WATCH_STACK, 1, 60000);
	}
	end(&watch, &reader);
}

static void what_is_no_ring_is_refused(void **state)
{
	struct watch_reader reader;
	struct error why = { "" };
	int fd = memfd_create("other", MFD_CLOEXEC);

	assert_int_equal(ftruncate(fd, 4096 + SIZE - 4096), 0);
	assert_false(watch_attach(&reader, fd, &why));
	assert_string_equal(why.text, "what the host has sent is no capture's memory");
	close(fd);
	assert_false(watch_attach(&reader, -1, &why));
	watch_detach(&reader);
}

/* Lengths that a host, of whatever state, has left there. */
static void a_record_that_cannot_be_is_none(void **state)
{
	struct watch watch = { 0 };
	struct watch_reader reader;
	struct watch_record *first;

	begin(&watch, 1u << WATCH_STACK, WATCH_SNAP_MOST, &reader);
	put(&watch, WATCH_STACK, 1, 60);
	first = (struct watch_record *)reader.ring;
	first->captured = 70;
	assert_null(watch_next(&reader));
	first->captured = 60;
	first->note.point = WATCH_POINTS;
	assert_null(watch_next(&reader));
	first->note.point = WATCH_STACK;
	assert_non_null(watch_next(&reader));
	atomic_store(&first->size, SIZE * 2);
	assert_null(watch_next(&reader));
	end(&watch, &reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_come_out_as_they_went_in),
		cmocka_unit_test(many_times_round),
		cmocka_unit_test(what_has_no_room_is_counted),
		cmocka_unit_test(threads_do_not_mix_theirs),
		cmocka_unit_test(a_reader_that_lies_gets_nothing_more),
		cmocka_unit_test(what_is_no_ring_is_refused),
		cmocka_unit_test(a_record_that_cannot_be_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
