// SPDX-License-Identifier: MIT
#pragma once

#include "locks.h"

// One thread, from Begin to End; it has a processor and a priority of its own.
class Thread
{
      public:
	using Routine = void(void *Context);

	NTSTATUS Begin(Routine *Run, void *Context);
	void End(); // when it has returned

      private:
	void Settle();
#ifdef _KERNEL_MODE
	static KSTART_ROUTINE Enter;
	UniqueHandle Handle;
	UniqueThreadObject Object;
#else
	static DWORD WINAPI Enter(LPVOID Context);
	UniqueHandle Handle;
	UniqueHandle Settled;
#endif
	Routine *Run = nullptr;
	void *Context = nullptr;
};
