/* SPDX-License-Identifier: MIT */
/* IRQL of a thread. DDI pages KeRaiseIrql, KeLowerIrql: up with the one, down with the other. */
#include "nt/irql.h"

#include "nt/export.h"
#include "nt/thread.h"
#include "nt/violation.h"

KIRQL nt_irql(void)
{
	return nt_self.irql;
}

KIRQL nt_irql_raise(KIRQL to)
{
	KIRQL before = nt_self.irql;

	if (to < before)
		nt_violation_say(0x9, before, "IRQL_NOT_GREATER_OR_EQUAL", "KeRaiseIrql", NULL,
				 "IRQL is raised to a level that is not below the present one.",
				 "IRQL is %u and was to be raised to %u.", before, to);
	nt_self.irql = to;
	return before;
}

void nt_irql_drop(KIRQL to, const char *call)
{
	const struct nt_callback *inside =
		atomic_load_explicit(&nt_self.callback, memory_order_relaxed);

	if (to > nt_self.irql)
		nt_violation_say(
			0xA, to, "IRQL_NOT_LESS_OR_EQUAL", call, NULL,
			"IRQL is lowered to a level that is not above the present one: locks are released in the reverse order of their taking.",
			"IRQL is %u and was to be lowered to %u.", nt_self.irql, to);
	if (inside && to < inside->irql)
		nt_violation_say(
			0xC4, 0x31, "DRIVER_VERIFIER_DETECTED_VIOLATION", call, NULL,
			"A callback does not lower IRQL below the one that it was called at: a spin lock gives back the old IRQL that its own acquisition has told.",
			"%s was called at IRQL %u, and lowers it to %u.", inside->name,
			inside->irql, to);
	if (to < nt_self.held_level)
		nt_held_drop(to, call);
	nt_self.irql = to;
	if (nt_self.pending)
		nt_run_pending();
}

void nt_irql_lower(KIRQL to)
{
	nt_irql_drop(to, "KeLowerIrql");
}

static bool have_dpcs(void)
{
	return atomic_load_explicit(&nt_self.dpcs, memory_order_relaxed);
}

void nt_run_pending(void)
{
	for (;;) {
		if (nt_self.interrupt_count && nt_self.irql < NT_DIRQL)
			nt_interrupt_deliver(nt_self.interrupts[--nt_self.interrupt_count]);
		else if (have_dpcs() && nt_self.irql < DISPATCH_LEVEL)
			nt_dpc_run_next();
		else
			break;
	}
	nt_self.pending = nt_self.interrupt_count || have_dpcs();
}

NETCX_EXPORT KIRQL KeGetCurrentIrql(void)
{
	return nt_irql();
}

NETCX_EXPORT KIRQL KfRaiseIrql(KIRQL NewIrql)
{
	return nt_irql_raise(NewIrql);
}

NETCX_EXPORT KIRQL KeRaiseIrqlToDpcLevel(void)
{
	return nt_irql_raise(DISPATCH_LEVEL);
}

NETCX_EXPORT void KeLowerIrql(KIRQL NewIrql)
{
	nt_irql_lower(NewIrql);
}

/* PAGED_CODE: what may be paged out runs below DISPATCH_LEVEL. */
NETCX_EXPORT void netcx_paged_code(const char *function)
{
	if (nt_self.irql > APC_LEVEL)
		nt_violation_say(0xD1, nt_self.irql, "DRIVER_IRQL_NOT_LESS_OR_EQUAL", function,
				 NULL,
				 "A function with PAGED_CODE() is called below DISPATCH_LEVEL.",
				 "it was called at IRQL %u.", nt_self.irql);
}
