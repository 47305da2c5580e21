/* SPDX-License-Identifier: MIT */
/* What the framework's verifier looks at before each DDI does its work. */
#ifndef WDF_CHECK_H
#define WDF_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <wdf.h>

/* Parameter 1 of WDF_VIOLATION, as the page of bug check 0x10D lists them. */
enum wdf_violation_code {
	WDF_RECURSIVE_LOCK = 0x2,
	WDF_VERIFIER_FATAL = 0x3,
	WDF_PARAMETER_NULL = 0x4,
	WDF_INVALID_HANDLE = 0x5,
	WDF_OBJECT_DELETION = 0x7,
	WDF_INVALID_LOCK_OPERATION = 0xB,
};

/* wdf_violation() - end the driver: bug check 0x10D. @driver: its name; NULL: not known */
_Noreturn void wdf_violation(const char *driver, enum wdf_violation_code code, uint64_t p2,
			     const char *call, const char *demand, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

struct wdf_object;
/*
 * wdf_check_released() - at the end of an object with a lock: nobody holds it
 * @lock: as nt/held_locks.h knows it; @kind: its object's class
 */
void wdf_check_released(struct wdf_object *object, const void *lock, const char *kind);

/*
 * wdf_check_not_inside() - the calling thread is in no callback of this object: the DDI would wait
 * until that has returned
 */
void wdf_check_not_inside(struct wdf_object *object, const char *call);

/* wdf_check_irql() - the caller is at @maximum or below */
void wdf_check_irql(KIRQL maximum, const char *call);

/* wdf_check_pointer() - @pointer, the DDI's parameter @name, is not NULL */
void wdf_check_pointer(const void *pointer, const char *name, const char *call);

/* wdf_size_ok() - a structure's Size is right; if not that is logged, and the DDI returns
 * STATUS_INFO_LENGTH_MISMATCH. */
bool wdf_size_ok(size_t given, size_t expected, const char *structure, const char *call);

/* wdf_check_size() - the same for a DDI that returns nothing: a violation */
void wdf_check_size(size_t given, size_t expected, const char *structure, const char *call);

#define WDF_SIZE_OK(pointer, call) wdf_size_ok((pointer)->Size, sizeof(*(pointer)), #pointer, call)

#endif
