/* SPDX-License-Identifier: MIT */
#include "nt/crash.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/array.h"
#include "base/project.h"
#include "base/text.h"
#include "nt/guard.h"
#include "nt/references.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/trap/trap.h"
#include "nt/violation.h"

#define STACK_SIZE ((size_t)256 * 1024) /* libdw wants some */
#define FRAMES     64
#define PATIENCE_S 5 /* for a report that hangs on the lock of a broken heap */

#define TRAPPED    2 /* the first signals are also what register accesses raise */

/* Signal handling is the process's; so is what is kept of it. */
static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT };
static struct sigaction before[ARRAY_COUNT(signals)];
static atomic_bool installed; /* reports are made */
static atomic_bool ends_told; /* exit() is asked who called it */
static volatile sig_atomic_t crash_signal;
/*
 * The report that is being made, until it is told: its words, which go out in one write so that
 * other threads' lines do not part them, and frames that have no names yet.
 */
static char words[10240];
static atomic_size_t words_length;
static void *addresses[FRAMES];
static atomic_int untold;

extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

static void handle(int signal, siginfo_t *info, void *context);

static bool is_ours(const struct sigaction *action)
{
	return action->sa_flags & SA_SIGINFO && action->sa_sigaction == handle;
}

/*
 * When another handler is in place it has called ours, the one before it: nobody is left.
 * Return: the signal has its default action now.
 */
static bool restore(int signal_number)
{
	struct sigaction present;

	if (sigaction(signal_number, NULL, &present) || !is_ours(&present)) {
		signal(signal_number, SIG_DFL);
		return true;
	}
	for (size_t i = 0; i < ARRAY_COUNT(signals); i++)
		if (signals[i] == signal_number)
			sigaction(signal_number, &before[i], NULL);
	return sigaction(signal_number, NULL, &present) == 0 && present.sa_handler == SIG_DFL;
}

/* Return: false: they were told before, or nobody reads them. */
static bool tell_words(void)
{
	size_t length = atomic_exchange(&words_length, 0);

	return length && write(STDERR_FILENO, words, length) > 0;
}

/* What is there of the report, its frames with module and offset alone: what needs no heap. */
static void tell_raw(void)
{
	int count;
	char line[512];
	int frame = 0;

	tell_words();
	count = atomic_exchange(&untold, 0);
	for (int i = 0; i < count; i++) {
		struct text text = text_in(line, sizeof(line));
		Dl_info info;

		if (!nt_symbol_is_driver(addresses[i]) || !dladdr(addresses[i], &info))
			continue;
		text_add(&text, "         #%d %s+0x%zx\n", frame++, info.dli_fname,
			 (size_t)((char *)addresses[i] - (char *)info.dli_fbase));
		if (write(STDERR_FILENO, line, text.length) < 0)
			return;
	}
}

static void give_up(int alarm)
{
	tell_raw();
	signal(crash_signal, SIG_DFL);
	raise(crash_signal);
}

static const char *signal_text(const siginfo_t *info)
{
	switch (info->si_signo) {
	case SIGSEGV:
		return info->si_code == SEGV_ACCERR ? "SIGSEGV (access not allowed)"
						    : "SIGSEGV (bad address)";
	case SIGBUS:
		return "SIGBUS (bad memory access)";
	case SIGFPE:
		return info->si_code == FPE_INTDIV ? "SIGFPE (integer division by zero)"
						   : "SIGFPE (arithmetic)";
	case SIGABRT:
		return "SIGABRT (abort() was called, the allocator found its heap overwritten, or a C++ exception was not caught)";
	default:
		return "SIGILL (illegal instruction)";
	}
}

/* Where it struck. */
static void *fault_address(const ucontext_t *context)
{
#if defined(__x86_64__)
	return (void *)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
	return (void *)context->uc_mcontext.pc;
#endif
}

/* What a call left as its return address, when not one instruction of the callee has run. */
static void *fault_caller(const ucontext_t *context)
{
#if defined(__x86_64__)
	return *(void **)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
	return (void *)context->uc_mcontext.regs[30];
#endif
}

