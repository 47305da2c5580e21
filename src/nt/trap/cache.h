/* SPDX-License-Identifier: MIT */
/* Decoded instructions of a machine's drivers, and the memory for code that decoders make of them.
 */
#ifndef NT_TRAP_CACHE_H
#define NT_TRAP_CACHE_H

#include <pthread.h>

#include "nt/trap/trap.h"

/* Return: NULL without memory. */
struct nt_trap_cache *nt_trap_cache_create(void);
void nt_trap_cache_destroy(struct nt_trap_cache *cache);

/*
 * nt_trap_decode() - the instruction at @at; lock-free when it has been seen there before
 * Return: NULL when it cannot be emulated. Drivers come and go, so the bytes are compared.
 */
const struct nt_trap_instruction *nt_trap_decode(struct nt_trap_cache *cache, const uint8_t *at);

/* nt_trap_code() - make code executable, from within decode(). NULL: the system does not let us. */
const void *nt_trap_code(struct nt_trap_cache *cache, const void *code, size_t size);

/* What locked instructions hold: the bus. */
pthread_mutex_t *nt_trap_bus(struct nt_trap_cache *cache);

#endif
