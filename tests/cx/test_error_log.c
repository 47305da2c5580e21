/* SPDX-License-Identifier: MIT */
/* What a driver writes into the system's event log is an event with the code's name. */
#include <ndis.h>

#include "recorder.h"

static void write_entries(void *context)
{
	NDIS_HANDLE adapter = context;

	NdisWriteErrorLogEntry(adapter, NDIS_ERROR_CODE_HARDWARE_FAILURE, 2, 0x40u, 0xFFFFFFFFu);
	NdisWriteErrorLogEntry(adapter, NDIS_ERROR_CODE_TIMEOUT, 0);
	NdisWriteErrorLogEntry(adapter, 0xC0001399, 1, 7u);
}

static void entries_are_events(void **state)
{
	struct stage *s = stage_with("recorder");

	stage_up(s);
	journal_forget(&s->journal);
	stage_call(s, write_entries, s->adapter);
	journal_assert_order(
		&s->journal,
		"event NdisWriteErrorLogEntry code=NDIS_ERROR_CODE_HARDWARE_FAILURE values=0x40 0xffffffff",
		"event NdisWriteErrorLogEntry code=NDIS_ERROR_CODE_TIMEOUT values=",
		"event NdisWriteErrorLogEntry code=0xc0001399 values=0x7", NULL);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(entries_are_events) };

	return cmocka_run_group_tests_name("cx error log", tests, NULL, NULL);
}
