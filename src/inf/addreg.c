/* SPDX-License-Identifier: MIT */
/* Source: "INF AddReg Directive", "INF AddService Directive", Windows driver documentation. */
#include "inf/addreg.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf.h"
#include "inf/install.h"
#include "nt/registry.h"

/* More than any real file has; it bounds the time that a hostile one takes. */
#define MAX_LINES 65536

struct walk {
	const struct inf *inf;
	unsigned lines;
	bool (*visit)(void *context, const struct inf_addreg *addreg);
	void *context;
	struct inf_error *error;
};

static bool read_line(struct walk *w, enum inf_key key, const struct inf_entry *e)
{
	struct inf_addreg a = {
		.key = key, .subkey = inf_value(e, 1), .name = inf_value(e, 2), .entry = e
	};
	const char *flags = inf_value(e, 3);
	char *end;

	if (++w->lines > MAX_LINES) {
		*w->error = (struct inf_error){ .line = e->line, .column = 1 };
		snprintf(w->error->text, sizeof(w->error->text), "more than %d AddReg lines",
			 MAX_LINES);
		return false;
	}
	if (strcasecmp(inf_value(e, 0), "HKR") != 0)
		return true;
	errno = 0;
	a.flags = (unsigned)strtoul(flags, &end, 0);
	if (*end != '\0' || errno) {
		*w->error = (struct inf_error){ .line = e->line, .column = 1 };
		snprintf(w->error->text, sizeof(w->error->text),
			 "the flags of an AddReg line are a number, not %.60s", flags);
		return false;
	}
	return w->visit(w->context, &a);
}

static bool walk_section(struct walk *w, enum inf_key key, const char *name)
{
	const struct inf_section *section = inf_section(w->inf, name), *added;

	for (const struct inf_entry *e = section ? section->entries : NULL; e; e = e->next) {
		if (!e->key || strcasecmp(e->key, "AddReg") != 0)
			continue;
		for (unsigned i = 0; i < e->count; i++) {
			added = inf_section(w->inf, e->values[i]);
			if (!added) {
				*w->error = (struct inf_error){ .line = e->line, .column = 1 };
				snprintf(w->error->text, sizeof(w->error->text),
					 "AddReg: there is no section [%.100s]", e->values[i]);
				return false;
			}
			for (const struct inf_entry *a = added->entries; a; a = a->next) {
				if (!read_line(w, key, a))
					return false;
			}
		}
	}
	return true;
}

static bool walk_services(struct walk *w, const char *name)
{
	const struct inf_section *section = inf_section(w->inf, name);

	for (const struct inf_entry *e = section ? section->entries : NULL; e; e = e->next) {
		if (e->key && strcasecmp(e->key, "AddService") == 0 &&
		    !walk_section(w, INF_SERVICE, inf_value(e, 2)))
			return false;
	}
	return true;
}

bool inf_each_addreg(const struct inf *inf, const char *install,
		     bool (*visit)(void *context, const struct inf_addreg *addreg), void *context,
		     struct inf_error *error)
{
	struct walk w = { .inf = inf, .visit = visit, .context = context, .error = error };
	char name[300];

	if (!walk_section(&w, INF_SOFTWARE, install))
		return false;
	snprintf(name, sizeof(name), "%s.HW", install);
	if (!walk_section(&w, INF_HARDWARE, name))
		return false;
	snprintf(name, sizeof(name), "%s.Services", install);
	return walk_services(&w, name);
}

/* The registry key below @key that a path with backslashes names; made when absent. */
static struct nt_reg_key *key_at(struct nt_reg_key *key, const char *path)
{
	char name[256];

	while (key && *path) {
		size_t n = strcspn(path, "\\");

		if (n >= sizeof(name))
			return NULL;
		if (n) {
			memcpy(name, path, n);
			name[n] = '\0';
			key = nt_reg_subkey(key, name, true);
		}
		path += n + (path[n] == '\\');
	}
	return key;
}

static NTSTATUS put_multi(struct nt_reg_key *key, const struct inf_addreg *a)
{
	WCHAR *data, *to;
	size_t units = 1;
	NTSTATUS status;

	for (unsigned i = 4; i < a->entry->count; i++)
		units += strlen(a->entry->values[i]) + 1;
	data = to = calloc(units, sizeof(*data));
	if (!data)
		return STATUS_INSUFFICIENT_RESOURCES;
	for (unsigned i = 4; i < a->entry->count; i++)
		to += utf16_from_utf8(to, units - (size_t)(to - data), a->entry->values[i]) + 1;
	*to++ = 0;
	status = nt_reg_set(key, a->name, NT_REG_MULTI_SZ, data,
			    (size_t)(to - data) * sizeof(*data));
	free(data);
	return status;
}

static NTSTATUS put_binary(struct nt_reg_key *key, const struct inf_addreg *a)
{
	unsigned count = a->entry->count > 4 ? a->entry->count - 4 : 0;
	unsigned char *data = malloc(count + 1);
	NTSTATUS status;

	if (!data)
		return STATUS_INSUFFICIENT_RESOURCES;
	for (unsigned i = 0; i < count; i++)
		data[i] = (unsigned char)strtoul(a->entry->values[4 + i], NULL, 16);
	status = nt_reg_set(key, a->name, NT_REG_BINARY, data, count);
	free(data);
	return status;
}

static NTSTATUS put_value(struct nt_reg_key *key, const struct inf_addreg *a)
{
	uint32_t number;

	if (a->flags & INF_FLAG_DELETE) {
		nt_reg_delete(key, a->name);
		return STATUS_SUCCESS;
	}
	if (a->flags & INF_FLAG_KEY_ONLY)
		return STATUS_SUCCESS;
	switch (a->flags & INF_TYPE_MASK) {
	case INF_TYPE_DWORD:
		number = (uint32_t)strtoul(inf_value(a->entry, 4), NULL, 0);
		return nt_reg_set(key, a->name, NT_REG_DWORD, &number, sizeof(number));
	case INF_TYPE_BINARY:
		return put_binary(key, a);
	case INF_TYPE_MULTI_SZ:
		return put_multi(key, a);
	default:
		return nt_reg_set_string(key, a->name, inf_value(a->entry, 4));
	}
}

/* What applying carries along. */
struct applying {
	const struct inf_keys *keys;
	struct inf_error *error;
};

static bool out_of_memory(struct inf_error *error)
{
	*error = (struct inf_error){ .text = "out of memory" };
	return false;
}

static bool apply_line(void *context, const struct inf_addreg *a)
{
	struct applying *p = context;
	struct nt_reg_key *key = a->key == INF_SOFTWARE   ? p->keys->software
				 : a->key == INF_HARDWARE ? p->keys->hardware
							  : p->keys->service;

	if (!key)
		return true;
	key = key_at(key, a->subkey);
	/* A value without a name is its key's default value: drivers of ours never read it. */
	if (a->name[0] == '\0')
		return key || out_of_memory(p->error);
	if (!key || !NT_SUCCESS(put_value(key, a)))
		return out_of_memory(p->error);
	return true;
}

bool inf_apply(struct inf *inf, const struct inf_install *install, const struct inf_keys *keys,
	       struct inf_error *error)
{
	struct applying p = { .keys = keys, .error = error };

	if (!inf_each_addreg(inf, install->section, apply_line, &p, error))
		return false;
	for (const struct inf_keyword *k = install->keywords; keys->software && k; k = k->next) {
		if (!k->default_value || k->optional)
			continue;
		if (!NT_SUCCESS(
			    nt_reg_set_string(keys->software, k->keyword.name, k->default_value)))
			return out_of_memory(error);
	}
	return true;
}
