// SPDX-License-Identifier: MIT
#pragma once

#include <initguid.h>
#ifdef _KERNEL_MODE
#include <ntddk.h>
#else
#include <windows.h>
#endif
#include <new>
#include <type_traits>
#include <utility>

#include <wdf.h>
#include <netadaptercx.h>
#include <net/virtualaddress.h>

#include "trace.h"
