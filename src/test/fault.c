/* SPDX-License-Identifier: MIT */
/*
 * Faults on purpose (nt/fault.h), each in a host of its own: what a usual run asks for, and what of
 * the driver is called in it, is learnt first.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/life.h"
#include "test/test.h"

#define MOST      256u
#define NAME_SIZE 128u
#define LOAD      32u

/*
 * That a host without an adapter which comes up is let run, about 3 s. Turns, and no time: on a
 * machine that gives this thread no processor the host's threads have none either, and a start that
 * was cut off would pass for one that has ended.
 */
#define TURNS   6000u
#define TURN_US 500u

/* What a usual run has. Static: a case has a process of its own. */
static struct {
	char sites[MOST][NAME_SIZE], callbacks[MOST][NAME_SIZE];
	unsigned site_count, callback_count;
	unsigned adapters;      /* that come up, fail or go before the run is over */
	_Atomic unsigned ended; /* of them */
} usual;

static void note(char names[MOST][NAME_SIZE], unsigned *count, const char *name)
{
	for (unsigned i = 0; i < *count; i++) {
		if (!strcmp(names[i], name))
			return;
	}
	if (*count < MOST)
		snprintf(names[(*count)++], NAME_SIZE, "%s", name);
}

static const char *text_of(const json_t *event, const char *key)
{
	const char *text = json_string_value(json_object_get(event, key));

	return text ? text : "";
}

static void learn(struct bench *b, const char *line)
{
	json_t *event = json_loads(line, 0, NULL);
	const char *name = text_of(event, "name");

	(void)b;
	if (!strcmp(name, "FailSite"))
		note(usual.sites, &usual.site_count, text_of(event, "site"));
	if (!strcmp(text_of(event, "kind"), "callback"))
		note(usual.callbacks, &usual.callback_count, name);
	json_decref(event);
}

/* The stack's first OID comes when all is up. */
static void stop_at_the_end(struct bench *b, const char *line)
{
	static const char *const ends[] = { "\"OID_GEN_CURRENT_PACKET_FILTER\"",
					    "\"AdapterRemoved\"", "\"AdapterFailed\"" };

	for (unsigned i = 0; i < 3; i++) {
		if (strstr(line, ends[i]) &&
		    atomic_fetch_add(&usual.ended, 1) + 1 >= usual.adapters)
			netcx_host_stop(b->host);
	}
}

static void learn_and_stop(struct bench *b, const char *line)
{
	learn(b, line);
	stop_at_the_end(b, line);
}

/* Packets wait for the queues' start: what runs may take the edges away. */
static void load(struct bench *b, void *context)
{
	const struct packet_shape shape = { .version = 4, .checksum = true, .payload = 300 };

	packet_make(&b->packet, &b->addresses, &shape);
	for (unsigned i = 0; i < LOAD; i++) {
		bench_send(b, &b->packet);
		bench_receive(b, b->packet.bytes, b->packet.length);
	}
}

/* A start with a fault in it, and its end. */
static void run(struct bench *b, const char *fail)
{
	atomic_store(&usual.ended, 0);
	b->why.text[0] = '\0';
	bench_begin(b, NULL, fail);
	for (unsigned turn = 0; !atomic_load(&b->down) && turn < TURNS; turn++)
		usleep(TURN_US);
	bench_end(b);
}

static void learn_usual(struct bench *b)
{
	usual.adapters = b->options->peer_count ? 2 : 1;
	b->plugged = load;
	b->heard = learn_and_stop;
	run(b, "list");
	if (b->ended != NETCX_OK)
		bench_fail(b, RULE_DriverStarts, "%s", b->why.text);
	b->heard = stop_at_the_end;
}

/* Who asks why a process has ended finds here what it was about. */
static void try(struct bench *b, enum test_rule rule, const char *fail)
{
	fprintf(stderr, "netcx: test: --fail '%s'\n", fail);
	run(b, fail);
	/* What comes by now and then need not come this time. */
	if (b->ended != NETCX_OK && !strstr(b->why.text, "on purpose") &&
	    !strstr(b->why.text, "no such call was made") && !strstr(b->why.text, fail))
		bench_fail(b, rule, "--fail '%s': %s", fail, b->why.text);
}

/* A call's site has the number of its call stack, a callback's is its name. */
static void each(struct bench *b, int calls)
{
	unsigned tried = 0;

	learn_usual(b);
	for (unsigned i = 0; i < usual.site_count; i++) {
		if (!strchr(usual.sites[i], '#') != !calls)
			continue;
		tried++;
		try(b, RULE_FailureIsSurvived, usual.sites[i]);
	}
	if (!tried)
		bench_skip(b, "the driver does nothing that can fail");
}

static void removal(struct bench *b, int after)
{
	learn_usual(b);
	for (unsigned i = 0; i < usual.callback_count; i++) {
		char fail[NAME_SIZE + 32];

		snprintf(fail, sizeof(fail), "surprise-removal%s@%s", after ? "-after" : "",
			 usual.callbacks[i]);
		try(b, RULE_RemovalIsSurvived, fail);
	}
}

