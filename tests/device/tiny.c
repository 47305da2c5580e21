/* SPDX-License-Identifier: MIT */
#include "tiny.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MAPPINGS 16

/* Memory as the device sees it. */
struct view {
	uint64_t logical;
	size_t length;
	uint8_t *memory; /* NULL: free */
};

struct tiny {
	struct device device;
	struct nt_dma dma;
	pthread_t thread;
	bool runs;

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	struct view views[MAPPINGS];
	unsigned told;
	bool asked, ending;
	uint64_t address;
	uint32_t length;
	uint8_t memory[TINY_MEMORY_LENGTH];
};

static int map(void *context, const struct nt_dma_mapping *mapping)
{
	struct tiny *tiny = context;
	int error = -ENOSPC;

	pthread_mutex_lock(&tiny->lock);
	tiny->told++;
	for (unsigned i = 0; i < MAPPINGS && error == -ENOSPC; i++) {
		struct view *view = &tiny->views[i];
		void *memory;

		if (view->memory)
			continue;
		memory = mmap(NULL, mapping->length, PROT_READ | PROT_WRITE, MAP_SHARED,
			      mapping->fd, (off_t)mapping->fd_offset);
		error = memory == MAP_FAILED ? -errno : 0;
		if (!error)
			*view = (struct view){ mapping->logical, mapping->length, memory };
	}
	pthread_mutex_unlock(&tiny->lock);
	return error;
}

static void unmap(void *context, const struct nt_dma_mapping *mapping)
{
	struct tiny *tiny = context;

	pthread_mutex_lock(&tiny->lock);
	for (unsigned i = 0; i < MAPPINGS; i++) {
		struct view *view = &tiny->views[i];

		if (!view->memory || view->logical != mapping->logical)
			continue;
		munmap(view->memory, view->length);
		view->memory = NULL;
	}
	pthread_mutex_unlock(&tiny->lock);
}

/* With the lock held. What is not mapped is nobody's: the access goes nowhere. */
static void invert(struct tiny *tiny)
{
	for (unsigned i = 0; i < MAPPINGS; i++) {
		const struct view *view = &tiny->views[i];

		if (!view->memory || tiny->address < view->logical ||
		    tiny->address - view->logical + tiny->length > view->length)
			continue;
		for (uint32_t at = 0; at < tiny->length; at++)
			view->memory[tiny->address - view->logical + at] ^= 0xFF;
	}
}

static void *run(void *context)
{
	struct tiny *tiny = context;

	nt_thread_enter(tiny->device.bus.machine);
	pthread_mutex_lock(&tiny->lock);
	while (!tiny->ending) {
		if (!tiny->asked) {
			pthread_cond_wait(&tiny->changed, &tiny->lock);
			continue;
		}
		tiny->asked = false;
		invert(tiny);
		pthread_mutex_unlock(&tiny->lock);
		nt_message_send(&tiny->device.bus.interrupts[TINY_DONE]);
		pthread_mutex_lock(&tiny->lock);
	}
	pthread_mutex_unlock(&tiny->lock);
	nt_thread_leave();
	return NULL;
}

static uint64_t read_control(void *context, uint64_t offset, unsigned width)
{
	(void)context;
	return offset == TINY_ID && width == 4 ? TINY_IS : 0;
}

static void write_control(void *context, uint64_t offset, unsigned width, uint64_t value)
{
	struct tiny *tiny = context;

	(void)width;
	if (offset == TINY_SEND && value < TINY_MESSAGES) {
		nt_message_send(&tiny->device.bus.interrupts[value]);
		return;
	}
	pthread_mutex_lock(&tiny->lock);
	if (offset == TINY_ADDRESS)
		tiny->address = value;
	else if (offset == TINY_LENGTH)
		tiny->length = (uint32_t)value;
	else if (offset == TINY_INVERT)
		tiny->asked = true;
	pthread_cond_signal(&tiny->changed);
	pthread_mutex_unlock(&tiny->lock);
}

static uint64_t read_memory(void *context, uint64_t offset, unsigned width)
{
	struct tiny *tiny = context;
	uint64_t value = 0;

	pthread_mutex_lock(&tiny->lock);
	memcpy(&value, tiny->memory + offset, width);
	pthread_mutex_unlock(&tiny->lock);
	return value;
}

static void write_memory(void *context, uint64_t offset, unsigned width, uint64_t value)
{
	struct tiny *tiny = context;

	pthread_mutex_lock(&tiny->lock);
	memcpy(tiny->memory + offset, &value, width);
	pthread_mutex_unlock(&tiny->lock);
}

static struct device *create(const struct device_ops *ops)
{
	struct tiny *tiny = calloc(1, sizeof(*tiny));
	const struct nt_dma_listener listener = {
		.context = tiny, .in_files = true, .map = map, .unmap = unmap
	};

	(void)ops;
	if (!tiny)
		return NULL;
	pthread_mutex_init(&tiny->lock, NULL);
	pthread_cond_init(&tiny->changed, NULL);
	nt_dma_init(&tiny->dma, &listener);
	tiny->device.bus.dma = &tiny->dma;
	return &tiny->device;
}

static void destroy(struct device *device)
{
	struct tiny *tiny = (struct tiny *)device;

	pthread_mutex_lock(&tiny->lock);
	tiny->ending = true;
	pthread_cond_signal(&tiny->changed);
	pthread_mutex_unlock(&tiny->lock);
	if (tiny->runs)
		pthread_join(tiny->thread, NULL);
	nt_dma_destroy(&tiny->dma);
	pthread_cond_destroy(&tiny->changed);
	pthread_mutex_destroy(&tiny->lock);
	free(tiny);
}

static void power_on(struct device *device)
{
	struct tiny *tiny = (struct tiny *)device;

	tiny->runs = !pthread_create(&tiny->thread, NULL, run, tiny);
}

static void removed(struct device *device)
{
	(void)device;
}

static void counters(struct device *device, struct device_counters *counters)
{
	(void)device;
	*counters = (struct device_counters){ 0 };
}

unsigned tiny_mappings(struct device *device)
{
	struct tiny *tiny = (struct tiny *)device;
	unsigned count = 0;

	pthread_mutex_lock(&tiny->lock);
	for (unsigned i = 0; i < MAPPINGS; i++)
		count += tiny->views[i].memory != NULL;
	pthread_mutex_unlock(&tiny->lock);
	return count;
}

unsigned tiny_told(struct device *device)
{
	struct tiny *tiny = (struct tiny *)device;
	unsigned told;

	pthread_mutex_lock(&tiny->lock);
	told = tiny->told;
	pthread_mutex_unlock(&tiny->lock);
	return told;
}

const struct device_ops tiny_ops = {
	.name = "tiny",
	.bus = { .vendor = TINY_VENDOR,
		 .device = TINY_DEVICE,
		 .revision = 7,
		 .class_code = 0x020000,
		 .messages = TINY_MESSAGES,
		 .regions[TINY_CONTROL] = { TINY_CONTROL_LENGTH,
					    { .read = read_control, .write = write_control } },
		 .regions[TINY_MEMORY] = { TINY_MEMORY_LENGTH,
					   { .read = read_memory, .write = write_memory } } },
	.create = create,
	.destroy = destroy,
	.reset = power_on,
	.counters = counters,
	.remove = removed,
};
