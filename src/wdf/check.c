/* SPDX-License-Identifier: MIT */
#include "wdf/check.h"

#include <stdarg.h>
#include <stdio.h>

#include "nt/event.h"
#include "nt/held_locks.h"
#include "nt/irql.h"
#include "nt/violation.h"
#include "wdf/private.h"

#define WDF_VIOLATION 0x10D

static const char *code_name(enum wdf_violation_code code)
{
	switch (code) {
	case WDF_RECURSIVE_LOCK:
		return "WDF_RECURSIVE_LOCK";
	case WDF_PARAMETER_NULL:
		return "WDF_REQUIRED_PARAMETER_IS_NULL";
	case WDF_INVALID_HANDLE:
		return "WDF_INVALID_HANDLE";
	case WDF_OBJECT_DELETION:
		return "WDF_OBJECT_ERROR";
	case WDF_INVALID_LOCK_OPERATION:
		return "WDF_INVALID_LOCK_OPERATION";
	default:
		return "WDF_VERIFIER_FATAL_ERROR";
	}
}

_Noreturn void wdf_violation(const char *driver, enum wdf_violation_code code, uint64_t p2,
			     const char *call, const char *demand, const char *format, ...)
{
	char passed[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(passed, sizeof(passed), format, arguments);
	va_end(arguments);
	nt_violation(&(struct nt_violation){
		.bugcheck = WDF_VIOLATION,
		.parameter = { code, p2 },
		.rule = code_name(code),
		.call = call,
		.object = driver,
		.passed = passed,
		.demand = demand,
	});
}

void wdf_check_released(struct wdf_object *object, const void *lock, const char *kind)
{
	struct wdf_driver *driver = object->driver;
	char demand[64], text[384];

	if (!nt_held_find(driver->machine, lock, 1))
		return;
	snprintf(demand, sizeof(demand), "A %s is deleted when nobody holds its lock.", kind);
	wdf_violation(driver->name, WDF_INVALID_LOCK_OPERATION, (uintptr_t)object,
		      "the end of an object", demand, "what is deleted is the %s.",
		      nt_held_text(lock, kind, object, text, sizeof(text)));
}

void wdf_check_not_inside(struct wdf_object *object, const char *call)
{
	const struct nt_callback *inside = nt_callback_inside(object);

	if (inside)
		wdf_violation(
			object->driver->name, WDF_VERIFIER_FATAL, (uintptr_t)object, call,
			"A callback does not wait for its own return.",
			"it was called inside %s of the same %s, %p, and waits until that has returned: on Windows it waits for ever.",
			inside->name, object->class->name, (void *)object);
}

void wdf_check_irql(KIRQL maximum, const char *call)
{
	char demand[128];

	if (nt_irql() <= maximum)
		return;
	snprintf(demand, sizeof(demand), "%s is called at %s.", call,
		 maximum == PASSIVE_LEVEL ? "PASSIVE_LEVEL" : "DISPATCH_LEVEL or below");
	wdf_violation(NULL, WDF_VERIFIER_FATAL, nt_irql(), call, demand,
		      "it was called at IRQL %u.", nt_irql());
}

void wdf_check_pointer(const void *pointer, const char *name, const char *call)
{
	if (!pointer)
		wdf_violation(NULL, WDF_PARAMETER_NULL, 0, call, "The parameter is required.",
			      "%s is NULL.", name);
}

bool wdf_size_ok(size_t given, size_t expected, const char *structure, const char *call)
{
	if (given == expected)
		return true;
	nt_log("", "%s: Size of %s is %zu and should be %zu: was its INIT function called?", call,
	       structure, given, expected);
	return false;
}

void wdf_check_size(size_t given, size_t expected, const char *structure, const char *call)
{
	if (given != expected)
		wdf_violation(NULL, WDF_VERIFIER_FATAL, given, call,
			      "A structure is prepared by its INIT function.",
			      "Size of %s is %zu and should be %zu.", structure, given, expected);
}