/* One fault a start, until a start has none: in the same machine, with what was left of them. */
static void second_start(struct bench *b, int argument)
{
	bench_need_wire(b);
	b->many_starts = true;
	bench_begin(b, (const char *[]){ "*RSS=0", NULL }, "all-once");
	bench_await_up(b);
	/* What only traffic asks for fails now. */
	for (uint32_t number = 1; number < 4;) {
		uint32_t from = number;

		life_load(b, &number, 1);
		life_judge_load(b, from, number);
	}
	life_goes_on(b);
}

/* ---- starts that succeed all the same ---- */

static _Atomic unsigned started;

/* What the stack then asks of it, the driver need not hear: that is what is looked for. */
static void count_starts(struct bench *b, const char *line)
{
	if (strstr(line, "\"DeviceStarted\""))
		atomic_fetch_add(&started, 1);
	else if (!strstr(line, "\"OID_GEN_CURRENT_PACKET_FILTER\""))
		stop_at_the_end(b, line);
}

static void works(struct bench *b, const char *fail)
{
	const char *what = NULL;

	if (!bench_comes_back(b, bench_start_patience(b)))
		bench_fail(b, RULE_FailureIsSurvived,
			   "--fail '%s': the adapter starts, and has no link or wants no frames",
			   fail);
	bench_await_up(b);
	bench_marker(b);
	if (!bench_find_marker(b, b->wire, b->marker, bench_patience(b)))
		what = "sends";
	bench_turn(b);
	bench_receive_marker(b);
	bench_turn(b);
	if (!what && !bench_find_marker(b, b->stack, b->marker, bench_patience(b)))
		what = "receives";
	if (what)
		bench_fail(b, RULE_FailureIsSurvived,
			   "--fail '%s': the adapter starts, and %s nothing", fail, what);
}

static void starts_or_works(struct bench *b, const char *fail)
{
	fprintf(stderr, "netcx: test: --fail '%s'\n", fail);
	atomic_store(&usual.ended, 0);
	atomic_store(&started, 0);
	bench_begin(b, (const char *[]){ "*RSS=0", NULL }, fail);
	for (unsigned turn = 0; !atomic_load(&b->down) && !atomic_load(&usual.ended) &&
				atomic_load(&started) < usual.adapters && turn < TURNS;
	     turn++)
		usleep(TURN_US);
	if (atomic_load(&started) >= usual.adapters && !atomic_load(&usual.ended))
		works(b, fail);
	bench_end(b);
}

static bool is_call(const char *site)
{
	return strchr(site, '#');
}

static bool is_resource(const char *site)
{
	return !strncmp(site, "CmResourceType", 14);
}

/* What a driver can do without, it may; but who starts has to work. */
static void degraded(struct bench *b, int resources)
{
	unsigned tried = 0;

	bench_need_wire(b);
	learn_usual(b);
	b->plugged = NULL;
	b->heard = count_starts;
	for (unsigned i = 0; i < usual.site_count; i++) {
		if (!(resources ? is_resource : is_call)(usual.sites[i]))
			continue;
		tried++;
		starts_or_works(b, usual.sites[i]);
	}
	if (!tried)
		bench_skip(b, resources ? "the device has no resources"
					: "the driver does nothing that can fail");
}

#define SOURCE "WDF, Framework Object Life Cycle; docs/faults.md"

const struct test_case fault_cases[] = {
	{ "fault/calls",
	  "Each call of the driver's that can fail fails once: the start ends, nothing is left",
	  SOURCE, "bug check 0x7E, 0xC4 or a leak on a machine that is short of memory", each, 1 },
	{ "fault/callbacks",
	  "Each callback of the way up is answered with a failure: what was done is undone", SOURCE,
	  "bug check 0x9F or a leak when the device does not start", each, 0 },
	{ "fault/degraded",
	  "A start that succeeds although a call in it has failed leads to an adapter that works",
	  SOURCE, "a network that is there, and over which nothing comes", degraded, 0 },
	{ "fault/resources",
	  "The device gets no memory, or no interrupt: the start ends, or the adapter works without",
	  "WDF, EvtDevicePrepareHardware; docs/faults.md",
	  "bug check 0x7E, or a network over which nothing comes, on another machine", degraded,
	  1 },
	{ "fault/second-start",
	  "After one failed start for each of them a start works as any other", SOURCE,
	  "Code 10 until the machine is started anew", second_start, 0 },
	{ "fault/removal/before", "The hardware is gone when a callback begins, for each of them",
	  "WDF, EvtDeviceSurpriseRemoval; EvtPacketQueueCancel",
	  "bug check 0x9F or 0xD1 when the dock is pulled", removal, 0 },
	{ "fault/removal/after",
	  "The hardware is gone when a callback has returned, for each of them",
	  "WDF, EvtDeviceSurpriseRemoval; EvtPacketQueueCancel",
	  "bug check 0x9F or 0xD1 when the dock is pulled", removal, 1 },
	{ 0 },
};
