/* SPDX-License-Identifier: MIT */
/* A file that only looks like a shared object never reaches the dynamic loader. */
#include <elf.h>
#include <parts/netcxdriverapi.h>
#include <unistd.h>

#include "load/elf.h"
#include "load/loader.h"
#include "load/objects.h"
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

/* A file with nothing but a section of notes. */
struct noted {
	Elf64_Ehdr header;
	Elf64_Shdr sections[3];
	char names[32];
	unsigned char notes[160];
};

static struct noted with_notes(void)
{
	struct noted n = { .header = sound().header,
			   .names = "\0.shstrtab\0" NETCX_OBJECTS_SECTION,
			   .sections = { [1] = { .sh_name = 1,
						 .sh_type = SHT_STRTAB,
						 .sh_offset = offsetof(struct noted, names),
						 .sh_size = sizeof(n.names) },
					 [2] = { .sh_name = 11,
						 .sh_type = SHT_PROGBITS,
						 .sh_offset = offsetof(struct noted, notes),
						 .sh_size = sizeof(n.notes) } } };

	n.header.e_phnum = 0;
	n.header.e_shoff = offsetof(struct noted, sections);
	n.header.e_shentsize = sizeof(Elf64_Shdr);
	n.header.e_shnum = 3;
	n.header.e_shstrndx = 1;
	return n;
}

/* Behind a second note, at 64, to the end of the section. */
#define REST (sizeof(((struct noted *)0)->notes) - 64 - sizeof(struct netcx_driver_api))

/* @room: bytes behind the note itself, for a file's name */
static void note(struct noted *n, size_t at, unsigned minor, size_t room, const char *file)
{
	const UINT32 size = (UINT32)(sizeof(struct netcx_driver_api) + room);
	const struct netcx_driver_api api = { NETCX_DRIVER_API_MAGIC, size, 2, minor, 1, 33, 0, 0 };

	memcpy(n->notes + at, &api, sizeof(api));
	memcpy(n->notes + at + sizeof(api), file, strlen(file));
}

/* What the notes are refused for; "": they are not. */
static const char *notes_say(const struct noted *n)
{
	static struct error error;
	struct elf_file elf;
	bool good;

	error.text[0] = '\0';
	file_put(path, n, sizeof(*n));
	assert_true(elf_open(&elf, path, &error));
	good = objects_check(&elf, &error);
	assert_int_equal(good, !error.text[0]);
	elf_close(&elf);
	return error.text;
}

static void notes_of_a_drivers_files_are_compared(void **state)
{
	struct noted n = with_notes();

	assert_string_equal(notes_say(&n), ""); /* no note at all */
	note(&n, 0, 1, 4, "a.c");
	note(&n, 64, 1, 4, "b.c");
	assert_string_equal(notes_say(&n), "");
	note(&n, 64, 5, 4, "b.c");
	assert_non_null(
		strstr(notes_say(&n), "a.c is compiled for NetAdapterCx 2.1 and b.c for 2.5"));
}

static void notes_that_end_outside_are_none(void **state)
{
	struct noted n = with_notes();

	note(&n, 0, 1, 4, "a.c");
	note(&n, 64, 5, REST + 1, "b.c"); /* one byte beyond the section */
	assert_string_equal(notes_say(&n), "");
	note(&n, 64, 5, UINT32_MAX - sizeof(struct netcx_driver_api), "b.c");
	assert_string_equal(notes_say(&n), "");
	note(&n, 64, 5, (size_t)-1, "b.c"); /* less than a note */
	assert_string_equal(notes_say(&n), "");
	note(&n, 64, 5, 4, "b.c");
	n.sections[2].sh_size++; /* beyond the file */
	assert_string_equal(notes_say(&n), "");
	n.sections[2].sh_offset = UINT64_MAX - 4;
	assert_string_equal(notes_say(&n), "");
	n = with_notes();
	n.sections[2].sh_name = 4711;
	assert_string_equal(notes_say(&n), "");
	n.header.e_shstrndx = 7;
	assert_string_equal(notes_say(&n), "");
}

/* A name that fills its note to the last byte, at the end of the section. */
static void a_notes_name_ends_with_it(void **state)
{
	struct noted n = with_notes();

	note(&n, 0, 1, 4, "a.c");
	memset(n.notes + 64, 'x', sizeof(n.notes) - 64);
	note(&n, 64, 5, REST, "b.c");
	assert_non_null(strstr(notes_say(&n), "and b.cxxxxx"));
}

static void notes_changed_at_random_are_survived(void **state)
{
	struct random r = { 7 };

	for (int round = 0; round < 300; round++) {
		struct noted n = with_notes();
		unsigned char *bytes = (unsigned char *)&n;

		note(&n, 0, 1, 4, "a.c");
		note(&n, 64, 5, REST, "b.c");
		for (int k = 0; k < 4; k++) {
			size_t at = sizeof(n.header) +
				    random_below(&r, (uint32_t)(sizeof(n) - sizeof(n.header)));

			bytes[at] ^= (unsigned char)random_next(&r);
		}
		notes_say(&n);
	}
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
		cmocka_unit_test(notes_of_a_drivers_files_are_compared),
		cmocka_unit_test(notes_that_end_outside_are_none),
		cmocka_unit_test(a_notes_name_ends_with_it),
		cmocka_unit_test(notes_changed_at_random_are_survived),
		cmocka_unit_test(damage_anywhere_is_survived),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
