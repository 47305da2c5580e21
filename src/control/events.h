/* SPDX-License-Identifier: MIT */
/*
 * The host's log of events: every layer writes, the standard output and any number of followers
 * read at their own pace. A reader that is too slow loses events and is told how many; a writer
 * never waits for one.
 */
#ifndef CONTROL_EVENTS_H
#define CONTROL_EVENTS_H

#include <pthread.h>
#include <stdint.h>

#include "nt/event.h"

#define EVENTS_KEPT 1024
#define EVENT_SIZE  2048 /* bytes of one event as JSON, with its newline and terminator */

/*
 * Owned by the host; all of it is under @lock. An event is kept as one line of JSON:
 * {"time_ms":12.345,"kind":"callback","adapter":"Ethernet","name":"EvtNetAdapterOffloadSetLso",
 *  "ipv4":true,...}. The fields follow "name"; one that is called as one of these four gets an
 * underscore behind. An NTSTATUS field is its text, and "<field>_value" its number. What does not
 * fit EVENT_SIZE is left out and "cut":true added.
 */
struct events {
	pthread_mutex_t lock;
	uint64_t start_ns;        /* time 0 */
	uint64_t next;            /* sequence number of the next event */
	int wake_fd;              /* eventfd, written on each event; -1: none */
	bool traces[EVENTS_KEPT]; /* it is a driver's trace */
	char lines[EVENTS_KEPT][EVENT_SIZE];
};

/* events_init() - @wake_fd is not owned. Return: 0 or -errno. */
int events_init(struct events *events, int wake_fd);
void events_destroy(struct events *events);

/* events_sink() - for struct nt_machine. */
struct nt_event_sink events_sink(struct events *events);

/* events_put() - an event of the host's own, from any thread. */
void events_put(struct events *events, enum nt_event_kind kind, const char *object,
		const char *name, const struct nt_field *fields, size_t count);

#define EVENTS_PUT(events, kind, object, name, ...)                                      \
	events_put(events, kind, object, name, (const struct nt_field[]){ __VA_ARGS__ }, \
		   sizeof((const struct nt_field[]){ __VA_ARGS__ }) / sizeof(struct nt_field))

/*
 * events_get() - the event that a reader is at
 * @cursor: the reader's place, moved on; 0 at first reads what is kept from the start
 * @line:   EVENT_SIZE bytes; a line of JSON with its newline
 *
 * Return: its length; 0 when the reader has all. A reader that was overtaken gets
 * {"kind":"dropped","count":N} once.
 */
size_t events_get(struct events *events, uint64_t *cursor, char *line);

/* events_get_but_traces() - the same, without what drivers trace (NT_EVENT_TRACE). */
size_t events_get_but_traces(struct events *events, uint64_t *cursor, char *line);

/* events_now() - the cursor of a reader that wants only what comes from now on. */
uint64_t events_now(struct events *events);

#endif
