/* SPDX-License-Identifier: MIT */
#include "win32/state.h"

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

static void destroy(struct nt_subsystem *subsystem)
{
	struct w32 *w32 = (struct w32 *)subsystem;

	pthread_mutex_destroy(&w32->names_lock);
	free(w32);
}

static struct w32 *create(void)
{
	struct w32 *w32 = calloc(1, sizeof(*w32));

	if (!w32)
		abort();
	pthread_mutex_init(&w32->names_lock, NULL);
	w32->subsystem.destroy = destroy;
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
