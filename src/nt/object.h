/* SPDX-License-Identifier: MIT */
/*
 * Executive objects that a driver has handles and references of: threads, which a PKTHREAD points
 * to, and what user mode's drivers make and wait for. One table of handles for all.
 */
#ifndef NT_OBJECT_H
#define NT_OBJECT_H

#include <ntddk.h>
#include <setjmp.h>
#include <stdbool.h>
#include <sys/types.h>

#include "nt/callback.h"

struct nt_machine;
struct nt_object;
struct nt_objects;
struct nt_thread;

/* A kind of objects; told apart by address. */
struct nt_object_type {
	const char *name; /* "event" */
	/* Nobody has it any more: before its memory goes, under the objects' lock. NULL: nothing */
	void (*end)(struct nt_object *object);
};

/* Free when nobody has a handle or a reference. Links and counts: under the objects' lock. */
struct nt_object {
	DISPATCHER_HEADER header; /* what is waited for */
	const struct nt_object_type *type;
	struct nt_machine *machine;
	struct nt_object *next, **link;
	unsigned references, handles; /* that the driver has */
	bool owned;                   /* ours, too: of a thread, that it is not over */
	const void *maker;            /* in the driver: who made it, or what the thread runs */
	WCHAR *name;                  /* by which others open it, its own; NULL: none */
};

/* The type of each PKTHREAD. */
extern const struct nt_object_type nt_thread_type;

struct nt_thread_object {
	struct nt_object object;                  /* signaled at the thread's end */
	_Atomic(const struct nt_thread *) thread; /* NULL: it has not begun, or is over */
	_Atomic pid_t id;                         /* Linux'; 0: it has not begun */
	_Atomic KPRIORITY priority;
	_Atomic LONG increment; /* of the base priority */
	_Atomic DWORD exit_code;
	/* Of a thread that the driver made: what it is to do; by the thread alone once it runs. */
	const void *start; /* the driver's routine; NULL: it is a thread of ours */
	void (*run)(struct nt_thread_object *thread); /* calls it */
	PVOID context;
	bool win32;             /* made by a call of user mode's */
	_Atomic LONG suspended; /* it begins when this is 0 (a futex) */
	struct nt_callback callback;
	jmp_buf end;
	WCHAR *description; /* what user mode calls it, its own; NULL: it does not */
	char name[160];     /* "system thread FooPoll foo.c:12" */
};

struct nt_objects *nt_objects_create(void);

/* nt_objects_destroy() - after all threads have left the machine; waits for what is on its way. */
void nt_objects_destroy(struct nt_objects *objects);

/*
 * nt_object_add() - one object more of the calling thread's machine
 * @like: what it is to be like, with its header; its links and counts are made here
 * @size: of what it is the first member of, in bytes
 * Return: NULL: no memory.
 */
struct nt_object *nt_object_add(const struct nt_object *like, size_t size);

/* nt_object_release() - we have it no more: its thread is over, or will not be */
void nt_object_release(struct nt_object *object);

/* nt_object_open() - a handle of it; NULL: no memory */
HANDLE nt_object_open(struct nt_object *object, ULONG access);

/*
 * nt_object_open_named() - a handle of the object that has this name
 * @type: which it must be
 * Return: STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_TYPE_MISMATCH when it is something else.
 */
NTSTATUS nt_object_open_named(const struct nt_object_type *type, PCWSTR name, ULONG access,
			      HANDLE *handle);

/*
 * nt_object_by_handle() - a reference of what a handle is of; nt_object_put() gives it back
 * @type: which it must be; NULL: any
 * Return: STATUS_INVALID_HANDLE, STATUS_OBJECT_TYPE_MISMATCH; *object is of that type even then.
 */
NTSTATUS nt_object_by_handle(HANDLE handle, const struct nt_object_type *type,
			     struct nt_object **object);
void nt_object_put(struct nt_object *object);

/* nt_object_type_of() - what a handle is of; NULL: it is none */
const struct nt_object_type *nt_object_type_of(HANDLE handle);

/* nt_object_close() - false: there is no such handle */
bool nt_object_close(HANDLE handle);

/* nt_object_each() - @visit every object of a type, under the objects' lock */
void nt_object_each(struct nt_machine *machine, const struct nt_object_type *type,
		    void (*visit)(struct nt_object *object, void *context), void *context);

/* nt_object_thread_over() - its thread is none of the machine's any more, and touches it no more */
void nt_object_thread_over(struct nt_thread_object *thread);

/*
 * nt_object_end_module() - the driver with code at @in_module is gone: end it when a thread of it
 * still runs (bug check 0xCE), log the handles and references that it did not give back, and give
 * them back. Return: their number.
 */
unsigned long nt_object_end_module(struct nt_machine *machine, const char *driver,
				   const void *in_module);

/*
 * nt_thread_make() - an object for a thread that is to be
 * @like: start, run, context, suspended and name
 * nt_thread_start() - start it, with @stack bytes of stack (0: as many as usual); false: Linux does
 * not, and the object stays the caller's
 * nt_thread_exit() - the calling thread ends, in the middle of what it runs. It is such a one.
 * nt_thread_is_made() - the innermost callback of the calling thread is such a thread's routine
 * nt_thread_current() - the calling thread's object
 */
struct nt_thread_object *nt_thread_make(const struct nt_thread_object *like);
bool nt_thread_start(struct nt_thread_object *thread, size_t stack);
_Noreturn void nt_thread_exit(struct nt_thread_object *thread);
bool nt_thread_is_made(const struct nt_thread_object *thread);
struct nt_thread_object *nt_thread_current(void);

#endif
