/* SPDX-License-Identifier: MIT */
/* A file that only looks like a shared object never reaches the dynamic loader. */
#include <elf.h>
#include <unistd.h>

#include "load/elf.h"
#include "load/loader.h"
#include "stage/files.h"
#include "stage/random.h"
#include "test.h"

static char path[] = "/tmp/netcx-elf-XXXXXX";

static void refused(const char *says)
{
	struct loader_image image;
	struct error error = { "" };

	assert_false(loader_open(&image, path, &error));
	if (!strstr(error.text, says))
		fail_msg("\"%s\" does not say \"%s\"", error.text, says);
	assert_memory_equal(error.text, path, strlen(path));
}

/* A shared object's header and one segment. */
struct image {
	Elf64_Ehdr header;
	Elf64_Phdr segment;
};

static struct image sound(void)
{
	struct image i = { .header = { .e_type = ET_DYN,
#ifdef __x86_64__
				       .e_machine = EM_X86_64,
#else
				       .e_machine = EM_AARCH64,
#endif
				       .e_version = EV_CURRENT,
				       .e_phoff = sizeof(Elf64_Ehdr),
				       .e_phentsize = sizeof(Elf64_Phdr),
				       .e_phnum = 1 },
			   .segment = { .p_type = PT_LOAD, .p_filesz = sizeof(struct image) } };

	memcpy(i.header.e_ident, ELFMAG, SELFMAG);
	i.header.e_ident[EI_CLASS] = ELFCLASS64;
	i.header.e_ident[EI_DATA] = ELFDATA2LSB;
	i.header.e_ident[EI_VERSION] = EV_CURRENT;
	return i;
}

static void each_kind_of_wrong_file_is_named(void **state)
{
	struct image i = sound();

	file_put(path, "", 0);
	refused("empty file");
	file_put(path, "MZ\x90", 3);
	refused("Windows binary");
	file_put(path, "#!/bin/sh\n", 10);
	refused("not a shared object");
	file_put(path, &i, sizeof(i.header) - 1);
	refused("not a shared object");

	i.header.e_machine = EM_386;
	file_put(path, &i, sizeof(i));
	refused("built for 32-bit x86");
	i = sound();
	i.header.e_type = ET_REL;
	file_put(path, &i, sizeof(i));
	refused("an object file");
	i = sound();
	i.segment.p_filesz = 1 << 20;
	file_put(path, &i, sizeof(i));
	refused("damaged or truncated");
	i = sound();
	i.header.e_phoff = UINT64_MAX - 8;
	file_put(path, &i, sizeof(i));
	refused("damaged or truncated");
}

static void tables_outside_the_file_are_not_read(void **state)
{
	struct image i = sound();
	struct elf_file elf;
	struct error error;

	i.header.e_shoff = sizeof(i) - 8;
	i.header.e_shentsize = sizeof(Elf64_Shdr);
	i.header.e_shnum = 3;
	file_put(path, &i, sizeof(i));
	assert_true(elf_open(&elf, path, &error));
	assert_false(elf_defines(&elf, "DriverEntry"));
	assert_null(elf_find(&elf, "netcx_driver_api", 4));
	elf_close(&elf);
}

/* A real one with bytes changed at random: refused or read, never followed out of the file. */
static void damage_anywhere_is_survived(void **state)
{
	FILE *file = fopen("/proc/self/exe", "rb");
	static unsigned char real[1 << 20];
	size_t n = fread(real, 1, sizeof(real), file);
	struct random r = { 5 };

	fclose(file);
	for (int round = 0; round < 300; round++) {
		unsigned char saved[8];
		size_t at[8];
		struct elf_file elf;
		struct error error;

		for (int k = 0; k < 8; k++) {
			at[k] = random_below(&r, (uint32_t)(k < 4 ? 64 : n < 4096 ? n : 4096));
			saved[k] = real[at[k]];
			real[at[k]] ^= (unsigned char)random_next(&r);
		}
		file_put(path, real, n);
		if (elf_open(&elf, path, &error)) {
			elf_defines(&elf, "nothing");
			elf_find(&elf, "main", 1);
			elf_close(&elf);
		}
		for (int k = 7; k >= 0; k--)
			real[at[k]] = saved[k];
	}
}

static int setup(void **state)
{
	int fd = mkstemp(path);

	close(fd);
	return fd < 0;
}

static int teardown(void **state)
{
	return unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_of_wrong_file_is_named),
		cmocka_unit_test(tables_outside_the_file_are_not_read),
		cmocka_unit_test(damage_anywhere_is_survived),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
