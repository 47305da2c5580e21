/* SPDX-License-Identifier: MIT */
/*
 * cl /Zp1 is for the project's structures. The kit's must stay as netcx has them, so for such a
 * source each of its headers is wrapped into one of the same name that says so.
 */
#ifndef BUILD_PACKED_KIT_H
#define BUILD_PACKED_KIT_H

#include "build/strings.h"

/*
 * packed_kit_write() - fill a folder with wrappers
 * @kit:    the folders whose headers are wrapped
 * @folder: made when it is not there
 * Return: 0 or -errno.
 */
int packed_kit_write(const struct strings *kit, const char *folder);

#endif
