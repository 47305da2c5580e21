/* SPDX-License-Identifier: MIT */
#include "nt/machine.h"

#include <errno.h>
#include <string.h>

#include "nt/contiguous.h"
#include "nt/crash.h"
#include "nt/lookaside.h"
#include "nt/object.h"
#include "nt/pool.h"
#include "nt/timer.h"

int nt_machine_init(struct nt_machine *machine)
{
	memset(machine, 0, sizeof(*machine));
	machine->pool = nt_pool_create();
	machine->timers = nt_timers_create(machine);
	machine->objects = nt_objects_create();
	if (!machine->pool || !machine->timers || !machine->objects) {
		nt_objects_destroy(machine->objects);
		nt_pool_destroy(machine->pool);
		nt_timers_destroy(machine->timers);
		return -ENOMEM;
	}
	pthread_mutex_init(&machine->dpc_flush_lock, NULL);
	pthread_mutex_init(&machine->threads_lock, NULL);
	pthread_mutex_init(&machine->drivers_lock, NULL);
	pthread_mutex_init(&machine->guards.lock, NULL);
	pthread_mutex_init(&machine->contiguous_lock, NULL);
	pthread_mutex_init(&machine->lookaside_lock, NULL);
	nt_traces_init(&machine->traces);
	nt_processors_init(&machine->processors);
	nt_dma_init(&machine->dma, NULL);
	pthread_mutex_init(&machine->mmio.lock, NULL);
	machine->mmio.mapped = nt_crash_trap;
	return 0;
}

void nt_machine_destroy(struct nt_machine *machine)
{
	struct nt_subsystem *subsystem = machine->subsystem;

	if (subsystem && subsystem->stop)
		subsystem->stop(subsystem);
	nt_traces_destroy(&machine->traces);
	nt_objects_destroy(machine->objects);
	nt_timers_destroy(machine->timers);
	/* The timers' thread was the last that told it of its end. */
	if (subsystem && subsystem->destroy)
		subsystem->destroy(subsystem);
	nt_pool_destroy(machine->pool);
	nt_contiguous_destroy(machine);
	nt_lookaside_destroy(machine);
	pthread_mutex_destroy(&machine->lookaside_lock);
	pthread_mutex_destroy(&machine->contiguous_lock);
	pthread_mutex_destroy(&machine->dpc_flush_lock);
	pthread_mutex_destroy(&machine->threads_lock);
	pthread_mutex_destroy(&machine->drivers_lock);
	pthread_mutex_destroy(&machine->guards.lock);
	nt_dma_destroy(&machine->dma);
	nt_mmio_destroy(&machine->mmio);
}