/* Where it struck, then its callers; a call through a bad pointer is told from its return address.
 */
static int collect(const ucontext_t *context, int *exact)
{
	void *at = fault_address(context);
	int count, first = 0;
	Dl_info info;

	*exact = 0;
	/* The unwinder would read what is there, and a jump may lead into registers. */
	if (!dladdr(at, &info)) {
		addresses[0] = at;
		addresses[1] = fault_caller(context);
		return 2;
	}
	count = backtrace(addresses, FRAMES);
	while (first < count && addresses[first] != at)
		first++;
	if (first == count) {
		addresses[0] = at;
		return 1;
	}
	memmove(addresses, addresses + first, (size_t)(count - first) * sizeof(*addresses));
	return count - first;
}

/* "in EvtDeviceD0Entry of "Ethernet", IRQL 0." */
static void add_place(struct text *text)
{
	const struct nt_callback *callback = nt_self.callback;
	const char *adapter = nt_callback_adapter();

	if (callback)
		text_add(text, " in %s%s%s%s, IRQL %u", callback->name,
			 callback->object[0] ? " of \"" : "", callback->object,
			 callback->object[0] ? "\"" : "", nt_self.irql);
	if (adapter && (!callback || strcmp(callback->object, adapter) != 0))
		text_add(text, ", adapter \"%s\"", adapter);
	text_add(text, ".\n");
}

/* Memory that a driver was given, or that was beside it. */
static void add_memory(struct text *text, const void *at)
{
	char room[256];
	struct text place = text_in(room, sizeof(room));

	if (nt_guard_describe(at, &place))
		text_add(text, "       That is %s.\n", room);
}

static void limit_time(void)
{
	signal(SIGALRM, give_up);
	alarm(PATIENCE_S);
}

/* What led to it is to stand in front of it. The lock of the log may be anybody's by now. */
static void finish_log(void)
{
	const struct nt_machine *machine = nt_self.machine;

	if (machine && machine->before_report)
		machine->before_report(machine->on_violation_context);
}

/*
 * The rest of the report: names and lines of the frames collected. They need the heap, which may be
 * broken; until they are there the words so far and the bare addresses are what give_up() tells,
 * and a second crash. After limit_time().
 */
static void tell_rest(struct text *text, int count, int exact, const char *last)
{
	static char frames[8192];

	untold = count;
	words_length = text->length;
	nt_callback_tell_end(addresses, count, text);
	nt_frames(addresses, count, exact, frames, sizeof(frames));
	text_add_lines(text, "         ", frames);
	text_add(text, "%s", last);
	untold = 0;
	words_length = text->length;
	finish_log();
	alarm(0);
	tell_words();
	netcx_breakpoint();
}

static void report(const siginfo_t *info, const ucontext_t *context)
{
	struct text text = text_in(words, sizeof(words));
	uint64_t offset;
	int exact, count;

	/* What the driver broke in memory that it shares may be why it struck: that ends it. */
	if (nt_self.watch)
		nt_self.watch->look(nt_self.watch, nt_self.callback);
	text_add(&text, "netcx: crash: %s", signal_text(info));
	if (info->si_signo != SIGABRT)
		text_add(&text, " at address %p", info->si_addr);
	add_place(&text);
	if (info->si_signo != SIGABRT && nt_self.machine &&
	    nt_mmio_at(&nt_self.machine->mmio, info->si_addr, 1, &offset))
		text_add(
			&text,
			"       That is register 0x%llx of the device, in no way that can be emulated: use READ_REGISTER_* and WRITE_REGISTER_*.\n",
			(unsigned long long)offset);
	if (info->si_signo != SIGABRT)
		add_memory(&text, info->si_addr);
	words_length = text.length;
	limit_time();
	count = collect(context, &exact);
	tell_rest(
		&text, count, exact,
		"       When it is netcx that is wrong and not the driver, please tell us: " PROJECT_ISSUES
		"\n");
}

/*
 * Code of a driver ended the process. On Windows no call of it could; here it is no orderly end
 * either, and what the process has left to do at its end would find the driver in the middle of it.
 */
