// SPDX-License-Identifier: MIT
#pragma once

#include "threads.h"

class Queue;

// What is between two adapters: what the one sends, its thread copies to the other.
class Wire
{
      public:
	static NTSTATUS Join(ULONG Number, ULONG Port, Wire **Joined);
	void Leave(ULONG Port);

	void Attach(Queue *Attached);
	void Detach(Queue *Detached);
	void Signal()
	{
		Work.Set();
	}

      private:
	Queue *&At(const Queue *Attached);
	void Move(ULONG Port);
	static Thread::Routine Run;

	struct End {
		Queue *Tx = nullptr, *Rx = nullptr;
		bool Taken = false;
	};
	SlimLock Lock; // Ends' queues
	End Ends[2];
	AutoEvent Work;
	volatile LONG Stopped = 0;
	ULONG Number = 0;
	Thread Mover;
};
