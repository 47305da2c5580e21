/* SPDX-License-Identifier: MIT */
/*
 * volatile, for the thread sanitizer in a driver. To MSVC a volatile load acquires and a volatile
 * store releases, which is how drivers share flags; the registers of their hardware are volatile,
 * too. clang only marks these accesses (-tsan-distinguish-volatile), and leaves what they mean to
 * whoever defines the functions: here they order and are never reported. The call is in front of
 * the access, so a value that comes in between is not ordered by it.
 */
#include "nt/sanitizer.h"

#include "nt/export.h"

#ifdef NT_HAS_THREAD_SANITIZER
void __tsan_acquire(void *address);
void __tsan_release(void *address);
void AnnotateBenignRaceSized(const char *file, int line, const volatile void *memory, long size,
			     const char *why);

void nt_order_with_hardware(void)
{
	static char hardware; /* its address stands for all of it */

	__tsan_acquire(&hardware);
	__tsan_release(&hardware);
}

void nt_share_with_hardware(void *memory, size_t length)
{
	AnnotateBenignRaceSized(__FILE__, __LINE__, memory, (long)length, "shared with a device");
}

/* clang's runtime may have them some day. */
#define VOLATILE(kind, bytes)                                                                \
	NETCX_EXPORT __attribute__((weak)) void __tsan_##kind##_read##bytes(void *address);  \
	NETCX_EXPORT __attribute__((weak)) void __tsan_##kind##_write##bytes(void *address); \
	void __tsan_##kind##_read##bytes(void *address)                                      \
	{                                                                                    \
		__tsan_acquire(address);                                                     \
	}                                                                                    \
	void __tsan_##kind##_write##bytes(void *address)                                     \
	{                                                                                    \
		__tsan_release(address);                                                     \
	}

VOLATILE(volatile, 1)
VOLATILE(volatile, 2)
VOLATILE(volatile, 4)
VOLATILE(volatile, 8)
VOLATILE(volatile, 16)
VOLATILE(unaligned_volatile, 2)
VOLATILE(unaligned_volatile, 4)
VOLATILE(unaligned_volatile, 8)
VOLATILE(unaligned_volatile, 16)
#endif
