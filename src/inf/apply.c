/* SPDX-License-Identifier: MIT */
/* AddReg and DelReg lines into registry keys. Source: the pages of these directives. */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf.h"
#include "inf/addreg.h"
#include "inf/install.h"
#include "inf/private.h"
#include "nt/registry.h"

/* What applying carries along. */
struct applying {
	const struct inf_keys *keys;
	struct inf_error *error;
};

static bool out_of_memory(struct inf_error *error)
{
	return inf_fail(error, NULL, "out of memory");
}

/* A line whose value its type does not take. */
static bool __attribute__((format(printf, 3, 4)))
fail(struct applying *p, const struct inf_addreg *a, const char *format, ...)
{
	char why[160];
	va_list list;

	va_start(list, format);
	vsnprintf(why, sizeof(why), format, list);
	va_end(list);
	return inf_fail(p->error, a->entry, "%.60s: %s", a->name, why);
}

/* ---- where to ---- */

/* As Windows limits a key's name. */
#define MAX_NAME 255

static bool names_fit(const char *path)
{
	while (*path) {
		size_t n = strcspn(path, "\\");

		if (n > MAX_NAME)
			return false;
		path += n + (path[n] == '\\');
	}
	return true;
}

/* The key below @key that a path with backslashes names; NULL: absent, or no memory. */
static struct nt_reg_key *key_at(struct nt_reg_key *key, const char *path, bool create)
{
	char name[MAX_NAME + 1];

	while (key && *path) {
		size_t n = strcspn(path, "\\");

		if (n) {
			memcpy(name, path, n);
			name[n] = '\0';
			key = nt_reg_subkey(key, name, create);
		}
		path += n + (path[n] == '\\');
	}
	return key;
}

/* The key itself is not removed with an empty path: it is the device's, not the INF's. */
static void remove_key(struct nt_reg_key *key, const char *path)
{
	const char *last = strrchr(path, '\\');
	char parent[INF_MAX_VALUE];

	snprintf(parent, sizeof(parent), "%.*s", last ? (int)(last - path) : 0, path);
	last = last ? last + 1 : path;
	key = key_at(key, parent, false);
	if (key && *last)
		nt_reg_remove_subkey(key, last);
}

static bool exists(struct nt_reg_key *key, const char *name)
{
	return nt_reg_query(key, name, NULL, NULL, 0, NULL) != STATUS_OBJECT_NAME_NOT_FOUND;
}

/* ---- lists of strings: UTF-16, each with its terminator, one more behind the last ---- */

struct strings {
	WCHAR *data;
	size_t units; /* without the last terminator */
};

static size_t string_length(const WCHAR *string, size_t most)
{
	size_t n = 0;

	while (n < most && string[n])
		n++;
	return n;
}

/* Letters compare without case, those of ASCII: no driver lists others. */
static WCHAR folded(WCHAR c)
{
	return c >= 'A' && c <= 'Z' ? (WCHAR)(c + 'a' - 'A') : c;
}

static bool same(const WCHAR *a, const WCHAR *b, size_t units)
{
	for (size_t i = 0; i < units; i++) {
		if (folded(a[i]) != folded(b[i]))
			return false;
	}
	return true;
}

/* Where @string stands in a list; NULL. */
static WCHAR *find_string(const struct strings *list, const WCHAR *string, size_t length)
{
	for (size_t at = 0; at < list->units;) {
		size_t n = string_length(list->data + at, list->units - at);

		if (n == length && same(list->data + at, string, n))
			return list->data + at;
		at += n + 1;
	}
	return NULL;
}

/*
 * What a value has, with room for @more units behind it; without a list there, an empty one
 * @keep: false: an empty one in any case
 */
static bool read_strings(struct nt_reg_key *key, const char *name, bool keep, size_t more,
			 struct strings *list)
{
	enum nt_reg_type type = NT_REG_NONE;
	size_t length = 0, units;

	if (keep)
		nt_reg_query(key, name, &type, NULL, 0, &length);
	units = type == NT_REG_MULTI_SZ ? length / sizeof(WCHAR) : 0;
	list->units = 0;
	list->data = calloc(units + more + 2, sizeof(WCHAR));
	if (!list->data)
		return false;
	if (units &&
	    NT_SUCCESS(nt_reg_query(key, name, &type, list->data, units * sizeof(WCHAR), &length)))
		list->units = units;
	while (list->units && list->data[list->units - 1] == 0)
		list->units--;
	list->units += list->units > 0; /* its last string's terminator */
	return true;
}

