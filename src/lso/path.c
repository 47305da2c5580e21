/* SPDX-License-Identifier: MIT */
/*
 * Which code path: what the build has, what the machine can run, what the user forces.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "private.h"

static const char *const names[] = {
	[LSO_PATH_AUTO] = "auto",     [LSO_PATH_PORTABLE] = "portable", [LSO_PATH_AVX2] = "avx2",
	[LSO_PATH_AVX512] = "avx512", [LSO_PATH_NEON] = "neon",
};

#define PATHS (sizeof(names) / sizeof(names[0]))

/* usable() - a path that is not AUTO */
static const struct engine *usable(enum lso_path path)
{
	switch (path) {
	case LSO_PATH_PORTABLE:
		return &lso_engine_portable;
#if defined(__x86_64__)
	case LSO_PATH_AVX2:
		return __builtin_cpu_supports("avx2") ? &lso_engine_avx2 : NULL;
	case LSO_PATH_AVX512:
		if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
		    __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("bmi2"))
			return &lso_engine_avx512;
		return NULL;
#endif
#if defined(__aarch64__)
	case LSO_PATH_NEON: /* part of every AArch64 Linux */
		return &lso_engine_neon;
#endif
	default:
		return NULL;
	}
}

static const struct engine *choose(void)
{
	const char *wanted = getenv("NETCX_LSO_PATH");
	const struct engine *engine = NULL;

	for (unsigned int path = LSO_PATH_PORTABLE; wanted && path < PATHS; path++) {
		if (!strcmp(wanted, names[path]))
			engine = usable((enum lso_path)path);
	}
	for (unsigned int path = PATHS - 1; !engine; path--)
		engine = usable((enum lso_path)path);
	return engine;
}

/*
 * What there is by each name, found once: getenv() costs more than a segment, and cpuid's bits are
 * many. Every thread finds the same, so a race is none.
 */
static _Atomic(const struct engine *) found[PATHS];

static __attribute__((noinline, cold)) const struct engine *find(enum lso_path path)
{
	const struct engine *engine = path == LSO_PATH_AUTO ? choose() : usable(path);

	atomic_store_explicit(&found[path], engine, memory_order_relaxed);
	return engine;
}

const struct engine *lso_engine_find(enum lso_path path)
{
	const struct engine *engine;

	if ((unsigned int)path >= PATHS)
		return NULL;
	engine = atomic_load_explicit(&found[path], memory_order_relaxed);
	return engine ? engine : find(path);
}

const struct engine *lso_engine(void)
{
	return lso_engine_find(LSO_PATH_AUTO);
}

enum lso_path lso_path_find(enum lso_path path)
{
	const struct engine *engine = lso_engine_find(path);

	return engine ? engine->path : LSO_PATH_AUTO;
}

const char *lso_path_name(enum lso_path path)
{
	return (unsigned int)path < PATHS ? names[path] : "unknown";
}
