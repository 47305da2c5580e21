/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target over the seeds and past crashes of its folder, then over mutations of them
 * from a fixed generator: the fuzz target as an ordinary test, in every build.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROOM             (128 * 1024)
#define MUTATIONS_A_SEED 200

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

/* Inputs end at the end of their allocation, so that a sanitizer sees one byte too many. */
static void run(const uint8_t *data, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);

	if (!exact)
		abort();
	memcpy(exact, data, size);
	LLVMFuzzerTestOneInput(exact, size);
	free(exact);
}

static void mutate(uint8_t *data, size_t size, uint32_t *state)
{
	size_t length = size;

	for (uint32_t n = next_random(state) % 4 + 1; n && length; n--) {
		size_t at = next_random(state) % length;

		switch (next_random(state) % 4) {
		case 0:
			data[at] ^= (uint8_t)(1u << next_random(state) % 8);
			break;
		case 1:
			data[at] = (uint8_t)next_random(state);
			break;
		case 2:
			data[at] = next_random(state) % 2 ? 0xFF : 0;
			break;
		default:
			length = at;
		}
	}
	run(data, length);
}

static int replay(const char *path)
{
	static uint8_t seed[ROOM], copy[ROOM];
	uint32_t state = 2463534242u;
	FILE *file = fopen(path, "rb");
	size_t size;

	if (!file) {
		perror(path);
		return 1;
	}
	size = fread(seed, 1, sizeof(seed), file);
	fclose(file);
	run(seed, size);
	for (int i = 0; i < MUTATIONS_A_SEED; i++) {
		memcpy(copy, seed, size);
		mutate(copy, size, &state);
	}
	return 0;
}

int main(int argc, char **argv)
{
	DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
	struct dirent *entry;
	int count = 0, failed = 0;

	if (!folder) {
		fprintf(stderr, "usage: replay-TARGET FOLDER-OF-SEEDS\n");
		return 2;
	}
	run((const uint8_t *)"", 0);
	while ((entry = readdir(folder))) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		failed += replay(path);
		count++;
	}
	closedir(folder);
	printf("%d seeds\n", count);
	return failed || !count;
}
