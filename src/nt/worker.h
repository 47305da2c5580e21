/* SPDX-License-Identifier: MIT */
/* A thread at PASSIVE_LEVEL with a queue of work: PnP, power, offload changes, one at a time. */
#ifndef NT_WORKER_H
#define NT_WORKER_H

#include <stdbool.h>

struct nt_machine;
struct nt_worker;

/* nt_worker_create() - start the thread, named @name (15 characters). NULL: no memory or thread. */
struct nt_worker *nt_worker_create(struct nt_machine *machine, const char *name);

/* nt_worker_destroy() - finish queued work, end the thread. Not from the worker itself. */
void nt_worker_destroy(struct nt_worker *worker);

/* nt_worker_call() - run @work there and wait for it; directly when already on that thread. */
void nt_worker_call(struct nt_worker *worker, void (*work)(void *), void *context);

/* nt_worker_call_in() - the same for a DDI, which a report of a circle of waits (deadlock.h) names
 */
void nt_worker_call_in(struct nt_worker *worker, void (*work)(void *), void *context,
		       const char *call);

/* nt_worker_is_current() - the calling thread is the worker's. */
bool nt_worker_is_current(const struct nt_worker *worker);

/*
 * nt_worker_run_posted() - on the worker's thread: run posted work now, before what came earlier
 * Return: false: this work is not posted.
 */
bool nt_worker_run_posted(struct nt_worker *worker, void (*work)(void *), void *context);

/* nt_worker_post() - run @work there later, in order. Return: 0 or -ENOMEM. */
int nt_worker_post(struct nt_worker *worker, void (*work)(void *), void *context);

#endif
