/* SPDX-License-Identifier: MIT */
/*
 * A whole driver, as `netcx fuzz` plays it (src/test/fuzz), for an engine that has its own main():
 * libFuzzer under ClusterFuzzLite, for one. The driver is driver.so beside the program, else the
 * one that was built with it. What is found ends the process by abort(), which every engine sees.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/fuzz/fuzz.h"

#define LIMIT_S 3600 /* an engine has limits of its own, and keeps what was longer */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char driver[4096];

static void find_driver(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 16);

	while (n > 0 && path[n - 1] != '/')
		n--;
	snprintf(path + (n > 0 ? n : 0), 16, "driver.so");
	if (access(path, R_OK) != 0)
		snprintf(path, size, "%s", NETCX_FUZZ_DRIVER);
}

static void end(struct bench *b)
{
	if (b->result.verdict != TEST_FAILED)
		return;
	fprintf(stderr, "netcx: %s: %s\n", b->result.rule, b->result.text);
	abort();
}

/* The engine counts what is reached in the driver, so it stays where it is. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	find_driver(driver, sizeof(driver));
	if (!dlopen(driver, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE)) {
		fprintf(stderr, "netcx: %s\n", dlerror());
		exit(1);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct test_options options = { .shard = 1, .shards = 1, .limit = LIMIT_S };
	static struct bench bench;

	options.adapter =
		(struct netcx_adapter_config){ .driver = driver, .device = NETCX_FUZZ_DEVICE };
	memset(&bench, 0, sizeof(bench));
	bench.options = &options;
	bench.test = &fuzz_one;
	bench.result_fd = bench.event_fd = -1;
	bench.ends = end;
	fuzz_play(&bench, data, size);
	return 0;
}
