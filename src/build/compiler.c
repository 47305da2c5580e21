/* SPDX-License-Identifier: MIT */
#include "build/compiler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "build/jobs.h"
#include "build/path.h"

#define NEWEST_CLANG 40 /* clang-40 is the last name that is tried */

unsigned compiler_version(const char *text)
{
	const char *at = strstr(text, "clang version ");
	unsigned major = 0;

	if (at && sscanf(at, "clang version %u", &major) == 1)
		return major;
	return 0;
}

/* 0: it is not there, or no clang. */
static unsigned version_of(const char *name)
{
	struct strings command = { 0 };
	unsigned major = 0;
	char *output;

	strings_copy(&command, name);
	strings_copy(&command, "--version");
	output = command_output(&command);
	if (output)
		major = compiler_version(output);
	free(output);
	strings_free(&command);
	return major;
}

bool compiler_find(struct compiler *compiler, const char *wanted, char **error)
{
	unsigned old = 0;

	*compiler = (struct compiler){ 0 };
	if (wanted) {
		compiler->major = version_of(wanted);
		if (compiler->major >= OLDEST_CLANG)
			compiler->path = string_copy(wanted);
		else if (compiler->major)
			*error = string_format("%s is clang %u; %d or newer is needed", wanted,
					       compiler->major, OLDEST_CLANG);
		else
			*error = string_format("%s: no clang that runs", wanted);
		return compiler->path;
	}
	for (unsigned number = NEWEST_CLANG + 1; number >= OLDEST_CLANG; number--) {
		char *name = number > NEWEST_CLANG ? string_copy("clang")
						   : string_format("clang-%u", number);

		compiler->major = version_of(name);
		if (compiler->major >= OLDEST_CLANG) {
			compiler->path = name;
			return true;
		}
		if (compiler->major)
			old = compiler->major;
		free(name);
	}
	if (old)
		*error = string_format(
			"clang is version %u; %d or newer is needed (Debian: apt-get install clang-%d)",
			old, OLDEST_CLANG, OLDEST_CLANG);
	else
		*error = string_format(
			"no clang is found; install version %d or newer (Debian: apt-get install clang)",
			OLDEST_CLANG);
	return false;
}

/* A library of clang's runtime, the caller's; NULL: it is not installed. */
static char *find_runtime(const struct compiler *compiler, const char *library, const char *kind)
{
	const char *machine =
#if defined(__aarch64__)
		"aarch64";
#else
		"x86_64";
#endif
	/* The library's name has the machine in it or, in newer installations, its folder has. */
	char *names[] = { string_format("libclang_rt.%s-%s.%s", library, machine, kind),
			  string_format("libclang_rt.%s.%s", library, kind) };
	char *found = NULL;

	for (size_t i = 0; i < 2; i++) {
		struct strings command = { 0 };
		char *output, *path;

		strings_copy(&command, compiler->path);
		strings_format(&command, "-print-file-name=%s", names[i]);
		output = found ? NULL : command_output(&command);
		path = string_trim(output ? output : "");
		if (!found && *path == '/' && path_is_file(path))
			found = string_copy(path);
		free(path);
		free(output);
		free(names[i]);
		strings_free(&command);
	}
	return found;
}

bool compiler_find_sanitizers(struct compiler *compiler, const struct strings *sanitizers,
			      char **error)
{
	bool address = strings_has(sanitizers, "address");
	bool undefined = strings_has(sanitizers, "undefined");
	bool fuzzer = strings_has(sanitizers, "fuzzer");

	if (address || undefined) {
		char *path = find_runtime(compiler, address ? "asan" : "ubsan_standalone", "so");

		compiler->runtime_folder = path ? path_folder(path) : NULL;
		free(path);
	}
	if (fuzzer)
		compiler->fuzzer = find_runtime(compiler, "fuzzer_no_main", "a");
	if (((address || undefined) && !compiler->runtime_folder) ||
	    (fuzzer && !compiler->fuzzer)) {
		*error = string_format(
			"clang %u has no sanitizer libraries (Debian: apt-get install libclang-rt-%u-dev)",
			compiler->major, compiler->major);
		return false;
	}
	return true;
}

void compiler_free(struct compiler *compiler)
{
	free(compiler->path);
	free(compiler->runtime_folder);
	free(compiler->fuzzer);
}

char *compiler_read_headers(const struct compiler *compiler, const struct strings *options,
			    const char *source)
{
	static const char *const kernel_mode[] = { "-E",
						   "-dD",
						   "-x",
						   "c",
						   "-std=gnu17",
						   "-fms-extensions",
						   "-nostdlibinc",
						   "-fshort-wchar",
						   "-D_KERNEL_MODE" };
	struct strings command = { 0 };
	char *text;

	strings_copy(&command, compiler->path);
	for (size_t i = 0; i < ARRAY_COUNT(kernel_mode); i++)
		strings_copy(&command, kernel_mode[i]);
	for (size_t i = 0; i < options->count; i++)
		strings_copy(&command, options->at[i]);
	strings_copy(&command, source);
	text = command_output(&command);
	strings_free(&command);
	return text;
}
