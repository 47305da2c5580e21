/* SPDX-License-Identifier: MIT */
/* Registers by plain dereference: what the device sees, and what the driver gets. */
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "nt/crash.h"
#include "nt/violation.h"
#include "stage/random.h"
#include "trap_device.h"
#include "trap_driver.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED true
#endif
#endif
#ifndef SANITIZED
#define SANITIZED false
#endif

#define MODULES_MAX 32
#define THREADS     4

/* The builds of trap_driver.c. */
static struct module {
	char name[64];
	const TRAP_STEP *steps;
} modules[MODULES_MAX];
static size_t module_count;

static int load_modules(void **state)
{
	char paths[] = TRAP_MODULES, *rest = NULL;

	for (char *path = strtok_r(paths, ":", &rest); path; path = strtok_r(NULL, ":", &rest)) {
		struct module *module = &modules[module_count];
		void *handle = dlopen(path, RTLD_NOW);

		if (!handle) {
			print_error("%s\n", dlerror());
			return -1;
		}
		module->steps = dlsym(handle, "TrapSteps");
		snprintf(module->name, sizeof(module->name), "%.60s", strrchr(path, '/') + 1);
		if (!module->steps || ++module_count == MODULES_MAX)
			return -1;
	}
	return module_count ? 0 : -1;
}

static const TRAP_STEP *step_of(const struct module *module, const char *name)
{
	for (const TRAP_STEP *step = module->steps; step->Name; step++)
		if (!strcmp(step->Name, name))
			return step;
	fail_msg("no step %s", name);
	return NULL;
}

/* volatile means: these accesses, with these widths, in this order, and no others. */
static void the_device_sees_what_the_source_says(void **state)
{
	static const struct {
		const char *step, *accesses;
		ULONG64 value;
	} cases[] = {
		{ "READ8", "R1@00", 0 },
		{ "READ16", "R2@02", 0 },
		{ "READ32", "R4@04", 0 },
		{ "READ64", "R8@08", 0 },
		{ "SIGNED8", "R1@00", 0 },
		{ "SIGNED16", "R2@02", 0 },
		{ "SIGNED32", "R4@04", 0 },
		{ "TEST_BIT", "R1@00", 0 },
		{ "TEST_WORD", "R2@02", 0x8000 },
		{ "COMPARE8", "R1@00", 3 },
		{ "COMPARE16", "R2@02", 3 },
		{ "COMPARE32", "R4@04", 3 },
		{ "COMPARE_ONES", "R2@02", 0 },
		{ "SUM", "R4@04", 3 },
		{ "DIFFERENCE", "R8@08", 3 },
		{ "PRODUCT", "R4@04", 3 },
		{ "QUOTIENT", "R4@04", 3 },
		{ "MASKED", "R4@04", 0 },
		{ "ARRAY", "R1@15", 5 },
		{ "INDEXED", "R2@0a", 5 },
		{ "SHIFTED", "R1@00", 0 },
		{ "SELECT", "R4@04", 1 },
		{ "SELECT", "", 2 },
		{ "TWICE", "R1@00 R1@00", 0 },
		{ "TO_DOUBLE", "R4@04", 0 },
		{ "WRITE8", "W1@00", 7 },
		{ "WRITE16", "W2@02", 7 },
		{ "WRITE32", "W4@04", 7 },
		{ "WRITE64", "W8@08", 7 },
		{ "CONSTANT8", "W1@00", 0 },
		{ "CONSTANT16", "W2@02", 0 },
		{ "CONSTANT32", "W4@04", 0 },
		{ "CONSTANT64", "W8@08", 0 },
		{ "ZERO", "W4@04", 0 },
		{ "BOOLEAN_", "W1@00", 9 },
		{ "HIGH_BYTE", "W1@00", 0x1234 },
		{ "ARRAY_WRITE", "W1@11", 0x1201 },
		{ "OR8", "R1@00 W1@00", 0 },
		{ "AND8", "R1@00 W1@00", 0 },
		{ "XOR16", "R2@02 W2@02", 5 },
		{ "OR32", "R4@04 W4@04", 5 },
		{ "AND32", "R4@04 W4@04", 0 },
		{ "ADD64", "R8@08 W8@08", 5 },
		{ "SUB32", "R4@04 W4@04", 0 },
		{ "INCREMENT", "R2@02 W2@02", 0 },
		{ "POST", "R4@04 W4@04", 0 },
		{ "SHIFT_LEFT", "R4@04 W4@04", 5 },
		{ "SHIFT_RIGHT", "R2@02 W2@02", 5 },
		{ "NEGATE", "R8@08 R8@08 W8@08", 0 },
		{ "COMPLEMENT", "R1@00 W1@00", 0 },
		{ "SET_BIT", "R4@04 W4@04", 31 },
		{ "CLEAR_BIT", "R8@08 W8@08", 63 },
		{ "SWAP_NIBBLES", "R1@00 R1@00 W1@00", 0 },
		{ "EXCHANGE", "R4@04 W4@04", 5 },
		{ "LOCKED_ADD", "R4@04 W4@04", 5 },
	};
	struct test_machine *m = *state;
	struct trap_device device;
	char log[4096];

	trap_device_start(&device, &m->machine, 0);
	for (size_t m = 0; m < module_count; m++) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			const char *expected = cases[i].accesses;

			/* 0 - x is written so that some compilers see one read. */
			if (!strcmp(cases[i].step, "NEGATE"))
				expected = "R8@08 W8@08";
			step_of(&modules[m], cases[i].step)
				->Run((volatile REGISTERS *)device.va, cases[i].value);
			trap_device_log(&device, log, sizeof(log));
			if (strcmp(log, expected))
				print_error("%s %s: %s\n", modules[m].name, cases[i].step, log);
			assert_string_equal(log, expected);
		}
	}
	trap_device_stop(&device, &m->machine);
}

