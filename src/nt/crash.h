/* SPDX-License-Identifier: MIT */
/* A report when the driver (or the host) crashes; the crash itself then goes its usual way. */
#ifndef NT_CRASH_H
#define NT_CRASH_H

/*
 * nt_crash_install() - report SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT from now on, and exit()
 * or quick_exit() called inside a callback, which end with NT_VIOLATION_EXIT_CODE
 * Called once by the host before threads enter the machine. The handlers found before run after
 * the report. Under address or thread sanitizer no signal is taken: they tell more.
 */
void nt_crash_install(void);

/*
 * nt_crash_watch_exits() - the same for a module's own calls of _exit(), _Exit() and pthread_exit()
 * @module: an address in it, loaded and its references resolved; before any other thread runs in it
 */
void nt_crash_watch_exits(const void *module);

/*
 * nt_crash_trap() - have SIGSEGV and SIGBUS asked for register accesses (nt/trap/trap.h) first
 * Any time, any number of times: handlers that came between are put behind again. What is no
 * register access goes to the handler found before, a sanitizer's for example.
 */
void nt_crash_trap(void);

/*
 * For nt_thread_enter(): a signal stack, so that a stack overflow is told too. NULL: the thread has
 * one (a sanitizer's) or gets none.
 */
void *nt_crash_stack(void);
void nt_crash_stack_free(void *stack);

#endif
