/* SPDX-License-Identifier: MIT */
#include "broken.h"

#include <stdio.h>
#include <string.h>

#include "nt/violation.h"
#include "recorder.h"
#include "stage/child.h"

/* The driver's whole life with one rule broken. */
void broken_live(void *context)
{
	const struct broken_life *life = context;
	struct stage *s = stage_with(life->minor);
	ULONG filter = 1;

	options->Break = life->name;
	options->Offloads.Declare =
		strstr(life->name, "offload-") || !strncmp(life->name, "other ", 6) ? DECLARE_ALL
										    : 0;
	if (!strcmp(life->name, "checksum-asked"))
		options->Offloads.Declare = DECLARE_RSC;
	options->ReceiveFilter = !strncmp(life->name, "filter-thread", 13) ||
				 !strncmp(life->name, "filter-kept", 11) ||
				 !strncmp(life->name, "filter-dirql", 12) ||
				 !strncmp(life->name, "wifi-", 5);
	options->Requests = !strcmp(life->name, "request-queue-twice") ||
			    !strcmp(life->name, "request-dirql") ||
			    !strncmp(life->name, "complete-", 9) ||
			    !strcmp(life->name, "delete-request");
	options->Reset = !strncmp(life->name, "reset-", 6);
	/* Where all objects that a call may need are there. */
	if (!strncmp(life->name, "irql ", 5)) {
		options->Requests = life->minor == 0;
		options->ReceiveFilter = life->minor > 0;
	}
	if (NT_SUCCESS(stage_bring_up(s)) && options->ReceiveFilter)
		stage_oid(s, NdisRequestSetInformation, OID_GEN_CURRENT_PACKET_FILTER, &filter,
			  sizeof(filter));
	if (options->Requests) {
		stage_oid(s, NdisRequestSetInformation, RECORDER_OID_SET, &filter, sizeof(filter));
		stage_oid(s, NdisRequestQueryInformation, RECORDER_OID_QUERY, &filter,
			  sizeof(filter));
	}
	journal_print(&s->journal, stderr);
	stage_free(s);
}

static void expect(const char *report, const char *part, const struct broken_life *life)
{
	if (!strstr(report, part))
		fail_msg("2.%u, %s: no \"%s\" in\n%s", life->minor, life->name, part, report);
}

static void check_one(const struct broken *r, unsigned minor, int number)
{
	static struct child_end end;
	struct broken_life life = { r->name, minor };
	char text[256];

	child_run(&end, broken_live, &life);
	if (end.exit_code != NT_VIOLATION_EXIT_CODE)
		fail_msg("2.%u, %s: exit code %d\n%s", minor, r->name, end.exit_code, end.text);
	snprintf(text, sizeof(text), "violation %d %s in %s", number, r->rule, r->call);
	expect(end.text, text, &life);
	expect(end.text, r->passed, &life);
	snprintf(text, sizeof(text), "0x19E, %X", (unsigned)number);
	expect(end.text, text, &life);
	expect(end.text, r->parameters, &life);
	snprintf(text, sizeof(text), "NetAdapterCx 2.%u", minor);
	expect(end.text, text, &life);
	expect(end.text, "#0 ", &life);
	expect(end.text, ".c:", &life);
}

void broken_check(const struct broken *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (rules[i].number[0] != ABSENT)
			check_one(&rules[i], 0, rules[i].number[0]);
		if (rules[i].number[1] != ABSENT)
			check_one(&rules[i], 5, rules[i].number[1]);
	}
}

void broken_survives(const char *name, unsigned minor)
{
	static struct child_end end;
	struct broken_life life = { name, minor };

	child_run(&end, broken_live, &life);
	assert_int_equal(end.exit_code, 0);
	assert_null(strstr(end.text, "violation"));
	expect(end.text, "line: NetAdapterStart=00000000", &life);
	expect(end.text, "line: survived", &life);
}
