/* SPDX-License-Identifier: MIT */
/*
 * Windows finds "driver.h" when the file is called Driver.h. clang does, too, for the files of a
 * virtual file system without letter case: its -ivfsoverlay. Files that are read instead of others
 * are in it as well, under the others' names.
 */
#ifndef BUILD_OVERLAY_H
#define BUILD_OVERLAY_H

#include "build/long.h"

/*
 * overlay_write() - list all files below some folders
 * @folders:      absolute; what lies below another of them is listed once
 * @except:       files that are left out unless they are replaced: what is compiled is called by
 *                its name
 * @replacements: files that are read instead of others
 * @file:         to be written
 * Return: 0 or -errno.
 */
int overlay_write(const struct strings *folders, const struct strings *except,
		  const struct replacements *replacements, const char *file);

#endif
