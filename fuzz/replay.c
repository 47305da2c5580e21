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

#define ROOM (128 * 1024)
/* In all, and of one seed: a target may take 10 ms for each with a sanitizer. */
#define MUTATIONS          2000
#define MUTATIONS_A_SEED   200
#define MUTATIONS_AT_LEAST 5

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

static int replay(const char *path, int mutations)
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
	for (int i = 0; i < mutations; i++) {
		memcpy(copy, seed, size);
		mutate(copy, size, &state);
	}
	return 0;
}

static int is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int mutations_a_seed(int seeds)
{
	int mutations = seeds ? MUTATIONS / seeds : 0;

	if (mutations > MUTATIONS_A_SEED)
		return MUTATIONS_A_SEED;
	return mutations < MUTATIONS_AT_LEAST ? MUTATIONS_AT_LEAST : mutations;
}

int main(int argc, char **argv)
{
	struct dirent **seeds;
	int count = argc == 2 ? scandir(argv[1], &seeds, is_seed, alphasort) : -1, failed = 0;

	if (count < 0) {
		fprintf(stderr, "usage: replay-TARGET FOLDER-OF-SEEDS\n");
		return 2;
	}
	run((const uint8_t *)"", 0);
	for (int i = 0; i < count; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", argv[1], seeds[i]->d_name);
		failed += replay(path, mutations_a_seed(count));
		free(seeds[i]);
	}
	free(seeds);
	printf("%d seeds, %d mutations of each\n", count, mutations_a_seed(count));
	return failed || !count;
}
