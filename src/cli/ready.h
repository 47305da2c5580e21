/* SPDX-License-Identifier: MIT */
/* How who started netcx run hears that the adapters are up. */
#ifndef CLI_READY_H
#define CLI_READY_H

#include <stdbool.h>

#include "base/error.h"

/* A file descriptor to tell, -1: none; and systemd's socket, if NOTIFY_SOCKET names one. */
struct ready {
	int fd;
};

/* ready_read() - --ready-fd's value. Return: false with *error filled. */
bool ready_read(struct ready *ready, const char *text, struct error *error);

/* ready_prepare() - the descriptor goes to no child of ours. */
void ready_prepare(const struct ready *ready);

/* ready_tell() - netcx_host_config's ready(); @context: a struct ready. Once. */
void ready_tell(void *context);

/* ready_tell_end() - netcx_host_config's stopping(): systemd hears "STOPPING=1". */
void ready_tell_end(void *context);

#endif
