/* SPDX-License-Identifier: MIT */
/* What a C++ compiler leaves to the kernel's libraries: _purecall there, this here. */
#include <stdio.h>
#include <stdlib.h>

#include "nt/export.h"

void __cxa_pure_virtual(void);

/* A virtual function was called while its object was being made or destroyed. */
NETCX_EXPORT void __cxa_pure_virtual(void)
{
	fputs("netcx: a pure virtual function was called\n", stderr);
	abort();
}
