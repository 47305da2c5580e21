/* SPDX-License-Identifier: MIT */
/*
 * A coalescer with all that goes in noted down, so that what comes out can be held against it: each
 * unit is cut again by liblso and compared with its frames, byte for byte.
 */
#ifndef NETCX_TESTS_LSO_CATCHER_H
#define NETCX_TESTS_LSO_CATCHER_H

#include <netcx/lso.h>

struct catcher {
	struct lso_coalescer *c;
	void *memory;
	uint8_t **frames; /* as they came */
	size_t *lengths;
	uint32_t room;
	uint32_t in;
	uint32_t out;
	uint32_t units;
	uint32_t lossy;
	enum lso_unit_sum unit_sum; /* that was asked for */
	bool partial;               /* frames have seeds: what is cut is not compared */
	char log[4096];
	struct lso_unit unit; /* the last one; not its iov */
	uint8_t *packet;      /* its bytes */
	/* What of a unit the test wants in the log beside frames and end; NULL: nothing. */
	void (*note)(struct catcher *k, const struct lso_unit *unit);
};

/* catcher_make() - @options: but for emit and context; @frames: that it will be given at most */
void catcher_make(struct catcher *k, const struct lso_coalesce_options *options, uint32_t frames);
void catcher_free(struct catcher *k);

/* catcher_frame() - a copy of the frame goes in, split after @split bytes (0: not) */
void catcher_frame(struct catcher *k, const uint8_t *frame, size_t length, size_t split,
		   enum lso_frame_sum sum);

#endif
