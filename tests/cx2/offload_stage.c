/* SPDX-License-Identifier: MIT */
#include "offload_stage.h"

#include <stdio.h>

#include "base/array.h"

const char *const checksum_keywords[CHECKSUM_KEYWORDS] = {
	"*IPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv4", "*TCPChecksumOffloadIPv6",
	"*UDPChecksumOffloadIPv4", "*UDPChecksumOffloadIPv6"
};
static const char *const other_keywords[] = { "*LsoV1IPv4", "*LsoV2IPv4", "*LsoV2IPv6", "*UsoIPv4",
					      "*UsoIPv6",   "*RscIPv4",   "*RscIPv6",   "*UdpRsc" };

void set_all_keywords(struct stage *s)
{
	for (size_t i = 0; i < ARRAY_COUNT(checksum_keywords); i++)
		stage_keyword(s, checksum_keywords[i], "3");
	for (size_t i = 0; i < ARRAY_COUNT(other_keywords); i++)
		stage_keyword(s, other_keywords[i], "1");
}

struct stage *stage_declaring(unsigned minor, UCHAR declare)
{
	struct stage *s = stage_with(minor);

	options->Offloads.Declare = declare;
	assert_int_equal(stage_load(s), STATUS_SUCCESS);
	return s;
}

void start_again(struct stage *s)
{
	stage_stop(s);
	journal_forget(&s->journal);
	assert_int_equal(stage_start(s), STATUS_SUCCESS);
}

void expect_one(struct stage *s, const char *prefix, const char *line)
{
	char pattern[32];

	snprintf(pattern, sizeof(pattern), "%s(*", prefix);
	assert_int_equal(journal_count(&s->journal, pattern), 1);
	if (journal_find(&s->journal, line) < 0)
		fail_msg("no %s", line);
}
