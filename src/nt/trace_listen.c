/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "nt/machine.h"
#include "nt/trace.h"
#include "nt/trace_private.h"

const char *nt_trace_next(const char *list, const char **name, size_t *length)
{
	list += strspn(list, ", ");
	*name = list;
	*length = strcspn(list, ", ");
	return *length ? list + *length : NULL;
}

void nt_trace_put_guid(char *text, size_t room, const GUID *g)
{
	snprintf(text, room, "{%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x}", g->Data1,
		 g->Data2, g->Data3, g->Data4[0], g->Data4[1], g->Data4[2], g->Data4[3],
		 g->Data4[4], g->Data4[5], g->Data4[6], g->Data4[7]);
}

void nt_traces_init(struct nt_traces *t)
{
	pthread_mutex_init(&t->lock, NULL);
	t->level = NT_TRACE_VERBOSE;
}

void nt_traces_destroy(struct nt_traces *t)
{
	while (t->first) {
		struct nt_trace_entry *next = t->first->next;

		free(t->first);
		t->first = next;
	}
	pthread_mutex_destroy(&t->lock);
}

/* A GUID may be given without its braces. */
static bool is_called(const struct nt_trace_entry *e, const char *name)
{
	size_t length = strlen(name);

	return strcasecmp(e->name, name) == 0 || strcasecmp(e->id, name) == 0 ||
	       (length + 2 == strlen(e->id) && strncasecmp(e->id + 1, name, length) == 0);
}

/* Under the lock. */
static void tell(struct nt_traces *t, struct nt_trace_entry *e)
{
	e->level = t->level;
	e->chosen[0] = '\0';
	for (size_t i = 0; i < t->rule_count; i++) {
		const struct nt_trace_rule *r = &t->rules[i];

		if (!is_called(e, r->provider))
			continue;
		e->level = r->level;
		memcpy(e->chosen, r->flags, sizeof(e->chosen));
	}
	e->apply(e->key, e->level, e->chosen);
}

static void tell_all(struct nt_traces *t)
{
	for (struct nt_trace_entry *e = t->first; e; e = e->next)
		tell(t, e);
}

static struct nt_trace_entry **find(struct nt_traces *t, const void *key)
{
	struct nt_trace_entry **at = &t->first;

	while (*at && (*at)->key != key)
		at = &(*at)->next;
	return at;
}

void nt_trace_add(const struct nt_trace_entry *entry)
{
	struct nt_machine *machine = nt_machine();
	struct nt_trace_entry *e, **at;

	if (!machine) {
		entry->apply(entry->key, NT_TRACE_VERBOSE, "");
		return;
	}
	pthread_mutex_lock(&machine->traces.lock);
	at = find(&machine->traces, entry->key);
	e = *at ? NULL : malloc(sizeof(*e));
	if (e) {
		*e = *entry;
		e->next = NULL;
		*at = e;
		tell(&machine->traces, e);
	}
	pthread_mutex_unlock(&machine->traces.lock);
}

void nt_trace_remove(const void *key)
{
	struct nt_machine *machine = nt_machine();
	struct nt_trace_entry *e, **at;

	if (!machine)
		return;
	pthread_mutex_lock(&machine->traces.lock);
	at = find(&machine->traces, key);
	e = *at;
	if (e) {
		e->apply(key, NT_TRACE_OFF, "");
		*at = e->next;
		free(e);
	}
	pthread_mutex_unlock(&machine->traces.lock);
}

void nt_traces_listen(struct nt_machine *machine, unsigned level)
{
	pthread_mutex_lock(&machine->traces.lock);
	machine->traces.level = level;
	tell_all(&machine->traces);
	pthread_mutex_unlock(&machine->traces.lock);
}

/* Under the lock. The rules behind it move up. */
static void drop(struct nt_traces *t, const char *provider)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->rule_count; i++) {
		if (strcasecmp(t->rules[i].provider, provider) != 0)
			t->rules[kept++] = t->rules[i];
	}
	t->rule_count = kept;
}

bool nt_traces_set(struct nt_machine *machine, const struct nt_trace_rule *rule)
{
	struct nt_traces *t = &machine->traces;
	bool room;

	pthread_mutex_lock(&t->lock);
	drop(t, rule->provider);
	room = t->rule_count < NT_TRACE_RULES;
	if (room)
		t->rules[t->rule_count++] = *rule;
	tell_all(t);
	pthread_mutex_unlock(&t->lock);
	return room;
}

void nt_traces_reset(struct nt_machine *machine, const char *provider)
{
	struct nt_traces *t = &machine->traces;

	pthread_mutex_lock(&t->lock);
	if (provider)
		drop(t, provider);
	else
		t->rule_count = 0;
	tell_all(t);
	pthread_mutex_unlock(&t->lock);
}

void nt_traces_each(struct nt_machine *machine,
		    void (*visit)(void *context, const struct nt_trace_provider *provider),
		    void *context)
{
	pthread_mutex_lock(&machine->traces.lock);
	for (struct nt_trace_entry *e = machine->traces.first; e; e = e->next) {
		struct nt_trace_provider p = { .name = e->name,
					       .id = e->id,
					       .wpp = e->flags != NULL,
					       .flags = e->flags ? e->flags(e->key) : "",
					       .level = e->level,
					       .chosen = e->chosen };

		visit(context, &p);
	}
	pthread_mutex_unlock(&machine->traces.lock);
}
