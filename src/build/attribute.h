/* SPDX-License-Identifier: MIT */
#ifndef BUILD_ATTRIBUTE_H
#define BUILD_ATTRIBUTE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * attribute_replace() - in the text of a C++ source or header: [[nodiscard]] becomes a macro for
 * what clang takes at any place of a declaration, as MSVC takes the other: "inline [[nodiscard]]
 * int f()", by way of macros as well. As long as what was there.
 *
 * Return: whether anything was replaced.
 */
bool attribute_replace(char *text, size_t length);

/* The macro's definition, NAME=VALUE. */
#define ATTRIBUTE_DEFINITION "NETCX_NODISC=__attribute__((warn_unused_result))"

#endif
