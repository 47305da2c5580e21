/* SPDX-License-Identifier: MIT */
/*
 * Every instruction of trap_snippets.S, on memory and on a device's registers: what comes out -
 * registers, flags, vector registers, the memory - is the same.
 */
#include <cpuid.h>

#include "stage/random.h"
#include "trap_device.h"

#define ROUNDS     40
#define FLAGS_MASK 0x8D5 /* OF SF ZF AF PF CF */
#define PAGE       4096

enum { R_RDX = 2, R_RSP = 4, R_RSI = 6, R_RDI, R_R8, R_FLAGS = 16, R_COUNT };

struct snippet {
	const char *text;
	void (*code)(void);
};

extern const struct snippet snippets[], snippets_avx[], snippets_avx512[];

void snippet_run(uint64_t *registers, void (*code)(void), void *vector, unsigned features);

/* One side: registers, vector registers, what they point to. */
struct side {
	_Alignas(64) unsigned char vector[4096];
	uint64_t registers[R_COUNT];
	unsigned char *region; /* memory, or registers */
	unsigned char plain[TRAP_LENGTH];
};

static unsigned vector_features(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_OSXSAVE))
		return 0;
	__asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	/* x87, SSE, AVX, and the three parts of AVX-512. */
	return a & 0xE7;
}

static void randomize(struct side *side, struct random *seed, unsigned features)
{
	uint64_t *header = (uint64_t *)(side->vector + 512);

	for (int i = 0; i < R_COUNT; i++)
		side->registers[i] = random_next(seed);
	side->registers[R_FLAGS] = (side->registers[R_FLAGS] & FLAGS_MASK) | 0x202;
	/* x87 at rest, SSE with random registers. */
	memset(side->vector, 0, sizeof(side->vector));
	side->vector[0] = 0x7F;
	side->vector[1] = 0x03;
	side->vector[24] = 0x80;
	side->vector[25] = 0x1F;
	for (int i = 160; i < 416; i += 8) {
		uint64_t value = random_next(seed);

		memcpy(side->vector + i, &value, 8);
	}
	header[0] = features & 7;
	/* The upper halves; the AVX part begins behind the header. */
	if (features & 4)
		for (int i = 576; i < 832; i += 8) {
			uint64_t value = random_next(seed);

			memcpy(side->vector + i, &value, 8);
		}
	for (int i = 0; i < TRAP_LENGTH; i++)
		side->plain[i] = (unsigned char)random_next(seed);
}

static void run(struct side *side, const struct snippet *snippet, unsigned features)
{
	side->registers[R_RDI] = (uintptr_t)side->region + 0x40;
	side->registers[R_RSI] = (uintptr_t)side->region + 0x80;
	side->registers[R_R8] = (uintptr_t)side->plain + 0x40;
	snippet_run(side->registers, snippet->code, features ? side->vector : NULL, features);
}

/* Pointers into a side's memory are distances. */
static uint64_t relative(const struct side *side, uint64_t value)
{
	uint64_t region = value - (uintptr_t)side->region, plain = value - (uintptr_t)side->plain;

	if (region < PAGE || region > -(uint64_t)PAGE)
		return region;
	return plain < TRAP_LENGTH ? plain : value;
}

static bool same(const struct side *a, const struct side *b, unsigned features, const char *text)
{
	bool same = true;

	for (int i = 0; i < R_COUNT; i++) {
		uint64_t x = relative(a, a->registers[i]), y = relative(b, b->registers[i]);

		if (i == R_RSP || x == y)
			continue;
		print_error("%s: register %d is %llx, not %llx\n", text, i, (unsigned long long)y,
			    (unsigned long long)x);
		same = false;
	}
	/* Bytes 464 and up are the kernel's to scribble, 512 and up say what is at rest. */
	if (features && (memcmp(a->vector, b->vector, 464) ||
			 memcmp(a->vector + 576, b->vector + 576, sizeof(a->vector) - 576))) {
		print_error("%s: vector registers differ\n", text);
		same = false;
	}
	return same;
}

static void compare(void **state, const struct snippet *snippet, unsigned features)
{
	static _Alignas(PAGE) unsigned char memory[3 * PAGE];
	struct test_machine *m = *state;
	struct trap_device device;
	static struct side real, trapped;
	struct random seed = { 1 };
	bool fine = true;

	trap_device_start(&device, &m->machine, 0);
	device.quiet = true;
	for (; snippet->text; snippet++) {
		for (int round = 0; round < ROUNDS; round++) {
			unsigned char *region = memory + PAGE;

			randomize(&real, &seed, features);
			for (int i = 0; i < TRAP_LENGTH; i++)
				region[i] = (unsigned char)random_next(&seed);
			memcpy(device.memory, region, TRAP_LENGTH);
			trapped = real;
			real.region = region;
			trapped.region = device.va;
			run(&real, snippet, features);
			run(&trapped, snippet, features);
			fine &= same(&real, &trapped, features, snippet->text);
			if (memcmp(region, device.memory, TRAP_LENGTH) ||
			    memcmp(real.plain, trapped.plain, TRAP_LENGTH)) {
				print_error("%s: memory differs\n", snippet->text);
				fine = false;
			}
			if (!fine)
				break;
		}
	}
	trap_device_stop(&device, &m->machine);
	assert_true(fine);
}

static void integer_and_sse_instructions(void **state)
{
	compare(state, snippets, vector_features());
}

static void avx_instructions(void **state)
{
	if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi2"))
		skip();
	compare(state, snippets_avx, vector_features());
}

static void avx512_instructions(void **state)
{
	if (!__builtin_cpu_supports("avx512vl") || !__builtin_cpu_supports("avx512bw"))
		skip();
	compare(state, snippets_avx512, vector_features());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, machine_set_up, machine_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(integer_and_sse_instructions),
		TEST(avx_instructions),
		TEST(avx512_instructions),
	};

	return cmocka_run_group_tests_name("nt trap instructions", tests, NULL, NULL);
}
