/* SPDX-License-Identifier: MIT */
/* A source and the headers that it includes, as far as they are found, whatever #if says. */
#ifndef BUILD_WPP_FILES_H
#define BUILD_WPP_FILES_H

#include "build/strings.h"

struct wpp_file {
	char *path, *text;
};

struct wpp_files {
	struct wpp_file *at;
	size_t count;
};

/*
 * wpp_files_read() - the source comes first
 * @folders: where headers are looked for, behind the folder of who includes them
 */
void wpp_files_read(struct wpp_files *files, const char *source, const struct strings *folders);
void wpp_files_free(struct wpp_files *files);

/* wpp_includes() - what a text includes, as it is written, without quotes. */
void wpp_includes(struct strings *names, const char *text);

#endif
