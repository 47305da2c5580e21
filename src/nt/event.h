/* SPDX-License-Identifier: MIT */
/*
 * Structured events, from every layer up to whoever listens (the host turns them into text and
 * JSON). Names are the field's: a callback's event carries the callback's own name.
 */
#ifndef NT_EVENT_H
#define NT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nt_event_kind {
	NT_EVENT_LIFECYCLE,  /* driver loaded, device states, adapter started, link up */
	NT_EVENT_CALLBACK,   /* a driver's callback has been called: name is EvtXxx */
	NT_EVENT_INDICATION, /* what NDIS is told: NDIS_STATUS_TASK_OFFLOAD_CURRENT_CONFIG ... */
	NT_EVENT_VIOLATION,
	NT_EVENT_LOG,   /* DbgPrint, warnings of ours */
	NT_EVENT_TRACE, /* TraceLogging and WPP of drivers, as far as somebody listens (trace.h) */
};

struct nt_field {
	const char *name;
	enum { NT_FIELD_UINT, NT_FIELD_BOOL, NT_FIELD_TEXT, NT_FIELD_STATUS } type;
	uint64_t number; /* also BOOL and STATUS (NTSTATUS, 32 bits) */
	const char *text;
};

#define NT_UINT(n, v) ((struct nt_field){ .name = (n), .type = NT_FIELD_UINT, .number = (v) })
#define NT_BOOL(n, v) ((struct nt_field){ .name = (n), .type = NT_FIELD_BOOL, .number = !!(v) })
#define NT_TEXT(n, v) ((struct nt_field){ .name = (n), .type = NT_FIELD_TEXT, .text = (v) })
#define NT_STATUS(n, v) \
	((struct nt_field){ .name = (n), .type = NT_FIELD_STATUS, .number = (uint32_t)(v) })

/* Valid only during the sink's call. */
struct nt_event {
	enum nt_event_kind kind;
	uint64_t time_ns;   /* CLOCK_MONOTONIC */
	const char *object; /* the adapter's or driver's name, or "" */
	const char *name;
	const struct nt_field *fields;
	size_t field_count;
};

/* Called on any thread at any IRQL, several at once: quick, thread-safe, no DDIs. */
struct nt_event_sink {
	void (*emit)(void *context, const struct nt_event *event);
	void *context;
};

/* nt_emit() - send an event of the current machine to its sink; nothing on other threads. */
void nt_emit(enum nt_event_kind kind, const char *object, const char *name,
	     const struct nt_field *fields, size_t count);

/* NT_EMIT(kind, object, name, NT_UINT("mtu", 1500), ...) - the same with the fields in place. */
#define NT_EMIT(kind, object, name, ...)                                      \
	nt_emit(kind, object, name, (const struct nt_field[]){ __VA_ARGS__ }, \
		sizeof((const struct nt_field[]){ __VA_ARGS__ }) / sizeof(struct nt_field))
#define NT_EMIT0(kind, object, name) nt_emit(kind, object, name, NULL, 0)

/* nt_log() - an NT_EVENT_LOG event with printf-formatted text in field "text". */
void nt_log(const char *object, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
