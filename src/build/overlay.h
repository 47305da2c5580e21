/* SPDX-License-Identifier: MIT */
/*
 * Windows finds "driver.h" when the file is called Driver.h. clang does, too, for the files of a
 * virtual file system without letter case: its -ivfsoverlay.
 */
#ifndef BUILD_OVERLAY_H
#define BUILD_OVERLAY_H

#include "build/strings.h"

/*
 * overlay_write() - list all files below some folders
 * @folders: absolute; what lies below another of them is listed once
 * @except:  files that are left out: what is compiled is called by its name
 * @file:    to be written
 * Return: 0 or -errno.
 */
int overlay_write(const struct strings *folders, const struct strings *except, const char *file);

#endif
