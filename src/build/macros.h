/* SPDX-License-Identifier: MIT */
/* What Visual Studio's and the WDK's own property files would give a project. */
#ifndef BUILD_MACROS_H
#define BUILD_MACROS_H

#include "build/properties.h"

/* What stands for the kit's own folders in IncludePath and ExternalIncludePath. */
#define KIT_FOLDERS "\\netcx\\kit"

/*
 * macros_set() - what a project may refer to before anything has set it
 * @p:    Configuration and Platform are in it; what is global stays
 * @file: the project, absolute
 */
void macros_set(struct properties *p, const char *file);

/*
 * macros_imported() - what is set when a project imports one of Visual Studio's own files
 * @name: of the file, without its folder
 */
void macros_imported(struct properties *p, const char *name);

/* macros_ntddi_version() - NTDDI_VERSION by the kit's version, "10.0.17763.0". */
const char *macros_ntddi_version(const char *kit);

#endif
