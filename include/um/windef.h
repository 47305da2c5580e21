/* SPDX-License-Identifier: MIT */
/* windef.h - all of it that is no window is minwindef.h and winnt.h here. */
#ifndef NETCX_WINDEF_H
#define NETCX_WINDEF_H
#include <minwindef.h>
#include <winnt.h>
#endif
