/* SPDX-License-Identifier: MIT */
#include "nt/registry.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/utf.h"

struct value {
	struct value *next;
	char *name;
	enum nt_reg_type type;
	size_t length;
	void *data;
};

struct nt_reg_key {
	struct nt_reg_key *root, *next, *children;
	char *name;
	struct value *values; /* in order of their making */
	pthread_mutex_t lock; /* the root's; of the whole tree */
};

static struct nt_reg_key *new_key(struct nt_reg_key *root, const char *name)
{
	struct nt_reg_key *key = calloc(1, sizeof(*key));

	if (!key)
		return NULL;
	key->root = root ? root : key;
	key->name = strdup(name);
	if (!key->name) {
		free(key);
		return NULL;
	}
	return key;
}

static void free_value(struct value *value)
{
	free(value->name);
	free(value->data);
	free(value);
}

static void free_key(struct nt_reg_key *key)
{
	for (struct nt_reg_key *child = key->children, *next; child; child = next) {
		next = child->next;
		free_key(child);
	}
	for (struct value *value = key->values, *next; value; value = next) {
		next = value->next;
		free_value(value);
	}
	free(key->name);
	free(key);
}

static void lock(struct nt_reg_key *key)
{
	pthread_mutex_lock(&key->root->lock);
}

static void unlock(struct nt_reg_key *key)
{
	pthread_mutex_unlock(&key->root->lock);
}

struct nt_reg_key *nt_reg_create(void)
{
	struct nt_reg_key *root = new_key(NULL, "");
	pthread_mutexattr_t recursive;

	if (!root)
		return NULL;
	/* A visitor of nt_reg_each() may query. */
	pthread_mutexattr_init(&recursive);
	pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&root->lock, &recursive);
	pthread_mutexattr_destroy(&recursive);
	return root;
}

void nt_reg_destroy(struct nt_reg_key *root)
{
	if (!root)
		return;
	pthread_mutex_destroy(&root->lock);
	free_key(root);
}

struct nt_reg_key *nt_reg_subkey(struct nt_reg_key *key, const char *name, bool create)
{
	struct nt_reg_key **at;

	lock(key);
	for (at = &key->children; *at; at = &(*at)->next)
		if (!strcasecmp((*at)->name, name))
			break;
	if (!*at && create)
		*at = new_key(key->root, name);
	unlock(key);
	return *at;
}

void nt_reg_remove_subkey(struct nt_reg_key *key, const char *name)
{
	struct nt_reg_key **at, *child;

	lock(key);
	for (at = &key->children; *at; at = &(*at)->next)
		if (!strcasecmp((*at)->name, name))
			break;
	child = *at;
	if (child)
		*at = child->next;
	unlock(key);
	if (child)
		free_key(child);
}

static struct value **find(struct nt_reg_key *key, const char *name)
{
	struct value **at;

	for (at = &key->values; *at; at = &(*at)->next)
		if (!strcasecmp((*at)->name, name))
			break;
	return at;
}

NTSTATUS nt_reg_query(struct nt_reg_key *key, const char *name, enum nt_reg_type *type,
		      void *buffer, size_t size, size_t *length)
{
	NTSTATUS status = STATUS_SUCCESS;
	struct value *value;

	lock(key);
	value = *find(key, name);
	if (!value) {
		status = STATUS_OBJECT_NAME_NOT_FOUND;
	} else {
		if (type)
			*type = value->type;
		if (length)
			*length = value->length;
		if (size < value->length)
			status = STATUS_BUFFER_OVERFLOW;
		else if (value->length)
			memcpy(buffer, value->data, value->length);
	}
	unlock(key);
	return status;
}

NTSTATUS nt_reg_set(struct nt_reg_key *key, const char *name, enum nt_reg_type type,
		    const void *data, size_t length)
{
	void *copy = malloc(length ? length : 1);
	struct value **at, *value;

	if (!copy)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (length)
		memcpy(copy, data, length);
	lock(key);
	at = find(key, name);
	value = *at;
	if (!value) {
		value = calloc(1, sizeof(*value));
		if (value)
			value->name = strdup(name);
		if (!value || !value->name) {
			unlock(key);
			free(value);
			free(copy);
			return STATUS_INSUFFICIENT_RESOURCES;
		}
		*at = value;
	}
	free(value->data);
	value->type = type;
	value->data = copy;
	value->length = length;
	unlock(key);
	return STATUS_SUCCESS;
}

NTSTATUS nt_reg_set_string(struct nt_reg_key *key, const char *name, const char *utf8)
{
	size_t units = strlen(utf8) + 1, length;
	WCHAR *text = malloc(units * sizeof(*text));
	NTSTATUS status;

	if (!text)
		return STATUS_INSUFFICIENT_RESOURCES;
	length = utf16_from_utf8(text, units, utf8) + 1;
	status = nt_reg_set(key, name, NT_REG_SZ, text, length * sizeof(*text));
	free(text);
	return status;
}

NTSTATUS nt_reg_delete(struct nt_reg_key *key, const char *name)
{
	struct value **at, *value;

	lock(key);
	at = find(key, name);
	value = *at;
	if (value)
		*at = value->next;
	unlock(key);
	if (!value)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	free_value(value);
	return STATUS_SUCCESS;
}

/* A text is given in UTF-8; three bytes of it hold any UTF-16 unit. */
static void visit_text(const struct value *value,
		       void (*visit)(void *, const char *, const struct nt_reg_value *),
		       void *context)
{
	size_t units = value->length / sizeof(WCHAR), size = units * 3 + 1;
	char *text = malloc(size);
	struct nt_reg_value seen = { value->type, text, 0 };

	if (!text)
		return;
	seen.length = utf8_from_utf16(text, size, value->data, units) + 1;
	visit(context, value->name, &seen);
	free(text);
}

void nt_reg_each(struct nt_reg_key *key,
		 void (*visit)(void *context, const char *name, const struct nt_reg_value *value),
		 void *context)
{
	lock(key);
	for (struct value *value = key->values; value; value = value->next) {
		const struct nt_reg_value seen = { value->type, value->data, value->length };

		if (value->type == NT_REG_SZ || value->type == NT_REG_EXPAND_SZ)
			visit_text(value, visit, context);
		else
			visit(context, value->name, &seen);
	}
	unlock(key);
}
