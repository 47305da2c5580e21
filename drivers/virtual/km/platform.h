/* SPDX-License-Identifier: MIT */
/* platform.h - what the driver's sources build on as a kernel-mode driver. */
#pragma once

#include <ntddk.h>
#include <wdf.h>
#include <netadaptercx.h>

#define VirtTrace(Format, ...) \
	DbgPrintEx(DPFLTR_IHVNETWORK_ID, DPFLTR_ERROR_LEVEL, "virtual: " Format "\n", __VA_ARGS__)
