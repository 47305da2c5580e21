/* SPDX-License-Identifier: MIT */
/*
 * The run-time libraries' headers for a driver: ours for C (include/crt), and for C++ those of the
 * libstdc++ that clang would take, by way of ours: headers alone, no C library below them.
 */
#ifndef BUILD_LIBRARY_H
#define BUILD_LIBRARY_H

#include "build/compiler.h"
#include "build/project.h"

/*
 * library_find() - the folders of libstdc++, which come behind ours and the kit's
 * Nothing is added where none is installed, or @project has no source in C++.
 */
void library_find(struct strings *folders, const struct compiler *compiler,
		  const struct project *project);

/*
 * library_folders() - of the line markers that a preprocessor writes, the folders in which
 * libstdc++'s <new> and its <bits/c++config.h> lie, as they are spelled there
 */
void library_folders(struct strings *folders, char *text);

#endif
