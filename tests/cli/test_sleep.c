/* SPDX-License-Identifier: MIT */
/* netcx sleep and wake with all that can wake, by a 2.5 driver that says what it is asked for. */
#include <string.h>

#include "run.h"

static struct command *start_wake(void)
{
	struct command *c = start(NULL, "run", "@wake", "--name", "Nic", NULL);

	wait_for(c, "DeviceStarted");
	await_host(c, NULL);
	return c;
}

/* A command that succeeds, and what it says. */
static void says(struct command *c, const char *text)
{
	if (c->code != 0 || !strstr(c->stdout_text, text) || c->stderr_text[0])
		fail_msg("exit code %d, \"%s\" expected:\n%s%s", c->code, text, c->stdout_text,
			 c->stderr_text);
	release(c);
}

static void what_wakes_and_is_answered(void **state)
{
	struct command *c = start_wake();

	says(RUN("sleep", "--wake", "--pattern", "ffxx0806", "--pattern", "0800", "--connect",
		 "--eapol", "--arp", "10.0.0.5,10.0.0.1", "--ns", "fe80::11,2001:db8::11"),
	     "Nic: asleep\n");
	wait_for(c, "armed=yes");
	for (const char *const *line =
		     (const char *const[]){
			     "preview bitmap 1 ffxx0806", "preview arp 1 host 0a000005",
			     "preview ns 2 targets fe..11 20..11", "arm media 1 0",
			     "arm bitmap 1 ffxx0806", "arm bitmap 2 0800", "arm magic",
			     "arm type 5", "arm arp 1", "arm ns 2", NULL };
	     *line; line++)
		if (!strstr(c->stdout_text, *line))
			fail_msg("no \"%s\" in\n%s", *line, c->stdout_text);
	says(RUN("wake", "--triggered"), "Nic: running\n");
	wait_for(c, "NDIS_STATUS_PM_WAKE_REASON");
	says(RUN("show"), "  woken by     bitmap pattern, pattern 1, 102 bytes on the wire\n");
	says(RUN("show", "--json"), "\"reason\": \"bitmap pattern\"");
	says(RUN("sleep"), "asleep");
	says(RUN("wake"), "running");
	assert_int_equal(stop(c), 0);
	release(c);
}

static void what_idles_wakes_by_the_filter(void **state)
{
	struct command *c = start_wake();

	says(RUN("sleep", "--idle", "--filter"), "asleep");
	wait_for(c, "arm filter");
	wait_for(c, "arm media 1 1");
	says(RUN("wake"), "running");
	assert_int_equal(stop(c), 0);
	release(c);
}

static void wrong(struct command *c, const char *text)
{
	if (c->code != 2 || !strstr(c->stderr_text, text) || c->stdout_text[0])
		fail_msg("exit code %d, \"%s\" expected:\n%s%s", c->code, text, c->stdout_text,
			 c->stderr_text);
	release(c);
}

static void wrong_usage_is_told(void **state)
{
	wrong(RUN("sleep", "--pattern", "ffzz"),
	      "--pattern ffzz: two hexadecimal digits or xx are expected for byte 2, not \"zz\"");
	wrong(RUN("sleep", "--arp", "10.0.0"), "--arp 10.0.0: an IPv4 address is expected");
	wrong(RUN("sleep", "--ns", "10.0.0.1"), "--ns 10.0.0.1: an IPv6 address is expected");
	wrong(RUN("sleep", "--filter"), "it comes with --idle");
	wrong(RUN("sleep", "--filter", "--idle", "--pattern", "ff"), "does not go with");
	wrong(RUN("sleep", "--arp"), "--arp");
	wrong(RUN("sleep", "--frob"), "--frob");
	wrong(RUN("sleep", "one", "two"), "two: one adapter is expected, not more");
}

static void refusals_are_told(void **state)
{
	struct command *c = start_wake();

	expect(RUN("sleep", "--arp", "10.0.0.1", "--arp", "10.0.0.2", "--arp", "10.0.0.3"), 1,
	       "Nic: ARP offload 3 was refused: STATUS_NDIS_PM_PROTOCOL_OFFLOAD_LIST_FULL");
	says(RUN("show"), "Nic: running");
	assert_int_equal(stop(c), 0);
	release(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_wakes_and_is_answered),
		cmocka_unit_test(what_idles_wakes_by_the_filter),
		cmocka_unit_test(wrong_usage_is_told),
		cmocka_unit_test(refusals_are_told),
	};

	return cmocka_run_group_tests(tests, make_scratch, remove_scratch);
}
