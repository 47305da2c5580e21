/* SPDX-License-Identifier: MIT */
#include "frame/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "frame/frame.h"

#define FIRST_PAGE 4096u
#define ALIGNMENT  8u
#define NS_PER_SEC 1000000000u
#define PAUSE_NS   20000

_Static_assert(sizeof(struct watch_shared) <= FIRST_PAGE, "the ring begins behind it");
_Static_assert(sizeof(struct watch_record) % ALIGNMENT == 0, "records follow each other");

/* Of the queue whose thread this is; a thread's own, as nt_self is. */
static _Thread_local uint16_t queue_of_thread = WATCH_NO_QUEUE;

const char *watch_point_name(enum watch_point point)
{
	static const char *const names[] = { "stack", "ring", "wire" };

	return names[point];
}

uint16_t watch_queue(void)
{
	return queue_of_thread;
}

void watch_set_queue(uint16_t queue)
{
	queue_of_thread = queue;
}

/*
 * The first page, then the ring twice, one behind the other, so that a record at its end goes on at
 * its beginning.
 */
static void *map(int fd, uint32_t size)
{
	size_t whole = FIRST_PAGE + 2 * (size_t)size;
	uint8_t *room =
		mmap(NULL, whole, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	const int how = MAP_SHARED | MAP_FIXED, may = PROT_READ | PROT_WRITE;

	if (room == MAP_FAILED)
		return NULL;
	if (mmap(room, FIRST_PAGE + (size_t)size, may, how, fd, 0) != MAP_FAILED &&
	    mmap(room + FIRST_PAGE + size, size, may, how, fd, FIRST_PAGE) != MAP_FAILED)
		return room;
	munmap(room, whole);
	return NULL;
}

static void unmap(struct watch_shared *shared, uint32_t size)
{
	munmap(shared, FIRST_PAGE + 2 * (size_t)size);
}

int watch_begin(struct watch *watch, unsigned points, uint32_t size, uint32_t snap,
		struct error *error)
{
	int fd = memfd_create("netcx-capture", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct watch_shared *shared = NULL;

	/* Sealed: a reader that makes it shorter would have the writers killed. */
	if (fd >= 0 && ftruncate(fd, FIRST_PAGE + (off_t)size) == 0 &&
	    fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
		shared = map(fd, size);
	if (!shared) {
		error_set(error, "no memory of %u MB for a capture: %s", size >> 20,
			  strerror(errno));
		if (fd >= 0)
			close(fd);
		return -1;
	}
	shared->size = size;
	watch->shared = shared;
	watch->ring = (uint8_t *)shared + FIRST_PAGE;
	watch->size = size;
	watch->snap = snap;
	atomic_store(&watch->head, 0);
	atomic_store(&watch->on, points);
	return fd;
}

void watch_end(struct watch *watch)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	if (!watch->shared)
		return;
	atomic_store(&watch->on, 0);
	while (atomic_load(&watch->users))
		nanosleep(&pause, NULL);
	atomic_store(&watch->shared->ended, true);
	unmap(watch->shared, watch->size);
	watch->shared = NULL;
	watch->ring = NULL;
}

/* Return: where a record of so many bytes has its place; NULL: there is no room */
static struct watch_record *reserve(struct watch *watch, uint32_t size)
{
	uint64_t head = atomic_load_explicit(&watch->head, memory_order_relaxed);

	do {
		/* Acquire: what the reader has cleared is clear before it is written. */
		uint64_t tail = atomic_load_explicit(&watch->shared->tail, memory_order_acquire);

		if (head - tail > watch->size || watch->size - (head - tail) < size)
			return NULL;
	} while (!atomic_compare_exchange_weak(&watch->head, &head, head + size));
	return (struct watch_record *)(watch->ring + (head & (watch->size - 1)));
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	return (uint64_t)time.tv_sec * NS_PER_SEC + (uint64_t)time.tv_nsec;
}

static void write_record(struct watch *watch, const struct watch_note *note,
			 const struct iovec *iov, int count)
{
	size_t length = frame_length(iov, count);
	uint32_t captured = length > watch->snap ? watch->snap : (uint32_t)length;
	uint32_t size = ((uint32_t)sizeof(struct watch_record) + captured + ALIGNMENT - 1) &
			~(ALIGNMENT - 1);
	struct watch_record *record = reserve(watch, size);

	atomic_fetch_add_explicit(&watch->shared->seen[note->point], 1, memory_order_relaxed);
	if (!record) {
		atomic_fetch_add_explicit(&watch->shared->lost[note->point], 1,
					  memory_order_relaxed);
		return;
	}
	record->length = (uint32_t)length;
	record->captured = captured;
	record->note = *note;
	record->time = now();
	frame_read(iov, count, 0, record + 1, captured);
	atomic_store_explicit(&record->size, size, memory_order_release);
}

void watch_put(struct watch *watch, const struct watch_note *note, const struct iovec *iov,
	       int count)
{
	atomic_fetch_add(&watch->users, 1);
	if (atomic_load(&watch->on) & 1u << note->point)
		write_record(watch, note, iov, count);
	atomic_fetch_sub(&watch->users, 1);
}

static bool is_size(uint32_t size)
{
	return size >= WATCH_SIZE_LEAST && size <= WATCH_SIZE_MOST && !(size & (size - 1));
}

bool watch_attach(struct watch_reader *reader, int fd, struct error *error)
{
	struct watch_shared *shared;
	struct stat stat;
	uint32_t size = 0;

	*reader = (struct watch_reader){ 0 };
	if (fstat(fd, &stat) == 0 && stat.st_size > FIRST_PAGE && stat.st_size < UINT32_MAX)
		size = (uint32_t)stat.st_size - FIRST_PAGE;
	if (!is_size(size)) {
		error_set(error, "what the host has sent is no capture's memory");
		return false;
	}
	shared = map(fd, size);
	if (!shared) {
		error_set(error, "the capture's memory: %s", strerror(errno));
		return false;
	}
	*reader = (struct watch_reader){ .shared = shared,
					 .ring = (uint8_t *)shared + FIRST_PAGE,
					 .size = size,
					 .tail = atomic_load(&shared->tail) };
	return true;
}

void watch_detach(struct watch_reader *reader)
{
	if (reader->shared)
		unmap(reader->shared, reader->size);
	*reader = (struct watch_reader){ 0 };
}

const struct watch_record *watch_next(struct watch_reader *reader)
{
	const struct watch_record *record =
		(struct watch_record *)(reader->ring + (reader->tail & (reader->size - 1)));
	uint32_t size =
		atomic_load_explicit(&((struct watch_record *)record)->size, memory_order_acquire);

	if (size < sizeof(*record) || size > reader->size ||
	    record->captured > size - sizeof(*record) || record->note.point >= WATCH_POINTS)
		return NULL;
	return record;
}

void watch_done(struct watch_reader *reader, const struct watch_record *record)
{
	uint32_t size =
		atomic_load_explicit(&((struct watch_record *)record)->size, memory_order_relaxed);

	/* Where the next round's records begin is not known: no old byte may look like a length. */
	memset((void *)record, 0, size);
	reader->tail += size;
	atomic_store_explicit(&reader->shared->tail, reader->tail, memory_order_release);
}
