/* SPDX-License-Identifier: MIT */
#include "nt/thread.h"

_Thread_local struct nt_thread nt_self;

struct nt_machine *nt_machine(void)
{
	return nt_self.machine;
}
