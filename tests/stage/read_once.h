/* SPDX-License-Identifier: MIT */
/*
 * A driver's memory that changes while it is read, as another thread of the driver could change it:
 * each access is trapped, and what was read is overwritten before the next. Code that reads
 * everything once sees what was put there; what it reads a second time is nonsense.
 *
 * One structure at a time; x86-64 only, since a single instruction is let through by its trap flag.
 */
#ifndef TESTS_STAGE_READ_ONCE_H
#define TESTS_STAGE_READ_ONCE_H

#include <stdbool.h>
#include <stddef.h>

#define READ_ONCE_BYTE 0xA5 /* what is there after it was read */

/* read_once_can() - on this machine */
bool read_once_can(void);

/*
 * read_once() - a copy of @original that is trapped from now on
 * @kept: bytes at its front that stay as they are: a Size may be read again
 */
void *read_once(const void *original, size_t size, size_t kept);

/* read_once_end() - no trap any more. Return: was it read at all? */
bool read_once_end(void);

#endif
