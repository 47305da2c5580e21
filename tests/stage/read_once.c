/* SPDX-License-Identifier: MIT */
#include "read_once.h"

#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "test.h"

#ifdef __x86_64__
#define TRAP_FLAG 0x100

/* The same page twice: trapped, and for ourselves. */
static struct {
	uint8_t *shown, *own;
	size_t page, kept;
	size_t at, length;   /* of the access that is let through */
	const uint8_t *code; /* of it */
	bool read[4096];     /* and not overwritten yet */
	unsigned accesses;
	struct sigaction old_fault, old_trap;
} once;

/* Bytes that an instruction reads; fewer where it is none that copies or compares. */
static size_t bytes_read(const uint8_t *code)
{
	bool wide = false, half = false, packed = true;

	for (;; code++) {
		if (*code == 0x66)
			half = true;
		else if (*code == 0xF2 || *code == 0xF3)
			packed = false;
		else if ((*code & 0xF0) == 0x40)
			wide |= *code & 8; /* REX.W */
		else
			break;
	}
	if (*code == 0xC5 || *code == 0xC4) /* AVX, by its L */
		return code[*code == 0xC5 ? 1 : 2] & 4 ? 32 : 16;
	if (*code == 0x62) /* AVX-512 */
		return (size_t)16 << (code[3] >> 5 & 3);
	if (*code == 0x0F) {
		if (code[1] == 0xB7 || code[1] == 0xBF)
			return 2;
		if (code[1] == 0x6F || (packed && (code[1] == 0x10 || code[1] == 0x28)))
			return 16;
		return 1;
	}
	if (!(*code & 1)) /* of bytes */
		return 1;
	return wide ? 8 : half ? 2 : 4;
}

static void overwrite_what_was_read(void)
{
	for (size_t i = 0; i < sizeof(once.read); i++) {
		if (once.read[i] && i >= once.kept)
			once.own[i] = READ_ONCE_BYTE;
		once.read[i] = false;
	}
}

/* Of one copy: a memcpy() may load the middle twice, into two registers that overlap. */
static bool same_copy(const uint8_t *code, size_t length)
{
	return length >= 16 && once.length >= 16 && code - once.code < 64 && once.code - code < 64;
}

static void let_through(int number, siginfo_t *info, void *context)
{
	ucontext_t *registers = context;
	size_t at = (size_t)((uint8_t *)info->si_addr - once.shown), length;
	const uint8_t *code;

	if (at >= once.page) {
		sigaction(SIGSEGV, &once.old_fault, NULL); /* not ours: it comes again */
		return;
	}
	code = (const uint8_t *)registers->uc_mcontext.gregs[REG_RIP];
	length = bytes_read(code);
	if (!same_copy(code, length))
		overwrite_what_was_read();
	once.at = at;
	once.code = code;
	once.length = length;
	once.accesses++;
	mprotect(once.shown, once.page, PROT_READ | PROT_WRITE);
	registers->uc_mcontext.gregs[REG_EFL] |= TRAP_FLAG;
}

static void note_access(int number, siginfo_t *info, void *context)
{
	ucontext_t *registers = context;
	size_t end = once.at + once.length;

	registers->uc_mcontext.gregs[REG_EFL] &= ~TRAP_FLAG;
	for (size_t i = once.at; i < end && i < sizeof(once.read); i++)
		once.read[i] = true;
	mprotect(once.shown, once.page, PROT_NONE);
}

static void map_twice(void)
{
	int fd = memfd_create("read-once", MFD_CLOEXEC);

	once.page = (size_t)sysconf(_SC_PAGESIZE);
	assert_int_equal(ftruncate(fd, (off_t)once.page), 0);
	once.own = mmap(NULL, once.page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	once.shown = mmap(NULL, once.page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	assert_ptr_not_equal(once.own, MAP_FAILED);
	assert_ptr_not_equal(once.shown, MAP_FAILED);
}

bool read_once_can(void)
{
	return true;
}

void *read_once(const void *original, size_t size, size_t kept)
{
	struct sigaction fault = { .sa_sigaction = let_through, .sa_flags = SA_SIGINFO };
	struct sigaction trap = { .sa_sigaction = note_access, .sa_flags = SA_SIGINFO };

	map_twice();
	once.kept = kept;
	once.accesses = 0;
	once.length = 0;
	memset(once.read, 0, sizeof(once.read));
	memcpy(once.own, original, size);
	sigaction(SIGSEGV, &fault, &once.old_fault);
	sigaction(SIGTRAP, &trap, &once.old_trap);
	mprotect(once.shown, once.page, PROT_NONE);
	return once.shown;
}

bool read_once_end(void)
{
	sigaction(SIGSEGV, &once.old_fault, NULL);
	sigaction(SIGTRAP, &once.old_trap, NULL);
	munmap(once.shown, once.page);
	munmap(once.own, once.page);
	return once.accesses;
}

#else

bool read_once_can(void)
{
	return false;
}

void *read_once(const void *original, size_t size, size_t kept)
{
	fail_msg("not on this machine");
	return NULL;
}

bool read_once_end(void)
{
	return false;
}

#endif
