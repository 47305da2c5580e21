/* SPDX-License-Identifier: MIT */
/*
 * Faults on purpose: a plan says which of the driver's calls fail, each as its page says it does
 * when resources are short, and which of its callbacks are answered with a failure in its place.
 * A call that can fail asks once, after its checks and before it has done anything. One line of a
 * plan:
 *
 *	NAME                 each call of that DDI, or each call of that callback
 *	NAME@FUNCTION        those with that function of the driver on the stack
 *	NAME@FUNCTION+0x40   those that return to there
 *	NAME#1A2B3C4D        those of one call stack, whose number the list has
 *	CmResourceTypeMemory, CmResourceTypeInterrupt
 *	                     the device's resources of that type, at each start
 *	all-once             each call stack the first time, one in each start (nt_faults_again())
 *	list                 nothing; who asks wants to see the call stacks
 *	surprise-removal@CALLBACK, surprise-removal-after@CALLBACK
 *	                     the device is gone when that callback begins, or has returned
 *
 * and all but all-once and list with ":N" behind it for the Nth time alone.
 */
#ifndef NT_FAULT_H
#define NT_FAULT_H

#include <ntddk.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "nt/machine.h"

/*
 * Plan and record. Owned by the host: made and filled before any thread enters the machine, freed
 * after all have left; asked by any thread at any IRQL.
 */
struct nt_faults;

/* One call of the driver's, by its call stack. The texts live as long as the plan. */
struct nt_fault_site {
	const char *name; /* the DDI or callback */
	const char
		*id; /* "WdfMemoryCreate#1A2B3C4D", what a plan takes; a callback's is its name */
	/* Of one that has failed, and of all when the plan has "list"; else "", as a callback's: */
	const char *where; /* "EvtDeviceAdd+0x40" */
	const char *stack; /* "Foo adapter.c:41 < EvtDeviceAdd device.c:99", innermost first */
	unsigned long passed, failed; /* times */
};

struct nt_faults *nt_faults_create(void);
void nt_faults_destroy(struct nt_faults *faults);

/* nt_faults_add() - a line more. Return: false; *error says what would be right. */
bool nt_faults_add(struct nt_faults *faults, const char *line, struct error *error);

/*
 * nt_faults_again() - a start of a driver or device ends, and another may begin
 * Return: whether it is to be done again: the plan has all-once, and something has failed in it.
 * nt_faults_run() - the starts are over: all-once fails what is new as it comes
 */
bool nt_faults_again(struct nt_faults *faults);
void nt_faults_run(struct nt_faults *faults);

/* nt_faults_listed() - has the plan a "list"? */
bool nt_faults_listed(const struct nt_faults *faults);

/*
 * nt_faults_each() - what was asked for so far, in the order of the first time
 * nt_faults_unmatched() - the Nth line, from 0, that nothing came for; NULL: no more
 */
void nt_faults_each(struct nt_faults *faults,
		    void (*visit)(void *context, const struct nt_fault_site *site), void *context);
const char *nt_faults_unmatched(struct nt_faults *faults, unsigned number);

/*
 * nt_faults_lines() - the plan's lines, and what has become of each so far
 * @came: how often there was something for it; @failed: how often that failed, or was removed
 */
void nt_faults_lines(struct nt_faults *faults,
		     void (*visit)(void *context, const char *line, unsigned long came,
				   unsigned long failed),
		     void *context);

/*
 * nt_faults_on_removal() - what a surprise removal is: on the thread of the callback
 * @adapter: for which the thread works; NULL: not known
 */
void nt_faults_on_removal(struct nt_faults *faults,
			  void (*remove)(void *context, const char *adapter), void *context);

/* Of a machine that has a plan: what the inline functions below ask. */
bool nt_faults_ask(struct nt_faults *faults, const char *name);
bool nt_faults_ask_callback(struct nt_faults *faults, const char *name);

/* nt_fault_known() - is it the name of a call or callback that can fail? */
bool nt_fault_known(const char *name);

/* nt_faults_callback() - a callback begins, or has returned: nt/callback.c */
void nt_faults_callback(struct nt_faults *faults, const char *name, bool begins);

/*
 * NT_FAULT_NAME(), NT_FAULT_NAMES() - names that a plan may have: inside of a function one, outside
 * several. The linker makes one list of them all.
 */
#define NT_FAULT_LISTED     __attribute__((section("netcx_fault_names"), used))
#define NT_FAULT_NAME(name) static const char *const netcx_fault_name NT_FAULT_LISTED = (name)
#define NT_FAULT_NAMES(...) \
	static const char *const netcx_faults_here[] NT_FAULT_LISTED = { __VA_ARGS__ }

/*
 * nt_fault() - is this call of the driver's to fail? On its thread, below its frame.
 * @name: of the DDI, which stands in one of the above; kept
 */
static inline bool nt_fault(const char *name)
{
	struct nt_machine *machine = nt_machine();

	return machine && machine->faults && nt_faults_ask(machine->faults, name);
}

/*
 * nt_fault_callback() - is a callback that returns a status to be answered with a failure, as if
 * its first line had returned that, and not to be called?
 */
static inline bool nt_fault_callback(const char *name)
{
	struct nt_machine *machine = nt_machine();

	return machine && machine->faults && nt_faults_ask_callback(machine->faults, name);
}

/* NT_FAULT("WdfMemoryCreate"), NT_FAULT_CALLBACK("DriverEntry") - both in one */
#define NT_FAULT(name)               \
	({                           \
		NT_FAULT_NAME(name); \
		nt_fault(name);      \
	})
#define NT_FAULT_CALLBACK(name)          \
	({                               \
		NT_FAULT_NAME(name);     \
		nt_fault_callback(name); \
	})

/* What both are answered with: the status that the pages have for a lack of resources. */
#define NT_FAULT_STATUS STATUS_INSUFFICIENT_RESOURCES

#endif
