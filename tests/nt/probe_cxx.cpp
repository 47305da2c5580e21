/* SPDX-License-Identifier: MIT */
/* A module of a driver in C++ that is compiled with exceptions, which no kernel has. */
#include <ntddk.h>

typedef VOID PROBE(PVOID Context);
extern "C" PROBE ProbeThrow, ProbeThrowAcross, ProbeThrowAgain, ProbeCatch;

/* Not a class of the library's: nothing else has a handler for it. */
struct Mistake {
	int Number;
};

/* Something to be cleaned up on the way out of a function, which is not to happen. */
struct Guard {
	~Guard()
	{
		KeMemoryBarrier();
	}
};

static __attribute__((noinline)) VOID Throw(VOID)
{
#line 100
	throw Mistake{ 7 };
}

VOID ProbeThrow(PVOID Context)
{
	Guard guard;

	UNREFERENCED_PARAMETER(Context);
#line 200
	Throw();
	KeMemoryBarrier();
}

/* By way of what it is told to call: the framework, say. */
VOID ProbeThrowAcross(PVOID Context)
{
#line 300
	reinterpret_cast<PROBE *>(Context)(NULL);
	KeMemoryBarrier();
}

/* A handler for something else, and one that hands it on. */
VOID ProbeThrowAgain(PVOID Context)
{
	UNREFERENCED_PARAMETER(Context);
	try {
		try {
			Throw();
		} catch (int) {
			KeMemoryBarrier();
		}
	} catch (const Mistake &) {
#line 400
		throw;
	}
}

VOID ProbeCatch(PVOID Context)
{
	try {
		Throw();
	} catch (const Mistake &mistake) {
		*static_cast<int *>(Context) = mistake.Number;
	}
}
