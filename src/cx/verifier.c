/* SPDX-License-Identifier: MIT */
/* How a broken rule is reported, and the rules that belong to no version. */
#include "cx/verifier.h"

#include <stdio.h>

#include "cx/adapter.h"
#include "nt/callback.h"
#include "nt/irql.h"
#include "nt/violation.h"
#include "wdf/check.h"

static const char *const rule_names[CX_RULES] = {
#define X(constant, name) [CX_##constant] = #name,
	CX_RULE_LIST(X)
#undef X
};

/* Its failure code in this release. A rule that the release has no number for is the last one. */
static uint64_t number_of(const struct cx_rule_book *book, enum cx_rule rule)
{
	size_t number = 0;

	while (number < book->count && book->rules[number] != rule)
		number++;
	return number;
}

static struct nt_violation report(const struct cx_site *at, enum cx_rule rule, uint64_t p2,
				  uint64_t p3, const char *demand, const char *passed)
{
	const struct cx_rule_book *book = at->book(at->caller);

	return (struct nt_violation){
		.bugcheck = CX_BUGCODE_NETADAPTER_DRIVER,
		.version = book->version,
		.api = book->api,
		.parameter = { number_of(book, rule), p2, p3, 0 },
		.rule = rule_names[rule],
		.call = at->call,
		.object = at->object,
		.passed = passed,
		.demand = demand,
	};
}

void cx_violation(const struct cx_site *at, enum cx_rule rule, uint64_t p2, uint64_t p3,
		  const char *demand, const char *passed, ...)
{
	struct nt_violation violation;
	char text[256];
	va_list arguments;

	va_start(arguments, passed);
	vsnprintf(text, sizeof(text), passed, arguments);
	va_end(arguments);
	violation = report(at, rule, p2, p3, demand, text);
	nt_violation(&violation);
}

void cx_soft_violation(const struct cx_site *at, enum cx_rule rule, uint64_t p2, uint64_t p3,
		       const char *demand, const char *passed, ...)
{
	struct nt_violation violation;
	char text[256];
	va_list arguments;

	va_start(arguments, passed);
	vsnprintf(text, sizeof(text), passed, arguments);
	va_end(arguments);
	violation = report(at, rule, p2, p3, demand, text);
	nt_violation_note(&violation);
}

void cx_refuse_delete(struct wdf_object *object, const char *call)
{
	wdf_violation(wdf_driver_name(object->driver), WDF_OBJECT_DELETION, (uintptr_t)object, call,
		      "The framework deletes this object itself.",
		      "%p is a %s, which a driver cannot delete.", (void *)object,
		      object->class->name);
}

void cx_verify_passive(const struct cx_site *at)
{
	KIRQL irql = nt_irql();

	if (irql != PASSIVE_LEVEL)
		cx_violation(at, CX_IRQL_IS_NOT_PASSIVE, irql, 0,
			     "It is called at PASSIVE_LEVEL (0) only.", "The IRQL is %u.", irql);
}

void cx_verify_dispatch(const struct cx_site *at)
{
	KIRQL irql = nt_irql();

	if (irql > DISPATCH_LEVEL)
		cx_violation(at, CX_IRQL_NOT_LESS_OR_EQUAL_DISPATCH, irql, 0,
			     "It is called at DISPATCH_LEVEL (2) or below.", "The IRQL is %u.",
			     irql);
}

void cx_verify_not_null(const struct cx_site *at, const void *pointer, const char *name)
{
	if (!pointer)
		cx_violation(at, CX_PARAMETER_CANT_BE_NULL, 0, 0,
			     "This parameter must not be NULL.", "%s is NULL.", name);
}

void cx_verify_not_started(const struct cx_site *at, const struct cx_adapter *adapter)
{
	if (cx_adapter_state(adapter) != CX_ADAPTER_INITIALIZED)
		cx_violation(at, CX_ADAPTER_ALREADY_STARTED, 0, 0,
			     "It is called before NetAdapterStart, or after NetAdapterStop.",
			     "The adapter is started.");
}

/* Windows hangs there; the code is Driver Verifier's of a deadlock. */
void cx_verify_not_in_callback(const struct cx_site *at, const struct cx_adapter *adapter)
{
	const struct nt_callback *inside = nt_callback_inside_named(adapter->name);

	if (inside)
		nt_violation_say(
			0xC4, 0x1001, "DRIVER_VERIFIER_DETECTED_VIOLATION", at->call, at->object,
			"A callback does not wait for its own return: it leaves that to a work item, or to the device's PnP callbacks.",
			"it was called inside %s, and waits until that has returned: on Windows it waits for ever.",
			inside->name);
}

void cx_verify_parent_is_null(const struct cx_site *at, const WDF_OBJECT_ATTRIBUTES *attributes)
{
	if (attributes && attributes->ParentObject)
		cx_violation(at, CX_PARENT_OBJECT_NOT_NULL, 0, 0,
			     "The framework chooses this object's parent; leave ParentObject NULL.",
			     "ParentObject is %p.", (void *)attributes->ParentObject);
}

/* The size is the override's when there is one, as WdfObjectAllocateContext does. */
void cx_verify_context_size(const struct cx_site *at, const WDF_OBJECT_ATTRIBUTES *attributes)
{
	size_t size;

	if (!attributes)
		return;
	size = attributes->ContextSizeOverride;
	if (!size && attributes->ContextTypeInfo)
		size = attributes->ContextTypeInfo->ContextSize;
	if (size > MAXULONG)
		cx_violation(at, CX_OBJECT_ATTRIBUTES_CONTEXT_SIZE_TOO_LARGE, size, MAXULONG,
			     "An object's context has at most 4294967295 bytes.",
			     "The context's size is %zu.", size);
}

/* NULL, which ends Windows with a page fault, is reported like any parameter that must be there. */
void cx_verify_struct_size(const struct cx_site *at, const ULONG *size, size_t expected,
			   const char *structure, const char *parameter)
{
	cx_verify_not_null(at, size, parameter);
	if (*size != expected)
		cx_violation(at, CX_INVALID_STRUCT_TYPE_SIZE, *size, expected,
			     "Size is sizeof the structure; its INIT function sets it.",
			     "%s.Size is %u, %zu is expected.", structure, *size, expected);
}
