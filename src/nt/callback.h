/* SPDX-License-Identifier: MIT */
/*
 * A call into the driver: timed, told as an event, known to crash and violation reports, and
 * checked to come back at the IRQL it was called at, without locks of its own.
 */
#ifndef NT_CALLBACK_H
#define NT_CALLBACK_H

#include <ntddk.h>
#include <stdbool.h>
#include <stdint.h>

#include "nt/event.h"
#include "nt/region.h"

/* On the caller's stack for the time of the call. The strings outlive it. */
struct nt_callback {
	const char *object; /* the adapter's or driver's name, or "" */
	const char *name;   /* "EvtDeviceD0Entry" */
	const void *of;     /* the object that it is a callback of (nt_callback_of()); or NULL */
	const struct nt_callback *outer;
	uint64_t start_ns;
	KIRQL irql;
	bool endless;              /* the watchdog does not look at it */
	unsigned held;             /* locks of the thread at the call */
	struct nt_regions regions; /* and where it was then */
};

/* nt_callback_begin() / _end() - around a call; the end, after it, emits NT_EVENT_CALLBACK. */
void nt_callback_begin(struct nt_callback *callback, const char *object, const char *name);
void nt_callback_end(struct nt_callback *callback);

/* nt_callback_end_status() - the same with the callback's result in the event. Return: @status. */
NTSTATUS nt_callback_end_status(struct nt_callback *callback, NTSTATUS status);

/*
 * NT_CALLBACK_END(callback, NT_UINT("queue", 0), ...) - nt_callback_end() with these fields in the
 * event, in place of the duration
 */
#define NT_CALLBACK_END(callback, ...)                                             \
	nt_callback_end_fields(callback, (const struct nt_field[]){ __VA_ARGS__ }, \
			       sizeof((const struct nt_field[]){ __VA_ARGS__ }) /  \
				       sizeof(struct nt_field))
void nt_callback_end_fields(struct nt_callback *callback, const struct nt_field *fields,
			    size_t count);

/*
 * Somebody who looks, each time the driver's code begins and ends on a thread, at memory that the
 * driver shares with the framework: so what was changed there is known by its callback.
 */
struct nt_callback_watch {
	/*
	 * @ran: the callback whose code has run since the last look, its struct still in use;
	 * NULL: none on this thread. On the thread, at any IRQL; after a crash, too.
	 */
	void (*look)(struct nt_callback_watch *watch, const struct nt_callback *ran);
};

/* nt_callback_watch() - of the calling thread from now on; NULL: nobody. */
void nt_callback_watch(struct nt_callback_watch *watch);

/* nt_callback_enter() / _leave() - the same without an event, for what is called all the time. */
void nt_callback_enter(struct nt_callback *callback, const char *object, const char *name);
void nt_callback_leave(struct nt_callback *callback);

/*
 * nt_callback_enter_endless() - the same for what runs as long as the driver likes: the watchdog
 * looks at the calls inside of it alone. nt_callback_leave() ends it.
 */
void nt_callback_enter_endless(struct nt_callback *callback, const char *object, const char *name);

/*
 * nt_callback_of() - from here on the innermost callback of this thread is one of @object: a queue,
 * a timer, a work item. Right behind nt_callback_enter() or _begin().
 */
void nt_callback_of(struct nt_callback *callback, const void *object);

/*
 * nt_callback_tell_end() - what on Windows ends with the driver's code in @frames, when that is
 * less than the system; nothing is added otherwise
 */
struct text;
void nt_callback_tell_end(void *const *frames, int count, struct text *text);

/*
 * nt_callback_adapter() - the adapter that the driver's code on this thread runs for, by the
 * callbacks that it is in or by whose worker the thread is; NULL: not known, or there is one alone
 */
const char *nt_callback_adapter(void);

/* nt_callback_is_adapter() - is it the name of one of several adapters? NULL is not. */
bool nt_callback_is_adapter(const char *name);

/* nt_callback_works_for() - from now on the calling thread is this adapter's worker. @name: kept */
void nt_callback_works_for(const char *name);

/*
 * The callback that the calling thread is inside, the innermost of several; NULL: it is in none.
 * nt_callback_inside() - of the object that nt_callback_of() told
 * nt_callback_inside_named() - of what has this name: an adapter's or device's own string
 * nt_callback_inside_one() - a callback with one of these names
 */
const struct nt_callback *nt_callback_inside(const void *object);
const struct nt_callback *nt_callback_inside_named(const char *name);
const struct nt_callback *nt_callback_inside_one(const char *const *names, unsigned count);

#endif
