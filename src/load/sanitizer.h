/* SPDX-License-Identifier: MIT */
/* A driver with a sanitizer in it wants that sanitizer's runtime before all other libraries. */
#ifndef LOAD_SANITIZER_H
#define LOAD_SANITIZER_H

#include <stdbool.h>

/*
 * sanitizer_runtime() - the runtime that a shared object needs loaded first
 * Return: its path or, when the system's linker will find it, its name, the caller's; NULL: none.
 */
char *sanitizer_runtime(const char *file);

/*
 * sanitizer_is_thread() - it was compiled with the thread sanitizer; that runtime is the host's
 * Return: false also for what cannot be read.
 */
bool sanitizer_is_thread(const char *file);

#endif
