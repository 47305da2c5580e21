/* SPDX-License-Identifier: MIT */
/*
 * The Windows that an INF is installed on, as setup compares it with TargetOSVersion decorations:
 * "NTamd64.10.0...17763" behind a Models section's name. Source: "INF Manufacturer section" and
 * "Combining platform extensions with operating system versions", Windows driver documentation.
 */
#ifndef INF_OS_H
#define INF_OS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

#if defined(__x86_64__)
#define INF_ARCHITECTURE "NTamd64"
#elif defined(__aarch64__)
#define INF_ARCHITECTURE "NTarm64"
#else
#define INF_ARCHITECTURE "NTx86"
#endif

/* A version of Windows. All zero stands for none. */
struct inf_os {
	unsigned major, minor, build;
	unsigned product; /* VER_NT_WORKSTATION 1, VER_NT_DOMAIN_CONTROLLER 2, VER_NT_SERVER 3 */
	unsigned suites;  /* VER_SUITE_* */
};

/*
 * inf_os_of_api() - the Windows that came with a version of NetAdapterCx
 * Return: the newest whose NetAdapterCx is not newer; for none (0.0) that of 1.3.
 */
struct inf_os inf_os_of_api(unsigned major, unsigned minor);

/*
 * inf_os_parse() - "10.0.17763", which is a workstation, or "10.0.20348,server"
 * Return: false with one sentence in @error.
 */
bool inf_os_parse(const char *text, struct inf_os *os, struct error *error);

/* inf_os_text() - the same the other way, for people. Return: @text. 48 bytes are enough. */
const char *inf_os_text(const struct inf_os *os, char *text, size_t size);

/* How special a decoration that applies is, the more weighty first. */
#define INF_OS_RANKS 6
struct inf_os_rank {
	unsigned by[INF_OS_RANKS];
};

/*
 * inf_os_rank() - does a section decorated so apply?
 * @decoration: what stands behind the section's name, without the dot between
 * @rank: of those that apply setup takes the highest, among equals the first
 */
bool inf_os_rank(const struct inf_os *os, const char *decoration, struct inf_os_rank *rank);

/* inf_os_higher() - is @a more special than @b? */
bool inf_os_higher(const struct inf_os_rank *a, const struct inf_os_rank *b);

#endif
