/* SPDX-License-Identifier: MIT */
/* What user mode has of one machine. */
#ifndef WIN32_STATE_H
#define WIN32_STATE_H

#include <pthread.h>

#include "nt/machine.h"
#include "win32/private.h"

struct w32 {
	struct nt_subsystem subsystem;
	pthread_mutex_t names_lock; /* from looking for a name to having made its object */
};

#endif
