/* SPDX-License-Identifier: MIT */
/*
 * What of C++ Windows' kernel does not do for a driver: it has no C runtime that would run
 * initialisers of globals and destructors at the end, no thread local storage, and no locks around
 * the first use of a function's static variable. Here all of that works, so that only a warning
 * keeps a driver from depending on it. Exceptions and type information do not even compile.
 */
#ifndef BUILD_KERNEL_CXX_H
#define BUILD_KERNEL_CXX_H

#include "build/findings.h"

/*
 * kernel_cxx_search() - find thread local variables and statics with a first use, by their symbols
 * @objects, @sources: object files with debug information, and what each was compiled from
 *
 * Initialisers and destructors are found by clang's warnings (findings_read()).
 */
void kernel_cxx_search(const struct strings *objects, const struct strings *sources,
		       struct findings *findings);

/* kernel_cxx_note() - what Windows makes of each */
void kernel_cxx_note(struct findings *findings);

#endif
