/* SPDX-License-Identifier: MIT */
/* The code paths of this machine, for tests that compare them. */
#ifndef NETCX_TESTS_LSO_PATHS_H
#define NETCX_TESTS_LSO_PATHS_H

#include <netcx/lso.h>

#define for_each_path(path)                                                         \
	for (enum lso_path path = LSO_PATH_PORTABLE; path <= LSO_PATH_NEON; path++) \
		if (lso_path_find(path) == path)

#endif
