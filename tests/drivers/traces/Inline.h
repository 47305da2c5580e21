/* SPDX-License-Identifier: MIT */
/* Inline.h - a header with trace calls of its own. */
#pragma once

#include "Inline.h.tmh"

inline void TraceInHeader(int Value)
{
	TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_INIT, "in a header %d", Value);
}
