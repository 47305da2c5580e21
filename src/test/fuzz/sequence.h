/* SPDX-License-Identifier: MIT */
/*
 * A sequence of the driver fuzzer: what happens to an adapter, step after step. As bytes, which is
 * what files have and libFuzzer changes, each step is FUZZ_STEP of them: what is done, then with
 * what. Any bytes are a sequence.
 */
#ifndef TEST_FUZZ_SEQUENCE_H
#define TEST_FUZZ_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FUZZ_STEP   16u /* bytes */
#define FUZZ_STEPS  48u /* at most */
#define FUZZ_LENGTH (FUZZ_STEP * FUZZ_STEPS)

enum fuzz_kind {
	FUZZ_LARGE,     /* a large send, whose segments are judged */
	FUZZ_PLAIN,     /* a packet with its checksum left to the hardware, judged */
	FUZZ_BURST,     /* several of either, which are on their way while the next step begins */
	FUZZ_RECEIVE,   /* frames from the wire, good and broken ones */
	FUZZ_OFFLOADS,  /* OID_TCP_OFFLOAD_PARAMETERS */
	FUZZ_OID,       /* another OID */
	FUZZ_FILTER,    /* packet filter and multicast list */
	FUZZ_SCALING,   /* receive scaling's indirection table and hash key */
	FUZZ_CABLE,     /* out and in again */
	FUZZ_RESTART,   /* the device is stopped and started, or removed and added */
	FUZZ_SLEEP,     /* to a low power state and back, with what wakes and what is answered */
	FUZZ_INTERRUPT, /* of a device that has no reason for it */
	FUZZ_REGISTERS, /* reads give other values for a while */
	FUZZ_REMOVE,    /* surprise removal; the last step */
};

struct fuzz_step {
	enum fuzz_kind kind;
	uint8_t with[FUZZ_STEP - 1];
};

/*
 * fuzz_step_at() - Return: false: there is none.
 * In a sequence whose first byte is below 128 the hardware works as it should: the last three kinds
 * are packets there.
 */
bool fuzz_step_at(const uint8_t *bytes, size_t length, size_t index, struct fuzz_step *step);

/* fuzz_step_text() - what it does, for a person: at most @size bytes with their terminator */
void fuzz_step_text(const struct fuzz_step *step, char *text, size_t size);

/* fuzz_make() - the sequence of a seed and a run. @bytes: FUZZ_LENGTH. Return: its length. */
size_t fuzz_make(uint64_t seed, uint64_t run, uint8_t *bytes);

/* fuzz_number() - @bytes of what a step is done with, from the @at-th on */
uint32_t fuzz_number(const struct fuzz_step *step, unsigned at, unsigned bytes);

#endif
