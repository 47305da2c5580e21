/* SPDX-License-Identifier: MIT */
/* What a linked driver leaves to netcx, and where its source uses it. */
#ifndef BUILD_SYMBOLS_H
#define BUILD_SYMBOLS_H

#include "build/findings.h"
#include "build/strings.h"

/*
 * symbols_missing() - the undefined symbols of a shared object that nobody has
 * @file:   the shared object
 * @has:    whether a driver loaded by this netcx would find it
 * @entry:  set when the object defines DriverEntry
 * Return: 0 or -errno.
 */
int symbols_missing(const char *file, bool (*has)(const char *symbol), struct strings *missing,
		    bool *entry);

/*
 * symbols_locate() - find the references to them in the objects, by their relocations
 * @objects, @sources: object files with debug information, and what each was compiled from
 */
void symbols_locate(const struct strings *objects, const struct strings *sources,
		    const struct strings *missing, struct findings *findings);

/* symbols_public_name() - "NetAdapterStart" for "netcx_1_3_NetAdapterStart", inside @symbol. */
const char *symbols_public_name(const char *symbol);

#endif