static NTSTATUS write_strings(struct nt_reg_key *key, const char *name, struct strings *list)
{
	NTSTATUS status;

	list->data[list->units] = 0;
	status = nt_reg_set(key, name, NT_REG_MULTI_SZ, list->data,
			    (list->units + 1) * sizeof(WCHAR));
	free(list->data);
	return status;
}

/* An empty string ends the list, as it does in the registry. */
static NTSTATUS put_multi(struct nt_reg_key *key, const struct inf_addreg *a)
{
	bool append = a->flags & INF_FLAG_APPEND;
	enum nt_reg_type type = NT_REG_MULTI_SZ;
	struct strings list = { 0 };
	size_t units = 0;

	if (append) /* to a list, and something */
		nt_reg_query(key, a->name, &type, NULL, 0, NULL);
	if (append && (type != NT_REG_MULTI_SZ || *inf_value(a->entry, INF_DATA) == '\0'))
		return STATUS_SUCCESS;
	for (unsigned i = INF_DATA; i < a->entry->count; i++)
		units += strlen(a->entry->values[i]) + 1;
	if (!read_strings(key, a->name, append, units, &list))
		return STATUS_INSUFFICIENT_RESOURCES;
	for (unsigned i = INF_DATA; i < a->entry->count && a->entry->values[i][0]; i++) {
		WCHAR *to = list.data + list.units;
		size_t n = utf16_from_utf8(to, units, a->entry->values[i]);

		if (append && find_string(&list, to, n))
			continue;
		to[n] = 0;
		list.units += n + 1;
	}
	return write_strings(key, a->name, &list);
}

static NTSTATUS remove_string(struct nt_reg_key *key, const struct inf_addreg *a)
{
	const char *text = inf_value(a->entry, INF_DATA);
	size_t room = strlen(text) + 1, n;
	struct strings list;
	WCHAR *gone, *at;

	if (!exists(key, a->name))
		return STATUS_SUCCESS;
	gone = calloc(room, sizeof(*gone));
	if (!gone || !read_strings(key, a->name, true, 0, &list)) {
		free(gone);
		return STATUS_INSUFFICIENT_RESOURCES;
	}
	n = utf16_from_utf8(gone, room, text);
	while ((at = find_string(&list, gone, n))) {
		size_t behind = list.units - (size_t)(at - list.data) - (n + 1);

		memmove(at, at + n + 1, behind * sizeof(*at));
		list.units -= n + 1;
	}
	free(gone);
	return write_strings(key, a->name, &list);
}

/* ---- other types ---- */

static bool read_dword(struct applying *p, const struct inf_addreg *a, uint32_t *number)
{
	const char *text = inf_value(a->entry, INF_DATA);
	long long value;
	char *end;

	errno = 0;
	value = strtoll(text, &end, 0);
	if (*end || errno || value > UINT32_MAX || value < INT32_MIN)
		return fail(p, a, "a number of 32 bits is expected, or four bytes, not %.40s",
			    text);
	*number = (uint32_t)value;
	return true;
}

/* Two hexadecimal digits, with or without 0x before them; nothing is 0. */
static bool read_byte(struct applying *p, const struct inf_addreg *a, const char *text,
		      unsigned char *byte)
{
	char *end;
	unsigned long value = strtoul(text, &end, 16);

	if (*end || value > 0xFF || text[0] == '-' || text[0] == '+')
		return fail(p, a, "a byte is a hexadecimal number up to FF, not %.40s", text);
	*byte = (unsigned char)value;
	return true;
}

static bool put_bytes(struct applying *p, struct nt_reg_key *key, const struct inf_addreg *a,
		      enum nt_reg_type type)
{
	unsigned count = a->entry->count > INF_DATA ? a->entry->count - INF_DATA : 0;
	unsigned char *data = malloc(count + 1);
	bool ok = data;

	for (unsigned i = 0; i < count && ok; i++)
		ok = read_byte(p, a, a->entry->values[INF_DATA + i], &data[i]);
	if (ok && type == NT_REG_DWORD && count != sizeof(uint32_t))
		ok = fail(p, a, "a number of 32 bits is expected, or four bytes, not %u", count);
	if (!data || (ok && !NT_SUCCESS(nt_reg_set(key, a->name, type, data, count))))
		ok = out_of_memory(p->error);
	free(data);
	return ok;
}

