/* SPDX-License-Identifier: MIT */
/* Timers, DPCs and locks that a driver leaves where they must not be: named, before they strike. */
#ifndef NT_LEFT_BEHIND_H
#define NT_LEFT_BEHIND_H

#include <ntddk.h>
#include <stddef.h>

struct nt_callback;
struct nt_machine;

/*
 * nt_left_in_memory() - memory of the driver is about to be freed: end it when a KTIMER that is
 * set, a KDPC that is queued (bug check 0xC7) or a lock that is held (0xC4) lies in there
 * @call: the DDI, for the report
 * @what: what the memory is: "pool block"
 * Any thread, IRQL below NT_DIRQL, none of the driver's locks held.
 */
void nt_left_in_memory(const void *memory, size_t size, const char *call, const char *what);

/*
 * nt_left_note() - a timer is set by @setter, a return address: should it lie on the calling
 * thread's stack, below a callback, it has to be over when that returns. One is kept, the last.
 * nt_left_on_stack() - a callback has returned, and one was noted: end the driver when it lay on
 * the callback's stack and is set (bug check 0xC7)
 */
void nt_left_note(const KTIMER *timer, const void *setter);
void nt_left_on_stack(const struct nt_callback *callback);

/*
 * nt_left_by_module() - the driver with this module has been unloaded: end it when a KTIMER that it
 * set is set, or a DPC of it is queued or runs (bug check 0xCE)
 * @driver: its name
 * @module: base address, as dladdr() has it
 */
void nt_left_by_module(struct nt_machine *machine, const char *driver, const void *module);

#endif
