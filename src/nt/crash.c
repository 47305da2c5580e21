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
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "base/text.h"
#include "nt/symbols.h"
#include "nt/thread.h"
#include "nt/trap/trap.h"

#define STACK_SIZE ((size_t)256 * 1024) /* libdw wants some */
#define FRAMES     64
#define PATIENCE_S 5 /* for a report that hangs on the lock of a broken heap */

#define TRAPPED    2 /* the first signals are also what register accesses raise */

/* Signal handling is the process's; so is what is kept of it. */
static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
static struct sigaction before[sizeof(signals) / sizeof(signals[0])];
static atomic_bool installed; /* reports are made */
static volatile sig_atomic_t crash_signal;

extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

static void handle(int signal, siginfo_t *info, void *context);

static bool is_ours(const struct sigaction *action)
{
	return action->sa_flags & SA_SIGINFO && action->sa_sigaction == handle;
}

/* When another handler is in place it has called ours, the one before it: nobody is left. */
static void restore(int signal_number)
{
	struct sigaction present;

	if (sigaction(signal_number, NULL, &present) || !is_ours(&present)) {
		signal(signal_number, SIG_DFL);
		return;
	}
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (signals[i] == signal_number)
			sigaction(signal_number, &before[i], NULL);
}

static void give_up(int alarm)
{
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
static int collect(const ucontext_t *context, void **addresses, int *exact)
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

static void report(const siginfo_t *info, const ucontext_t *context)
{
	const struct nt_callback *callback = nt_self.callback;
	char room[8192];
	struct text text = text_in(room, sizeof(room));
	uint64_t offset;
	void *addresses[FRAMES];
	int exact, count;
	size_t frames;

	text_add(&text, "netcx: crash: %s at address %p", signal_text(info), info->si_addr);
	if (callback)
		text_add(&text, " in %s%s%s%s, IRQL %u", callback->name,
			 callback->object[0] ? " of \"" : "", callback->object,
			 callback->object[0] ? "\"" : "", nt_self.irql);
	text_add(&text, ".\n");
	if (nt_self.machine && nt_mmio_at(&nt_self.machine->mmio, info->si_addr, 1, &offset))
		text_add(
			&text,
			"       That is register 0x%llx of the device, in no way that can be emulated: use READ_REGISTER_* and WRITE_REGISTER_*.\n",
			(unsigned long long)offset);
	/* First what is certain: the frames need a heap that works. */
	if (write(STDERR_FILENO, room, text.length) < 0)
		return;
	signal(SIGALRM, give_up);
	alarm(PATIENCE_S);
	count = collect(context, addresses, &exact);
	frames = nt_frames(addresses, count, exact, room, sizeof(room));
	alarm(0);
	for (char *line = room; frames && *line;) {
		size_t size = strcspn(line, "\n") + 1;

		if (write(STDERR_FILENO, "         ", 9) < 0 ||
		    write(STDERR_FILENO, line, size) < 0)
			return;
		line += size;
	}
}

/* After the report the instruction faults once more, under the handler that was there before. */
static void handle(int signal, siginfo_t *info, void *context)
{
	static atomic_flag reported = ATOMIC_FLAG_INIT;

	if ((signal == SIGSEGV || signal == SIGBUS) && nt_trap_catch(info, context))
		return;
	crash_signal = signal;
	restore(signal);
	if (installed && !atomic_flag_test_and_set(&reported))
		report(info, context);
	if (info->si_code <= 0)
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
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
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

	if (__asan_init || __tsan_init)
		return;
	/* The first backtrace() loads libgcc: not in a handler. */
	backtrace(warm, 1);
	take(sizeof(signals) / sizeof(signals[0]));
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