static bool put_text(struct applying *p, struct nt_reg_key *key, const struct inf_addreg *a,
		     enum nt_reg_type type)
{
	const char *text = inf_value(a->entry, INF_DATA);
	size_t units = strlen(text) + 1, length;
	WCHAR *data = calloc(units, sizeof(*data));
	NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

	if (data) {
		length = utf16_from_utf8(data, units, text) + 1;
		status = nt_reg_set(key, a->name, type, data, length * sizeof(*data));
	}
	free(data);
	return NT_SUCCESS(status) || out_of_memory(p->error);
}

static enum nt_reg_type type_of(unsigned flags)
{
	switch (flags & INF_TYPE_MASK) {
	case INF_TYPE_SZ:
		return NT_REG_SZ;
	case INF_TYPE_BINARY:
		return NT_REG_BINARY;
	case INF_TYPE_MULTI_SZ:
		return NT_REG_MULTI_SZ;
	case INF_TYPE_DWORD:
		return NT_REG_DWORD;
	case INF_TYPE_EXPAND_SZ:
		return NT_REG_EXPAND_SZ;
	case INF_TYPE_NONE:
		return NT_REG_NONE;
	default:
		return (enum nt_reg_type)(flags >> 16);
	}
}

static bool put_value(struct applying *p, struct nt_reg_key *key, const struct inf_addreg *a)
{
	enum nt_reg_type type = type_of(a->flags);
	bool text = !(a->flags & INF_FLAG_BINARY);
	uint32_t number;

	if (!inf_may_set(a, exists(key, a->name)))
		return true;
	if (type == NT_REG_DWORD && (text || a->entry->count == INF_DATA + 1))
		return read_dword(p, a, &number) &&
		       (NT_SUCCESS(nt_reg_set(key, a->name, type, &number, sizeof(number))) ||
			out_of_memory(p->error));
	if (!text)
		return put_bytes(p, key, a, type);
	if (type == NT_REG_MULTI_SZ)
		return NT_SUCCESS(put_multi(key, a)) || out_of_memory(p->error);
	return put_text(p, key, a, type);
}

/* DelReg, or AddReg with the flag that deletes. */
static bool remove_line(struct applying *p, struct nt_reg_key *root, const struct inf_addreg *a)
{
	struct nt_reg_key *key = key_at(root, a->subkey, false);

	if (a->name[0] == '\0' || (a->flags & INF_FLAG_KEY_COMMON))
		remove_key(root, a->subkey);
	else if (key && (a->flags & INF_DELETE_STRING) == INF_DELETE_STRING)
		return NT_SUCCESS(remove_string(key, a)) || out_of_memory(p->error);
	else if (key)
		nt_reg_delete(key, a->name);
	return true;
}

static bool apply_line(void *context, const struct inf_addreg *a)
{
	struct applying *p = context;
	struct nt_reg_key *root = a->key == INF_SOFTWARE   ? p->keys->software
				  : a->key == INF_HARDWARE ? p->keys->hardware
							   : p->keys->service;
	bool overwrite = a->flags & INF_FLAG_OVERWRITE_ONLY;
	struct nt_reg_key *key;

	if (!root)
		return true;
	if (!names_fit(a->subkey))
		return fail(p, a, "a registry key's name has at most %d characters", MAX_NAME);
	if (a->remove)
		return remove_line(p, root, a);
	key = key_at(root, a->subkey, !overwrite);
	if (!key)
		return overwrite || out_of_memory(p->error);
	if (a->flags & (INF_FLAG_KEY_ONLY | INF_FLAG_KEY_COMMON))
		return true;
	return put_value(p, key, a);
}

bool inf_apply(struct inf *inf, const struct inf_install *install, const struct inf_keys *keys,
	       struct inf_error *error)
{
	struct applying p = { .keys = keys, .error = error };

	if (!inf_each_addreg(inf, install->section, apply_line, &p, error))
		return false;
	for (const struct inf_keyword *k = install->keywords; keys->software && k; k = k->next) {
		if (!k->default_value || k->optional || exists(keys->software, k->keyword.name))
			continue;
		if (!NT_SUCCESS(
			    nt_reg_set_string(keys->software, k->keyword.name, k->default_value)))
			return out_of_memory(error);
	}
	return true;
}
