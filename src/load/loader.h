/* SPDX-License-Identifier: MIT */
/* A driver's shared object: found fit, loaded, DriverEntry found. */
#ifndef LOAD_LOADER_H
#define LOAD_LOADER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "wdf/driver.h"

struct loader_image {
	void *handle;            /* of dlopen() */
	wdf_driver_entry *entry; /* DriverEntry */
	unsigned major, minor;   /* of NetAdapterCx, as the driver was compiled; 0.0: not told */
	bool user_mode;          /* it is a UMDF driver */
	char framework[24];      /* "KMDF 1.33", "UMDF 2.33"; "": not told */
};

/*
 * loader_open() - load a driver
 * @error: on failure one sentence that starts with the path
 */
bool loader_open(struct loader_image *image, const char *path, struct error *error);
void loader_close(struct loader_image *image);

/*
 * loader_check_apart() - two drivers' images have nothing in common: g++ makes the static variables
 * of templates and inline functions unique in the whole process (STB_GNU_UNIQUE)
 * @path: @image's file; @other_path: @other's
 * Return: false; *error names one that both would use, and starts with @path.
 */
bool loader_check_apart(const struct loader_image *image, const char *path,
			const struct loader_image *other, const char *other_path,
			struct error *error);

#endif
