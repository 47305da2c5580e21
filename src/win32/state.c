/* SPDX-License-Identifier: MIT */
#include "win32/state.h"

#include <dlfcn.h>
#include <stdlib.h>

#include "nt/machine.h"
#include "nt/violation.h"

void w32_check_thread(const char *call)
{
	if (!nt_machine())
		nt_violation_stop(
			0x300, 0, "THREAD", call,
			"Win32 is called on the framework's threads and those that CreateThread has made.",
			"the thread is none of them.");
}

const void *w32_module_of(const void *address)
{
	Dl_info info;

	return address && dladdr(address, &info) ? info.dli_fbase : NULL;
}

static unsigned long module_gone(struct nt_subsystem *subsystem, const char *driver,
				 const void *module)
{
	struct w32 *w32 = (struct w32 *)subsystem;

	return w32_pool_report(w32, driver, module) + w32_sections_report(w32, driver, module) +
	       w32_heaps_report(w32, driver, module) + w32_regions_report(w32, driver, module);
}

static void thread_ends(struct nt_subsystem *subsystem)
{
	w32_slots_thread_ends((struct w32 *)subsystem);
}

static void stop(struct nt_subsystem *subsystem)
{
	w32_pool_stop((struct w32 *)subsystem);
}

static void destroy(struct nt_subsystem *subsystem)
{
	struct w32 *w32 = (struct w32 *)subsystem;

	w32_pool_destroy(w32);
	w32_sections_destroy(w32);
	w32_heaps_destroy(w32);
	w32_regions_destroy(w32);
	pthread_mutex_destroy(&w32->regions_lock);
	w32_rooms_destroy(w32);
	pthread_mutex_destroy(&w32->slots.lock);
	pthread_mutex_destroy(&w32->sections_lock);
	pthread_mutex_destroy(&w32->names_lock);
	free(w32);
}

static struct w32 *create(void)
{
	struct w32 *w32 = calloc(1, sizeof(*w32));

	if (!w32)
		abort();
	pthread_mutex_init(&w32->names_lock, NULL);
	pthread_mutex_init(&w32->sections_lock, NULL);
	pthread_mutex_init(&w32->regions_lock, NULL);
	pthread_mutex_init(&w32->slots.lock, NULL);
	w32_rooms_init(w32);
	w32_pool_init(&w32->pool);
	if (!w32_heaps_init(w32))
		abort();
	w32->subsystem = (struct nt_subsystem){ thread_ends, module_gone, stop, destroy };
	return w32;
}

struct w32 *w32_state(const char *call)
{
	struct nt_subsystem *there, *made;

	w32_check_thread(call);
	there = atomic_load(&nt_machine()->subsystem);
	if (there)
		return (struct w32 *)there;
	made = &create()->subsystem;
	if (atomic_compare_exchange_strong(&nt_machine()->subsystem, &there, made))
		return (struct w32 *)made;
	destroy(made);
	return (struct w32 *)there;
}
