/* SPDX-License-Identifier: MIT */
/* wdfassert.h - assertions of drivers. Part of wdf.h. */
#ifndef NETCX_WDFASSERT_H
#define NETCX_WDFASSERT_H

#include <parts/wdmcheck.h>
#include <parts/wdmke.h>

/* Always evaluated; in a checked build it must hold, too. */
#define WDFVERIFY(expression) NT_VERIFY(expression)
#define WDFCASSERT(condition) C_ASSERT(condition)
#if NETCX_UMDF
#define VERIFY_IS_IRQL_PASSIVE_LEVEL() ((void)0) /* it always is */
#else
#define VERIFY_IS_IRQL_PASSIVE_LEVEL() WDFVERIFY(KeGetCurrentIrql() == PASSIVE_LEVEL)
#endif

#endif
