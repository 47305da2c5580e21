/* SPDX-License-Identifier: MIT */
/* memory.h - Microsoft's older name for the half of string.h that works on blocks. */
#ifndef NETCX_CRT_MEMORY_H
#define NETCX_CRT_MEMORY_H

#include <string.h>

#endif
