/* SPDX-License-Identifier: MIT */
/* A driver with a sanitizer in it wants that sanitizer's runtime before all other libraries. */
#ifndef LOAD_SANITIZER_H
#define LOAD_SANITIZER_H

/*
 * sanitizer_runtime() - the runtime that a shared object needs loaded first
 * Return: its path or, when the system's linker will find it, its name, the caller's; NULL: none.
 */
char *sanitizer_runtime(const char *file);

#endif