static void tell_end(const char *call)
{
	struct text text = text_in(words, sizeof(words));

	nt_violation_wait();
	if (!nt_self.callback)
		return;
	text_add(&text, "netcx: crash: %s was called", call);
	add_place(&text);
	crash_signal = SIGABRT; /* should the report fail */
	limit_time();
	tell_rest(&text, backtrace(addresses, FRAMES), -1, "");
	_exit(NT_VIOLATION_EXIT_CODE);
}

static void on_plain_exit(void)
{
	tell_end("exit()");
}

static void on_quick_exit(void)
{
	tell_end("quick_exit()");
}

/* _exit() asks nobody, and pthread_exit() takes a thread of the host's away under a callback. */
static _Noreturn void exit_at_once(int status)
{
	tell_end("_exit()");
	_exit(status);
}

static _Noreturn void exit_thread(void *value)
{
	tell_end("pthread_exit()");
	pthread_exit(value);
}

static uintptr_t told(const char *symbol, uintptr_t was)
{
	(void)was;
	if (!strcmp(symbol, "_exit") || !strcmp(symbol, "_Exit"))
		return (uintptr_t)exit_at_once;
	return strcmp(symbol, "pthread_exit") ? 0 : (uintptr_t)exit_thread;
}

void nt_crash_watch_exits(const void *module)
{
	nt_references_replace(module, told);
}

/*
 * After the report the instruction faults once more, for the handler that was there before. When
 * there was none it is not tried again: another thread, or the report's own use of the heap, may
 * have made the address a good one by now.
 */
static void handle(int signal, siginfo_t *info, void *context)
{
	static atomic_flag reported = ATOMIC_FLAG_INIT;

	if ((signal == SIGSEGV || signal == SIGBUS) && nt_trap_catch(info, context))
		return;
	crash_signal = signal;
	/* A second one is most likely the report's own, on the way through a broken heap. */
	if (installed && !atomic_flag_test_and_set(&reported))
		report(info, context);
	else
		tell_raw();
	if (restore(signal) || info->si_code <= 0)
		raise(signal);
}

/*
 * SA_NODEFER, since a thread does not come back through here: the emulation of an access runs after
 * the handler, and in it the ISR that it raises may access registers again.
 */
static void take(size_t count)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	struct sigaction action = { .sa_sigaction = handle,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	struct sigaction present;

	/* Others wait, since the handler prepares a stack that theirs might use (nt/trap/x86.c). */
	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_COUNT(signals); i++)
		sigdelset(&action.sa_mask, signals[i]);
	pthread_mutex_lock(&lock);
	for (size_t i = 0; i < count; i++) {
		if (sigaction(signals[i], NULL, &present) || is_ours(&present))
			continue;
		before[i] = present;
		sigaction(signals[i], &action, NULL);
	}
	pthread_mutex_unlock(&lock);
}

void nt_crash_install(void)
{
	void *warm[1];

	/* The first backtrace() loads libgcc: not in a handler. */
	backtrace(warm, 1);
	if (!atomic_exchange(&ends_told, true)) {
		atexit(on_plain_exit);
		at_quick_exit(on_quick_exit);
	}
	if (__asan_init || __tsan_init)
		return;
	take(ARRAY_COUNT(signals));
	installed = true;
}

void nt_crash_trap(void)
{
	if (nt_trap_decoder)
		take(TRAPPED);
}

void *nt_crash_stack(void)
{
	stack_t present, stack = { .ss_size = STACK_SIZE };

	if (sigaltstack(NULL, &present) || !(present.ss_flags & SS_DISABLE))
		return NULL;
	stack.ss_sp = mmap(NULL, STACK_SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE, -1, 0);
	if (stack.ss_sp == MAP_FAILED)
		return NULL;
	if (!sigaltstack(&stack, NULL))
		return stack.ss_sp;
	munmap(stack.ss_sp, STACK_SIZE);
	return NULL;
}

void nt_crash_stack_free(void *stack)
{
	const stack_t none = { .ss_flags = SS_DISABLE };

	if (!stack)
		return;
	sigaltstack(&none, NULL);
	munmap(stack, STACK_SIZE);
}
