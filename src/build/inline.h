/* SPDX-License-Identifier: MIT */
/*
 * MSVC's inline in C. There, a function that is inline and not static is defined in every object
 * that uses it, and the linker keeps one of the definitions; so a header with it works however
 * often it is included. C99 has another rule, which clang takes for Linux: such a definition is
 * good for inlining only, or, after a declaration without inline, defined in every object and a
 * clash for the linker.
 *
 * clang knows MSVC's linkage, but only for Windows' C++ ABI. So a C file is compiled in two steps,
 * and between them the linkage is set in LLVM's text of it, as clang for Windows sets it.
 */
#ifndef BUILD_INLINE_H
#define BUILD_INLINE_H

/*
 * inline_link_once() - functions that are inline and not static, and their static variables, become
 * definitions of which the linker keeps one
 * @text: a module as clang -S -emit-llvm -O2 writes it
 * Return: the same otherwise, the caller's.
 */
char *inline_link_once(const char *text);

/* inline_link_once_file() - the same for a file, in place. Return: 0 or -errno. */
int inline_link_once_file(const char *file);

#endif
