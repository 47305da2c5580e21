/* SPDX-License-Identifier: MIT */
/*
 * Registry keys in memory: what an INF, --set and a driver's Assign calls put, and what
 * NetConfigurationQuery* and WdfRegistryQuery* find. Names compare without case, as on Windows.
 */
#ifndef NT_REGISTRY_H
#define NT_REGISTRY_H

#include <ntddk.h>
#include <stdbool.h>

/* A value may also have a type of its driver's own: any number. */
enum nt_reg_type {
	NT_REG_NONE = 0,
	NT_REG_SZ = 1,
	NT_REG_EXPAND_SZ = 2,
	NT_REG_BINARY = 3,
	NT_REG_DWORD = 4,
	NT_REG_MULTI_SZ = 7,
	NT_REG_QWORD = 11,
};

struct nt_reg_key; /* owned by its parent, the root by the caller of nt_reg_create() */

/* Data of SZ, EXPAND_SZ and MULTI_SZ is UTF-16 with its terminators; lengths in bytes. */
struct nt_reg_value {
	enum nt_reg_type type;
	const void *data;
	size_t length;
};

struct nt_reg_key *nt_reg_create(void);
void nt_reg_destroy(struct nt_reg_key *root);

/* nt_reg_subkey() - find a subkey; made when absent if @create. NULL: absent or no memory. */
struct nt_reg_key *nt_reg_subkey(struct nt_reg_key *key, const char *name, bool create);

/* nt_reg_remove_subkey() - with all that is below; nobody may have a pointer to it. */
void nt_reg_remove_subkey(struct nt_reg_key *key, const char *name);

/*
 * nt_reg_query() - find a value and copy it out (thread-safe against nt_reg_set)
 * @buffer, @size: room; *length tells what is needed
 * Return: STATUS_SUCCESS, STATUS_OBJECT_NAME_NOT_FOUND, STATUS_BUFFER_OVERFLOW.
 */
NTSTATUS nt_reg_query(struct nt_reg_key *key, const char *name, enum nt_reg_type *type,
		      void *buffer, size_t size, size_t *length);

NTSTATUS nt_reg_set(struct nt_reg_key *key, const char *name, enum nt_reg_type type,
		    const void *data, size_t length);
NTSTATUS nt_reg_set_string(struct nt_reg_key *key, const char *name, const char *utf8);
NTSTATUS nt_reg_delete(struct nt_reg_key *key, const char *name);

/*
 * nt_reg_each() - values in order of their making; data of SZ and EXPAND_SZ is given in UTF-8
 */
void nt_reg_each(struct nt_reg_key *key,
		 void (*visit)(void *context, const char *name, const struct nt_reg_value *value),
		 void *context);

#endif
