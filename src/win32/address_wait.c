/* SPDX-License-Identifier: MIT */
/*
 * Waits for a value in memory to change: WaitOnAddress, and condition variables and one-time
 * initialisation, which are built on the same. Who waits for an address stands in one of a few
 * rooms, by the address; who wakes it looks into that room alone.
 */
#include <string.h>

#include "base/clock.h"
#include "nt/wait.h"
#include "win32/state.h"

/* On the waiting thread's stack; under its room's lock. */
struct w32_waiter {
	const volatile void *address;
	bool woken;
	struct w32_waiter *next;
};

static struct w32_room *room_of(struct w32 *w32, const volatile void *address)
{
	uint64_t hash = ((uint64_t)(uintptr_t)address >> 2) * 0x9E3779B97F4A7C15u;

	return &w32->rooms[hash >> 58];
}

static void leave(struct w32_room *room, const struct w32_waiter *waiter)
{
	struct w32_waiter **at = &room->first;

	while (*at != waiter)
		at = &(*at)->next;
	*at = waiter->next;
}

/* The oldest is the last of the list. Under the lock. */
static void join(struct w32_room *room, struct w32_waiter *waiter)
{
	waiter->next = room->first;
	room->first = waiter;
}

/* Under the lock. Return: false: the time has come. */
static bool sleep(struct w32_room *room, struct w32_waiter *waiter, uint64_t until_ns)
{
	bool in_time = true;

	while (!waiter->woken && in_time) {
		if (until_ns == NT_WAIT_FOR_EVER)
			pthread_cond_wait(&room->woken, &room->lock);
		else
			in_time = clock_wait(&room->woken, &room->lock, until_ns);
	}
	return waiter->woken;
}

bool w32_wait_while(const volatile void *address, bool (*same)(const void *context),
		    const void *context, void (*release)(const void *context), uint64_t until_ns)
{
	struct w32_room *room = room_of(w32_state("WaitOnAddress"), address);
	struct w32_waiter waiter = { .address = address };
	bool woken = true;

	pthread_mutex_lock(&room->lock);
	if (!same || same(context)) {
		join(room, &waiter);
		if (release)
			release(context);
		woken = sleep(room, &waiter, until_ns);
		leave(room, &waiter);
	}
	pthread_mutex_unlock(&room->lock);
	return woken;
}

static struct w32_waiter *oldest(const struct w32_room *room, const volatile void *address)
{
	struct w32_waiter *found = NULL;

	for (struct w32_waiter *at = room->first; at; at = at->next)
		if (at->address == address && !at->woken)
			found = at;
	return found;
}

void w32_wake(const volatile void *address, bool all)
{
	struct w32_room *room = room_of(w32_state("WakeByAddress"), address);
	struct w32_waiter *waiter;

	pthread_mutex_lock(&room->lock);
	do {
		waiter = oldest(room, address);
		if (waiter)
			waiter->woken = true;
	} while (waiter && all);
	pthread_cond_broadcast(&room->woken);
	pthread_mutex_unlock(&room->lock);
}

void w32_rooms_init(struct w32 *w32)
{
	for (int i = 0; i < W32_ROOMS; i++) {
		pthread_mutex_init(&w32->rooms[i].lock, NULL);
		clock_condition_init(&w32->rooms[i].woken);
	}
}

void w32_rooms_destroy(struct w32 *w32)
{
	for (int i = 0; i < W32_ROOMS; i++) {
		pthread_mutex_destroy(&w32->rooms[i].lock);
		pthread_cond_destroy(&w32->rooms[i].woken);
	}
}

struct comparison {
	const volatile void *address;
	const void *with;
	SIZE_T size;
};

static bool is_same(const void *context)
{
	const struct comparison *c = context;

	switch (c->size) {
	case 1:
		return __atomic_load_n((const volatile uint8_t *)c->address, __ATOMIC_SEQ_CST) ==
		       *(const uint8_t *)c->with;
	case 2:
		return __atomic_load_n((const volatile uint16_t *)c->address, __ATOMIC_SEQ_CST) ==
		       *(const uint16_t *)c->with;
	case 4:
		return __atomic_load_n((const volatile uint32_t *)c->address, __ATOMIC_SEQ_CST) ==
		       *(const uint32_t *)c->with;
	default:
		return __atomic_load_n((const volatile uint64_t *)c->address, __ATOMIC_SEQ_CST) ==
		       *(const uint64_t *)c->with;
	}
}

/* Page WaitOnAddress: 1, 2, 4 or 8 bytes; FALSE with ERROR_TIMEOUT. */
NETCX_EXPORT BOOL WINAPI WaitOnAddress(volatile VOID *Address, PVOID CompareAddress,
				       SIZE_T AddressSize, DWORD dwMilliseconds)
{
	const struct comparison comparison = { Address, CompareAddress, AddressSize };

	if (AddressSize != 1 && AddressSize != 2 && AddressSize != 4 && AddressSize != 8)
		return w32_fail(ERROR_INVALID_PARAMETER);
	if (w32_wait_while(Address, is_same, &comparison, NULL, w32_deadline(dwMilliseconds)))
		return TRUE;
	return w32_fail(ERROR_TIMEOUT);
}

NETCX_EXPORT VOID WINAPI WakeByAddressSingle(PVOID Address)
{
	w32_wake(Address, false);
}

NETCX_EXPORT VOID WINAPI WakeByAddressAll(PVOID Address)
{
	w32_wake(Address, true);
}
