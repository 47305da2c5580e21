/* SPDX-License-Identifier: MIT */
// Other.cpp - the same in C++.
#include <ntddk.h>
#include <wdf.h>

#include "Trace.h"
#include "Inline.h"
#include "Other.tmh"

namespace
{
class Traced
{
      public:
	void Run(int Value)
	{
		TraceEvents(TRACE_LEVEL_INFORMATION, TRACE_INIT, "%!FUNC! in a class %d %p", Value,
			    Value ? nullptr : this);
	}
};
} // namespace

extern "C" void TraceInCxx(void)
{
	Traced Object;
	int Level = TRACE_LEVEL_VERBOSE;

	Object.Run(3);
	TraceInHeader(4);
	TraceEvents(Level, OTHER_ALL, "a level that %s", "varies");
}