/* A sequence of steps on memory and on registers. Return: whether all results are the same. */
static bool same_as_memory(const struct module *module, struct trap_device *device, uint64_t seed,
			   int rounds)
{
	struct random random = { seed };
	union {
		REGISTERS registers;
		unsigned char bytes[TRAP_LENGTH];
	} memory;
	size_t count = 0;

	while (module->steps[count].Name)
		count++;
	for (int i = 0; i < TRAP_LENGTH; i++)
		memory.bytes[i] = (unsigned char)random_next(&random);
	memcpy(device->memory, memory.bytes, TRAP_LENGTH);
	for (int i = 0; i < rounds; i++) {
		const TRAP_STEP *step = &module->steps[random_next(&random) % count];
		ULONG64 value = random_next(&random);
		ULONG64 expected = step->Run(&memory.registers, value);
		ULONG64 result = step->Run((volatile REGISTERS *)device->va, value);

		if (result == expected && !memcmp(memory.bytes, device->memory, TRAP_LENGTH))
			continue;
		fprintf(stderr, "%s %s(%llx): %llx, not %llx\n", module->name, step->Name,
			(unsigned long long)value, (unsigned long long)result,
			(unsigned long long)expected);
		return false;
	}
	return true;
}

static void registers_give_what_memory_gives(void **state)
{
	struct test_machine *m = *state;
	struct trap_device device;

	trap_device_start(&device, &m->machine, 0);
	device.quiet = true;
	for (size_t i = 0; i < module_count; i++)
		assert_true(same_as_memory(&modules[i], &device, 0x1234567 + i, 2000));
	trap_device_stop(&device, &m->machine);
}

struct worker {
	struct test_machine *m;
	struct trap_device *shared;
	unsigned number;
	bool fine;
	pthread_t thread;
};

/* A device of its own, then one counter for all. */
static void *work(void *argument)
{
	struct worker *worker = argument;
	struct trap_device device;

	nt_thread_enter(&worker->m->machine);
	trap_device_start(&device, &worker->m->machine, 1 + worker->number);
	device.quiet = true;
	worker->fine = true;
	for (size_t i = worker->number; i < module_count && worker->fine; i += 2)
		worker->fine = same_as_memory(&modules[i], &device, 77 + worker->number, 1000);
	trap_device_stop(&device, &worker->m->machine);
	for (int i = 0; i < 1000; i++)
		step_of(&modules[i % module_count], "LOCKED_ADD")
			->Run((volatile REGISTERS *)worker->shared->va, 0);
	nt_thread_leave();
	return NULL;
}

static void threads_do_not_disturb_each_other(void **state)
{
	struct test_machine *m = *state;
	struct worker workers[THREADS];
	struct trap_device shared;
	uint32_t sum;

	trap_device_start(&shared, &m->machine, 0);
	shared.quiet = true;
	for (unsigned i = 0; i < THREADS; i++) {
		workers[i] = (struct worker){ .m = m, .shared = &shared, .number = i };
		pthread_create(&workers[i].thread, NULL, work, &workers[i]);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(workers[i].thread, NULL);
		assert_true(workers[i].fine);
	}
	memcpy(&sum, shared.memory + 4, sizeof(sum));
	assert_int_equal(sum, THREADS * 1000);
	trap_device_stop(&shared, &m->machine);
}

