/* SPDX-License-Identifier: MIT */
/*
 * Drivers' trace providers, of TraceLogging and of WPP, and who listens to them. A provider tests a
 * byte of its own before it does anything; what it hears is decided here. Rules may be set before
 * there is a provider of that name.
 */
#ifndef NT_TRACE_H
#define NT_TRACE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nt_machine;

enum {
	NT_TRACE_OFF,
	NT_TRACE_CRITICAL,
	NT_TRACE_ERROR,
	NT_TRACE_WARNING,
	NT_TRACE_INFO,
	NT_TRACE_VERBOSE
};

#define NT_TRACE_FLAGS 256 /* bytes of their names */
#define NT_TRACE_RULES 32  /* for providers by name */

/* What one provider is to tell. */
struct nt_trace_rule {
	char provider[128];         /* its name or {GUID}, without letter case */
	unsigned level;             /* the last one that is told */
	char flags[NT_TRACE_FLAGS]; /* names and numbers, by commas; "": all */
};

/* A registered provider, as it is told of. Its texts are good during the call only. */
struct nt_trace_provider {
	const char *name, *id;
	const char *flags; /* that it has, by commas; "" of TraceLogging */
	bool wpp;
	unsigned level;     /* NT_TRACE_OFF: nobody listens */
	const char *chosen; /* flags that are listened to; "": all */
};

struct nt_trace_entry;

/* Of a machine; all of it is under the lock. */
struct nt_traces {
	pthread_mutex_t lock;
	struct nt_trace_entry *first;
	struct nt_trace_rule rules[NT_TRACE_RULES];
	size_t rule_count;
	unsigned level; /* of those that no rule is for */
};

/* nt_traces_init() - everybody is heard, until nt_traces_listen() says otherwise */
void nt_traces_init(struct nt_traces *traces);
void nt_traces_destroy(struct nt_traces *traces);

/* nt_traces_listen() - the level of all that no rule is for; from any thread */
void nt_traces_listen(struct nt_machine *machine, unsigned level);

/*
 * nt_traces_set() - a rule, in the place of one for the same provider; from any thread
 * Return: false: there are too many.
 */
bool nt_traces_set(struct nt_machine *machine, const struct nt_trace_rule *rule);

/* nt_traces_reset() - no rule for that provider any more; NULL: no rules at all */
void nt_traces_reset(struct nt_machine *machine, const char *provider);

/* nt_traces_each() - the registered providers, under the lock: nothing of this file may be called
 */
void nt_traces_each(struct nt_machine *machine,
		    void (*visit)(void *context, const struct nt_trace_provider *provider),
		    void *context);

#endif
