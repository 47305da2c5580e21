/* SPDX-License-Identifier: MIT */
/*
 * Pool with an account of what lives. The account is apart from the blocks, so that a bad pointer
 * is recognised without being followed and address sanitizers see each block's true ends. Without
 * one, the gaps around a block are looked at when it is freed.
 */
#ifndef NT_POOL_H
#define NT_POOL_H

#include <ntddk.h>
#include <stdbool.h>
#include <stddef.h>

struct nt_machine;
struct nt_pool;

struct nt_pool *nt_pool_create(void);
void nt_pool_destroy(struct nt_pool *pool); /* frees what is left */

/*
 * nt_pool_allocate() - a nonpaged block of the calling thread's machine, for what a driver
 * allocates by another DDI
 * @caller: in the driver: whose leak it is. Return: NULL: there is no memory.
 * nt_pool_free() - false: it is no live block with that tag. @call: the DDI, for what is found
 * broken nt_pool_has() - is it such a block?
 */
void *nt_pool_allocate(size_t size, ULONG tag, const void *caller);
bool nt_pool_free(void *memory, ULONG tag, const char *call);
bool nt_pool_has(const void *memory, ULONG tag);

/*
 * nt_pool_allocate_as() - by the rules of ExAllocatePoolWithTag, told as another DDI's
 * nt_pool_free_as() - by those of ExFreePoolWithTag
 */
void *nt_pool_allocate_as(POOL_TYPE type, size_t size, ULONG tag, const char *call,
			  const void *caller);
void nt_pool_free_as(void *memory, ULONG tag, const char *call);

/*
 * nt_pool_report() - the driver with code at @in_module is gone: log what it did not free, and free
 * it
 * @driver: its name, for the log events: one per tag
 * Return: number of blocks.
 */
unsigned long nt_pool_report(struct nt_machine *machine, const char *driver, const void *in_module);

#endif
