/* SPDX-License-Identifier: MIT */
/*
 * Faults on purpose in what a driver of user mode calls of C's and C++'s libraries: malloc and
 * operator new do not come by the host, so the driver's own references to them are bent. What
 * anybody else allocates, the host and the libraries themselves, does not fail.
 */
#ifndef NT_FAULT_MEMORY_H
#define NT_FAULT_MEMORY_H

/*
 * nt_fault_memory() - from now on the module's allocations ask the plan
 * @module: an address in it, loaded and its references resolved; before any other thread runs in it
 *
 * Of malloc, calloc, realloc, reallocarray, aligned_alloc, posix_memalign, strdup and operator
 * new. A function of that name that is the module's own is left alone. What it calls
 * before, when its static objects are made, does not fail.
 */
void nt_fault_memory(const void *module);

#endif
