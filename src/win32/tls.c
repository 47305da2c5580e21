/* SPDX-License-Identifier: MIT */
/*
 * Slots that each thread has a value of its own in. A thread's values are made when it first sets
 * one; a slot that is freed and allocated again counts anew, so that old values are not seen. At a
 * thread's end the callbacks of FlsAlloc are called for its values.
 */
#include <stdlib.h>

#include "nt/fault.h"
#include "nt/violation.h"
#include "win32/state.h"

NT_FAULT_NAMES("TlsAlloc", "FlsAlloc", "TlsSetValue", "FlsSetValue");

#define INVALID_TLS_VALUE 0x301

/* A thread's; its alone. */
struct value {
	PVOID value;
	unsigned generation;
};
static _Thread_local struct value *values;

static struct w32_slots *slots_of(const char *call)
{
	return &w32_state(call)->slots;
}

static DWORD allocate(PFLS_CALLBACK_FUNCTION callback, bool fiber, const char *call)
{
	struct w32_slots *slots = slots_of(call);
	DWORD index = 0;

	if (nt_fault(call)) {
		w32_fail(ERROR_NO_SYSTEM_RESOURCES);
		return TLS_OUT_OF_INDEXES;
	}

	pthread_mutex_lock(&slots->lock);
	while (index < W32_SLOTS && slots->slot[index].generation & 1)
		index++;
	if (index < W32_SLOTS) {
		slots->slot[index].callback = callback;
		slots->slot[index].fiber = fiber;
		slots->slot[index].generation++;
	}
	pthread_mutex_unlock(&slots->lock);
	if (index < W32_SLOTS)
		return index;
	w32_fail(ERROR_NO_SYSTEM_RESOURCES);
	return TLS_OUT_OF_INDEXES;
}

/* Return: the slot's generation, odd while it is allocated. Ends the driver for one that is not. */
static unsigned check(struct w32_slots *slots, DWORD index, bool fiber, const char *call)
{
	unsigned generation = index < W32_SLOTS ? slots->slot[index].generation : 0;

	if (!(generation & 1) || slots->slot[index].fiber != fiber)
		nt_violation_stop(INVALID_TLS_VALUE, index, "INVALID_TLS_VALUE", call,
				  "An index is used while it is allocated.",
				  "the index %u is not allocated.", index);
	return generation;
}

static PVOID get(DWORD index, bool fiber, const char *call)
{
	unsigned generation = check(slots_of(call), index, fiber, call);

	SetLastError(ERROR_SUCCESS);
	return values && values[index].generation == generation ? values[index].value : NULL;
}

static BOOL set(DWORD index, PVOID value, bool fiber, const char *call)
{
	unsigned generation = check(slots_of(call), index, fiber, call);

	if (!values && !nt_fault(call))
		values = calloc(W32_SLOTS, sizeof(*values));
	if (!values)
		return w32_fail(ERROR_NOT_ENOUGH_MEMORY);
	values[index] = (struct value){ value, generation };
	return TRUE;
}

static BOOL release(DWORD index, bool fiber, const char *call)
{
	struct w32_slots *slots = slots_of(call);

	check(slots, index, fiber, call);
	/* Of other threads' values FlsFree's page has the callback called, too; ours go by
	 * themselves. */
	if (slots->slot[index].callback && values &&
	    values[index].generation == slots->slot[index].generation && values[index].value)
		slots->slot[index].callback(values[index].value);
	slots->slot[index].callback = NULL;
	slots->slot[index].generation++;
	return TRUE;
}

void w32_slots_thread_ends(struct w32 *w32)
{
	for (DWORD i = 0; values && i < W32_SLOTS; i++) {
		PFLS_CALLBACK_FUNCTION callback = w32->slots.slot[i].callback;

		if (callback && values[i].value &&
		    values[i].generation == w32->slots.slot[i].generation)
			callback(values[i].value);
	}
	free(values);
	values = NULL;
}

NETCX_EXPORT DWORD WINAPI TlsAlloc(VOID)
{
	return allocate(NULL, false, "TlsAlloc");
}

NETCX_EXPORT LPVOID WINAPI TlsGetValue(DWORD dwTlsIndex)
{
	return get(dwTlsIndex, false, "TlsGetValue");
}

NETCX_EXPORT BOOL WINAPI TlsSetValue(DWORD dwTlsIndex, LPVOID lpTlsValue)
{
	return set(dwTlsIndex, lpTlsValue, false, "TlsSetValue");
}

NETCX_EXPORT BOOL WINAPI TlsFree(DWORD dwTlsIndex)
{
	return release(dwTlsIndex, false, "TlsFree");
}

NETCX_EXPORT DWORD WINAPI FlsAlloc(PFLS_CALLBACK_FUNCTION lpCallback)
{
	return allocate(lpCallback, true, "FlsAlloc");
}

NETCX_EXPORT PVOID WINAPI FlsGetValue(DWORD dwFlsIndex)
{
	return get(dwFlsIndex, true, "FlsGetValue");
}

NETCX_EXPORT BOOL WINAPI FlsSetValue(DWORD dwFlsIndex, PVOID lpFlsData)
{
	return set(dwFlsIndex, lpFlsData, true, "FlsSetValue");
}

NETCX_EXPORT BOOL WINAPI FlsFree(DWORD dwFlsIndex)
{
	return release(dwFlsIndex, true, "FlsFree");
}
