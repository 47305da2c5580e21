/* SPDX-License-Identifier: MIT */
/* platform.h - what the driver's sources build on as a user-mode driver. */
#pragma once

#include <windows.h>
#include <wdf.h>
#include <netadaptercx.h>

#define PAGED_CODE() ((void)0) /* everything is */

#define VirtTrace(Format, ...) \
	DbgPrintEx(DPFLTR_IHVNETWORK_ID, DPFLTR_ERROR_LEVEL, "virtual: " Format "\n", __VA_ARGS__)
