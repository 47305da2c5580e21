/* SPDX-License-Identifier: MIT */
/* What a module calls of other modules, replaced for it alone: the rest of the process keeps it. */
#ifndef NT_REFERENCES_H
#define NT_REFERENCES_H

#include <stdint.h>

/*
 * What stands for a function: its address, or 0 to leave the reference alone.
 * @symbol: the linker's name
 * @was: the address that the linker found
 */
typedef uintptr_t nt_reference_choose(const char *symbol, uintptr_t was);

/*
 * nt_references_replace() - ask for each of a module's references to functions of other modules
 * @module: an address in it, loaded and its references resolved; before any other thread runs in it
 *
 * A function of the module's own is not asked for.
 */
void nt_references_replace(const void *module, nt_reference_choose *choose);

#endif