/* An adapter with an interrupt: its ISR and DPC are as fond of pointers as the rest. */
struct nic {
	struct trap_device device;
	struct nt_interrupt line;
	struct nt_dpc dpc;
	const struct module *module;
	ULONG64 isr_saw, dpc_saw;
	int isr_irql, dpc_irql, interrupts;
};

/* The compiler does not know that functions run inside this. */
static void touch_last(struct nic *nic)
{
	__asm__ volatile("" ::: "memory");
	((volatile REGISTERS *)nic->device.va)->Rest[203] = 1;
	__asm__ volatile("" ::: "memory");
}

static void nic_dpc(struct nt_dpc *dpc)
{
	struct nic *nic = (struct nic *)((char *)dpc - offsetof(struct nic, dpc));
	volatile REGISTERS *registers = (volatile REGISTERS *)nic->device.va;

	nic->dpc_irql = nt_irql();
	nic->dpc_saw = step_of(nic->module, "SUM")->Run(registers, 1);
	/* And raises it again, from inside the DPC. */
	if (nic->interrupts == 1)
		touch_last(nic);
}

static BOOLEAN nic_isr(void *context)
{
	struct nic *nic = context;
	volatile REGISTERS *registers = (volatile REGISTERS *)nic->device.va;

	nt_line_set(&nic->line, 0);
	nic->interrupts++;
	nic->isr_irql = nt_irql();
	nic->isr_saw = step_of(nic->module, "READ16")->Run(registers, 0);
	step_of(nic->module, "OR8")->Run(registers, 0);
	nt_dpc_queue(&nic->dpc);
	return TRUE;
}

static void nic_start(struct nic *nic, struct test_machine *m, const struct module *module)
{
	memset(nic, 0, sizeof(*nic));
	trap_device_start(&nic->device, &m->machine, 0);
	nic->module = module;
	nic->device.line = &nic->line;
	nic->line.name = "nic";
	nic->dpc.run = nic_dpc;
	nt_interrupt_connect(&nic->line, nic_isr, nic);
}

static void nic_stop(struct nic *nic, struct test_machine *m)
{
	nt_interrupt_connect(&nic->line, NULL, NULL);
	trap_device_stop(&nic->device, &m->machine);
}

static void a_write_may_interrupt(void **state)
{
	struct test_machine *m = *state;
	struct nic nic;
	char log[4096];

	for (size_t i = 0; i < module_count; i++) {
		nic_start(&nic, m, &modules[i]);
		nic.device.memory[2] = 0x42;
		nic.device.memory[4] = 9;
		touch_last(&nic);
		assert_int_equal(nic.interrupts, 2);
		assert_int_equal(nic.isr_saw, 0x42);
		assert_int_equal(nic.dpc_saw, 10);
		assert_int_equal(nic.isr_irql, NT_DIRQL);
		assert_int_equal(nic.dpc_irql, DISPATCH_LEVEL);
		assert_int_equal(nt_irql(), PASSIVE_LEVEL);
		assert_string_equal(trap_device_log(&nic.device, log, sizeof(log)),
				    "W1@ff R2@02 R1@00 W1@00 R4@04 W1@ff R2@02 R1@00 W1@00 R4@04");
		nic_stop(&nic, m);
	}
}

static void an_instruction_is_not_interrupted_in_itself(void **state)
{
	struct test_machine *m = *state;
	struct nic nic;
	char log[4096];

	nic_start(&nic, m, &modules[0]);
	nic.device.raise_on_read = true;
	nic.interrupts = 1; /* the DPC: not again */
	__asm__ volatile("lock orb $1, %0" : "+m"(nic.device.va[255]) : : "memory");
	assert_int_equal(nic.interrupts, 2);
	assert_string_equal(trap_device_log(&nic.device, log, sizeof(log)),
			    "R1@ff W1@ff R2@02 R1@00 W1@00 R4@04");
	nic_stop(&nic, m);
}

/* A thread of the machine without a signal stack of its own, as on its own. */
static void *without_signal_stack(void *argument)
{
	const stack_t none = { .ss_flags = SS_DISABLE };
	struct worker *worker = argument;

	nt_thread_enter(&worker->m->machine);
	sigaltstack(&none, NULL);
	worker->fine = same_as_memory(&modules[0], worker->shared, 99, 2000);
	nt_thread_leave();
	return NULL;
}

static void no_signal_stack_is_needed(void **state)
{
	struct test_machine *m = *state;
	struct trap_device device;
	struct worker worker = { .m = m, .shared = &device };

	trap_device_start(&device, &m->machine, 0);
	device.quiet = true;
	pthread_create(&worker.thread, NULL, without_signal_stack, &worker);
	pthread_join(worker.thread, NULL);
	assert_true(worker.fine);
	trap_device_stop(&device, &m->machine);
}

