/* SPDX-License-Identifier: MIT */
/*
 * Executive objects that a driver has handles and references of: threads. What a driver calls a
 * PKTHREAD points to one.
 */
#ifndef NT_OBJECT_H
#define NT_OBJECT_H

#include <ntddk.h>
#include <setjmp.h>

#include "nt/callback.h"

struct nt_machine;
struct nt_objects;
struct nt_thread;

/* Free when its thread is over and nobody has a handle or a reference. Links and counts: under the
 * objects' lock. */
struct nt_thread_object {
	DISPATCHER_HEADER header; /* what is waited for; signaled at the thread's end */
	struct nt_machine *machine;
	struct nt_thread_object *next, **link;
	unsigned references, handles;             /* that the driver has */
	bool owned;                               /* its thread is not over */
	_Atomic(const struct nt_thread *) thread; /* NULL: it has not begun, or is over */
	_Atomic KPRIORITY priority;
	_Atomic LONG increment; /* of the base priority */
	/* Of a system thread: what it is to do; by the thread alone once it runs. */
	PKSTART_ROUTINE start; /* NULL: it is a thread of ours */
	PVOID context;
	struct nt_callback callback;
	jmp_buf end;
	char name[160]; /* "system thread FooPoll foo.c:12" */
};

struct nt_objects *nt_objects_create(void);

/* nt_objects_destroy() - after all threads have left the machine; waits for what is on its way. */
void nt_objects_destroy(struct nt_objects *objects);

/* nt_object_add() - @like as an object of a thread that is not over; NULL: no memory */
struct nt_thread_object *nt_object_add(struct nt_machine *machine,
				       const struct nt_thread_object *like);

/* nt_object_release() - there is no thread any more, or will not be */
void nt_object_release(struct nt_thread_object *object);

/* nt_object_open() - a handle of it; NULL: no memory */
HANDLE nt_object_open(struct nt_thread_object *object, ULONG access);

/* nt_object_thread_over() - its thread is none of the machine's any more, and touches it no more */
void nt_object_thread_over(struct nt_thread_object *object);

/*
 * nt_object_end_module() - the driver with code at @in_module is gone: end it when a system thread
 * of it still runs (bug check 0xCE), log the handles and references that it did not give back, and
 * give them back. Return: their number.
 */
unsigned long nt_object_end_module(struct nt_machine *machine, const char *driver,
				   const void *in_module);

#endif
