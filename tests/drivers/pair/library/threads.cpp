// SPDX-License-Identifier: MIT
#include "pch.hpp"

#include "threads.h"
#include "threads.tmh"

// The first processor of the group that it finds itself in.
void Thread::Settle()
{
	GROUP_AFFINITY affinity = {};
	GROUP_AFFINITY before = {};

#ifdef _KERNEL_MODE
	PROCESSOR_NUMBER processor = {};

	KeGetProcessorNumberFromIndex(KeGetCurrentProcessorNumberEx(nullptr), &processor);
	affinity.Group = processor.Group;
	affinity.Mask = AFFINITY_MASK(processor.Number);
	KeSetSystemGroupAffinityThread(&affinity, &before);
	KeSetBasePriorityThread(KeGetCurrentThread(), 1);
	KeRevertToUserGroupAffinityThread(&before);
#else
	if (GetThreadGroupAffinity(GetCurrentThread(), &affinity))
		SetThreadGroupAffinity(GetCurrentThread(), &affinity, &before);
	SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_ABOVE_NORMAL);
	SetEvent(Settled.Get());
#endif
	TraceInfo(PAIR_WIRE, "thread in group %u, processors 0x%I64x", affinity.Group,
		  (ULONG64)affinity.Mask);
}

#ifdef _KERNEL_MODE
void Thread::Enter(PVOID Context)
{
	auto thread = static_cast<Thread *>(Context);

	thread->Settle();
	thread->Run(thread->Context);
	PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS Thread::Begin(Routine *Run, void *Context)
{
	OBJECT_ATTRIBUTES attributes;

	this->Run = Run;
	this->Context = Context;
	InitializeObjectAttributes(&attributes, nullptr, OBJ_KERNEL_HANDLE, nullptr, nullptr);
	RETURN_UNLESS_SUCCESS(PsCreateSystemThread(&Handle, THREAD_ALL_ACCESS, &attributes, nullptr,
						   nullptr, Enter, this));
	NT_VERIFY(NT_SUCCESS(
		ObReferenceObjectByHandle(Handle.Get(), THREAD_ALL_ACCESS, nullptr, KernelMode,
					  reinterpret_cast<PVOID *>(&Object), nullptr)));
	return STATUS_SUCCESS;
}

void Thread::End()
{
	if (Object)
		KeWaitForSingleObject(Object.Get(), Executive, KernelMode, FALSE, nullptr);
	Object.Reset();
	Handle.Reset();
}
#else
DWORD WINAPI Thread::Enter(LPVOID Context)
{
	auto thread = static_cast<Thread *>(Context);

	thread->Settle();
	thread->Run(thread->Context);
	return 0;
}

NTSTATUS Thread::Begin(Routine *Run, void *Context)
{
	this->Run = Run;
	this->Context = Context;
	Settled = UniqueHandle{ CreateEventW(nullptr, TRUE, FALSE, nullptr) };
	if (!Settled)
		return NTSTATUS_FROM_WIN32(GetLastError());
	Handle = UniqueHandle{ CreateThread(nullptr, 0, Enter, this, 0, nullptr) };
	if (!Handle)
		return NTSTATUS_FROM_WIN32(GetLastError());
	WaitForSingleObject(Settled.Get(), INFINITE);
	return STATUS_SUCCESS;
}

void Thread::End()
{
	if (Handle)
		WaitForSingleObject(Handle.Get(), INFINITE);
	Handle.Reset();
	Settled.Reset();
}
#endif
