/* SPDX-License-Identifier: MIT */
/* Names and lines of code addresses in this process, from its DWARF (libdw). */
#ifndef NT_SYMBOLS_H
#define NT_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>

/* nt_symbol() - "FooStart adapter.c:41" for a return address, or "driver.so+0x1234". */
void nt_symbol(const void *return_address, char *buffer, size_t size);

/* nt_symbol_offset() - "FooStart+0x40" for a return address, or "driver.so+0x1234". */
void nt_symbol_offset(const void *return_address, char *buffer, size_t size);

/*
 * nt_symbol_data() - "TxLock", or "Globals+0x10", for the address of a variable
 * Return: false: it is none of a module's.
 */
bool nt_symbol_data(const void *address, char *buffer, size_t size);

/*
 * nt_frames() - the driver's among a stack's addresses, one a line with number, inlined calls too
 * @exact: index of an address that is no return address (where a signal struck), or -1
 * Return: bytes written without the terminator.
 */
size_t nt_frames(void *const *addresses, int count, int exact, char *buffer, size_t size);

/* nt_symbol_is_driver() - is this the address of code of a driver? Takes no heap. */
bool nt_symbol_is_driver(void *address);

#endif
