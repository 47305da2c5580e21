/* SPDX-License-Identifier: MIT */
/* A stage whose 2.x driver declares offloads, and the keywords that offer them. */
#ifndef TESTS_CX2_OFFLOAD_STAGE_H
#define TESTS_CX2_OFFLOAD_STAGE_H

#include "recorder.h"

#define CHECKSUM_KEYWORDS 5

/* IP, TCP for IPv4 and IPv6, UDP likewise: of both directions. */
extern const char *const checksum_keywords[CHECKSUM_KEYWORDS];

/* set_all_keywords() - as the INF of a driver that can all has them */
void set_all_keywords(struct stage *stage);

/* stage_declaring() - loaded, not started; @declare: DECLARE_* (drivers/options.h) */
struct stage *stage_declaring(unsigned minor, UCHAR declare);

/* start_again() - the device stops and starts; the journal begins anew in between */
void start_again(struct stage *stage);

/* expect_one() - the journal has one line that begins with "@prefix(", and it is @line */
void expect_one(struct stage *stage, const char *prefix, const char *line);

#endif
