/* SPDX-License-Identifier: MIT */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

/* ARRAY_COUNT() - elements of an array; of an array itself, not of a pointer to its first one. */
#define ARRAY_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
