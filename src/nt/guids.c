/* SPDX-License-Identifier: MIT */
/*
 * What wdmguid.lib has of wdmguid.h: a driver that includes that header without initguid.h takes
 * its identifiers from there.
 */
#include <initguid.h>
#pragma GCC visibility push(default)
#include <wdmguid.h>
#pragma GCC visibility pop