static volatile sig_atomic_t seen;
static sigjmp_buf back;

static void others_handler(int number)
{
	seen = number;
	siglongjmp(back, 1);
}

/* Not even when it was installed between two mappings. */
static void faults_elsewhere_are_other_handlers(void **state)
{
	struct test_machine *m = *state;
	struct sigaction action = { .sa_handler = others_handler }, before;
	volatile int *volatile nowhere = (volatile int *)16;
	struct trap_device first, second;

	trap_device_start(&first, &m->machine, 0);
	sigaction(SIGSEGV, &action, &before);
	trap_device_start(&second, &m->machine, 1);
	first.memory[0] = 1;
	second.memory[0] = 2;
	assert_int_equal(first.va[0] + second.va[0], 3);
	seen = 0;
	if (!sigsetjmp(back, 1))
		*nowhere = 1;
	assert_int_equal(seen, SIGSEGV);
	trap_device_stop(&second, &m->machine);
	trap_device_stop(&first, &m->machine);
	sigaction(SIGSEGV, &before, NULL);
}

typedef void probe(void *context);

static probe *probe_of(const char *name)
{
	void *module = dlopen(PROBE_MODULE, RTLD_NOW);

	assert_non_null(module);
	return (probe *)dlsym(module, name);
}

struct access {
	probe *function;
	struct trap_device device;
	size_t offset;
};

static void do_access(void *context)
{
	struct access *access = context;

	access->function(access->device.va + access->offset);
}

static void an_access_outside_the_mapping_ends_the_driver(void **state)
{
	struct test_machine *m = *state;
	struct access access = { .function = probe_of("ProbeWrite") };

	trap_device_start(&access.device, &m->machine, 0);
	access.offset = 0x100;
	child_violates(do_access, &access, "PAGE_FAULT_IN_NONPAGED_AREA in a plain register access",
		       "4 bytes at offset 0x100 are outside the 0x100 bytes that are mapped",
		       "\n         #0 ProbeWrite probe.c:400\n", NULL);
	access.offset = 0xFE;
	child_violates(do_access, &access, "4 bytes at offset 0xfe", NULL);
	/* An ISR that is still connected, say. */
	trap_device_stop(&access.device, &m->machine);
	child_violates(do_access, &access, "in a plain register access: 4 bytes at 0x",
		       "have been unmapped.", "#0 ProbeWrite probe.c:400", NULL);
}

static void crash_at_access(void *context)
{
	struct nt_machine *machine = nt_machine();

	/* cmocka's own handlers are not what a program has; ours report once installed. */
	signal(SIGSEGV, SIG_DFL);
	nt_thread_leave();
	nt_crash_install();
	nt_crash_trap();
	nt_thread_enter(machine);
	do_access(context);
}

static void ends_with(struct access *access, const char *function, ...)
{
	struct child_end end;
	const char *text;
	va_list texts;

	access->function = probe_of(function);
	child_run(&end, crash_at_access, access);
	assert_true(end.signal == SIGSEGV || (SANITIZED && end.exit_code > 0));
	va_start(texts, function);
	while ((text = va_arg(texts, const char *))) {
		if (!strstr(end.text, text))
			print_error("\"%s\" is not in:\n%s", text, end.text);
		assert_non_null(strstr(end.text, text));
	}
	va_end(texts);
}

static void what_cannot_be_emulated_is_named(void **state)
{
	struct test_machine *m = *state;
	struct access access = { .offset = 0x40 };

	trap_device_start(&access.device, &m->machine, 0);
	ends_with(&access, "ProbeLongDouble", "netcx: \"fld ",
		  "at ProbeLongDouble probe.c:900 cannot be emulated on device register 0x40.\n",
		  SANITIZED ? "" : "#0 ProbeLongDouble probe.c:900", NULL);
	ends_with(&access, "ProbeJump",
		  SANITIZED ? "" : "netcx: crash: SIGSEGV (access not allowed)",
		  SANITIZED ? "" : "#0 ProbeJump probe.c:1000", NULL);
	trap_device_stop(&access.device, &m->machine);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_device_sees_what_the_source_says),
		TEST(registers_give_what_memory_gives),
		TEST(threads_do_not_disturb_each_other),
		TEST(a_write_may_interrupt),
		TEST(an_instruction_is_not_interrupted_in_itself),
		TEST(no_signal_stack_is_needed),
		TEST(faults_elsewhere_are_other_handlers),
		TEST(an_access_outside_the_mapping_ends_the_driver),
		TEST(what_cannot_be_emulated_is_named),
	};

	return cmocka_run_group_tests_name("nt trap", tests, load_modules, NULL);
}
