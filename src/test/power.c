/* SPDX-License-Identifier: MIT */
/* A device sleeps, is stopped and started, and is pulled out. */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "nt/fault.h"
#include "test/life.h"
#include "test/test.h"

#define SLEEPS   20u
#define RESTARTS 20u
#define REMOVALS 10u
#define LOAD     64u
#define FLOOD    400u
#define TURN     1200u /* frames: a ring has gone round */

static const char *const one_queue[] = { "*RSS=0", NULL };

static void begin(struct bench *b)
{
	bench_need_wire(b);
	bench_up(b, one_queue);
}

/* Packets before it, in it and behind it; what was on its way may be lost, all else not. */
static void sleeps(struct bench *b, int argument)
{
	uint32_t number = 1, from;

	begin(b);
	for (unsigned i = 0; i < SLEEPS; i++) {
		from = number;
		life_load(b, &number, random_below(&b->random, LOAD));
		life_sleep(b, i % 2);
		life_load(b, &number, random_below(&b->random, 4));
		life_wake(b, i % 4 == 1);
		life_judge_load(b, from, number);
		life_goes_on(b);
	}
}

static void restarts(struct bench *b, int stop_only)
{
	uint32_t number = 1, from;

	begin(b);
	for (unsigned i = 0; i < RESTARTS; i++) {
		from = number;
		life_load(b, &number, random_below(&b->random, LOAD));
		life_restart(b, stop_only);
		life_judge_load(b, from, number);
		life_goes_on(b);
	}
}

/* On the worker of the device that is about to hear of its sleep; its queues are stopped. */
static void send_from_peer(void *bench, const char *adapter)
{
	struct bench *b = bench;
	const struct packet_shape shape = { .version = 4, .payload = 300 };

	(void)adapter;
	bench_turn(b);
	packet_make(&b->packet, &b->addresses, &shape);
	bench_turn(b);
	bench_receive(b, b->packet.bytes, b->packet.length);
	bench_await_tried(b, b->peer, b->wire);
}

static void hook(struct bench *b, void *context)
{
	nt_faults_on_removal(b->host->machine.faults, send_from_peer, b);
}

/*
 * The peer hears of the sleep from the driver, in EvtDeviceD0Exit: later than the queues have been
 * stopped. Its thread goes round just then: a plan of faults calls where a device could be removed.
 */
static void falls_asleep(struct bench *b, int argument)
{
	uint32_t number = 1, from;

	bench_need_wire(b);
	if (!b->options->peer_count)
		bench_skip(b, "there is no peer that could go on sending");
	b->plugged = hook;
	bench_begin(b, one_queue, "surprise-removal@EvtDeviceD0Exit");
	bench_await_up(b);
	/* Each element of the rings has had a buffer by then. */
	while (number < TURN) {
		from = number;
		life_load(b, &number, LOAD);
		life_judge_load(b, from, number);
	}
	life_sleep(b, false);
	life_wake(b, false);
	bench_settle(b); /* what it has sent may be lost, or wait for the device */
	life_goes_on(b);
}

static struct device_state state_of(struct bench *b)
{
	struct device_state state;

	if (!b->nic->device || !device_state(b->nic->device, &state))
		bench_skip(b, "nobody knows what is switched on in the driver's hardware");
	return state;
}

static void quiet(struct bench *b, int argument)
{
	begin(b);
	for (unsigned i = 0; i < 4; i++) {
		struct device_state state;

		life_sleep(b, i % 2);
		state = state_of(b);
		if (state.interrupts || state.transmits)
			bench_fail(b, RULE_SleepIsQuiet, "asleep, the device still %s",
				   state.interrupts ? "has interrupts unmasked"
						    : "has its transmitter on");
		if (state.receives && !state.wakes)
			bench_fail(b, RULE_SleepIsQuiet,
				   "asleep, the device still has its receiver on");
		life_wake(b, false);
		if (!state_of(b).interrupts)
			bench_fail(b, RULE_ComesBack, "awake, the device has no interrupt");
	}
}

static void look(struct bench *b, bool wanted, const char *when)
{
	bool wakes = state_of(b).wakes;

	if (wakes != wanted)
		bench_fail(b, RULE_WakeIsArmed, "a magic packet %s the system %s",
			   wakes ? "wakes" : "does not wake", when);
}

static void wake(struct bench *b, int argument)
{
	begin(b);
	if (!(b->nic->first.ndis.adapter->power.caps.wake_patterns & CX_WAKE_MAGIC_PACKET))
		bench_skip(b, "the driver has declared no wake-up by a magic packet");
	look(b, false, "before anybody wants it");
	for (unsigned i = 0; i < 6; i++) {
		bool magic = i % 3 != 2;

		life_sleep(b, magic);
		look(b, magic, magic ? "that sleeps until one comes" : "that nothing is to wake");
		life_wake(b, magic && i % 2);
		look(b, false, "that is awake");
		life_goes_on(b);
	}
}

static void await_link(struct bench *b, bool up)
{
	uint64_t until = clock_ns() + bench_patience(b) * NS_PER_MS;

	while (atomic_load(&b->nic->first.link_up) != up) {
		if (clock_ns() > until)
			bench_fail(b, RULE_LinkIsReported, "the cable is %s, and the link is %s",
				   up ? "in" : "out", up ? "down" : "up");
		usleep(1000);
	}
}

/* Its interrupt comes on the thread that moves the cable. */
static void pull(void *device)
{
	device_set_link(device, false);
}

static void put_in(void *device)
{
	device_set_link(device, true);
}

/* Pulled out and put in, awake and asleep. */
static void cable(struct bench *b, int argument)
{
	begin(b);
	if (!b->nic->device || !device_has_cable(b->nic->device))
		bench_skip(b, "there is no cable to be pulled");
	for (unsigned i = 0; i < 4; i++) {
		bool asleep = i % 2;

		if (asleep)
			life_sleep(b, false);
		bench_worker(b, pull, b->nic->device);
		if (asleep)
			life_wake_without_link(b);
		await_link(b, false);
		if (asleep)
			life_sleep(b, false);
		bench_worker(b, put_in, b->nic->device);
		if (asleep)
			life_wake_without_link(b);
		await_link(b, true);
		bench_await_up(b);
		life_goes_on(b);
	}
}

/* An address of the administrator's, which hardware forgets when it is reset. */
static const char *const own_address[] = { "*RSS=0", "NetworkAddress=02AABBCCDDEE", NULL };

static void address(struct bench *b, int argument)
{
	static const uint8_t wanted[6] = { 0x02, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE };

	bench_need_wire(b);
	bench_up(b, own_address);
	if (memcmp(b->addresses.from, wanted, sizeof(wanted)) != 0)
		bench_skip(b, "the driver does not go by NetworkAddress");
	life_goes_on(b);
	for (unsigned i = 0; i < 3; i++) {
		life_sleep(b, false);
		life_wake(b, false);
		life_goes_on(b);
		life_restart(b, i % 2);
		life_goes_on(b);
	}
}

static void forget(void *device)
{
	struct device *d = device;

	d->ops->reset(d);
}

/* A card without power knows nothing of what it was told: all that is the driver's to tell again.
 */
static void forgets(struct bench *b, int argument)
{
	bench_need_wire(b);
	bench_up(b, own_address);
	if (!b->nic->device)
		bench_skip(b, "there is no hardware that could forget");
	for (unsigned i = 0; i < 3; i++) {
		life_sleep(b, false);
		bench_worker(b, forget, b->nic->device);
		life_wake(b, false);
		life_goes_on(b);
	}
}

/* Nothing but that it comes to its end: what was on its way is lost. */
static void removal(struct bench *b, int argument)
{
	for (unsigned i = 0; i < REMOVALS; i++) {
		uint32_t number = 1;

		begin(b);
		life_load(b, &number, FLOOD);
		usleep(random_below(&b->random, 3000));
		life_remove(b);
		bench_end(b);
		if (b->ended != NETCX_OK)
			bench_fail(b, RULE_RemovalIsSurvived, "%s", b->why.text);
	}
	begin(b);
	life_goes_on(b);
}

#define SOURCE "WDF, EvtDeviceD0Exit and EvtDeviceD0Entry; NET_ADAPTER_DATAPATH_CALLBACKS"

const struct test_case power_cases[] = {
	{ "power/sleep",
	  "After each sleep under traffic all goes on: nothing twice, nothing damaged", SOURCE,
	  "the network is dead after the lid was closed, until the adapter is disabled", sleeps,
	  0 },
	{ "power/peer", "What its peer sends while a device falls asleep reaches no queue of it",
	  SOURCE, "bug check 0xD1 or memory that changes by itself when one of two sleeps",
	  falls_asleep, 0 },
	{ "power/quiet", "Asleep, the device interrupts nobody and moves no data", SOURCE,
	  "bug check 0xD1 or memory that changes by itself after a sleep", quiet, 0 },
	{ "power/wake", "What is to wake the device is armed before it sleeps, and only then",
	  "NetDeviceGetWakeSourceList; EvtDeviceArmWakeFromSx and EvtDeviceDisarmWakeFromSx",
	  "a magic packet does not wake the machine, or any does when it should not", wake, 0 },
	{ "power/link",
	  "A cable that is pulled or put in is reported, whether the device sleeps or not",
	  "NetAdapterSetLinkState", "Windows shows a connection without a cable, or none with one",
	  cable, 0 },
	{ "power/address", "The administrator's address is the hardware's, after a sleep, too",
	  "NetConfigurationQueryLinkLayerAddress; NetAdapterSetCurrentLinkLayerAddress",
	  "with a NetworkAddress nothing is received, or nothing after a sleep", address, 0 },
	{ "power/forgets", "A device that has lost all it knew in its sleep is set up anew", SOURCE,
	  "the network is dead after a hibernation, and not after a short sleep", forgets, 0 },
	{ "power/restart", "After each restart under traffic all goes on",
	  "WDF, EvtDriverDeviceAdd; NetAdapterStart",
	  "the adapter does not come back after it was disabled and enabled", restarts, 0 },
	{ "power/rebalance", "A device that is stopped and started under traffic goes on",
	  "WDF, EvtDevicePrepareHardware and EvtDeviceReleaseHardware; NetAdapterStart",
	  "the adapter does not come back after its resources were moved", restarts, 1 },
	{ "power/removal", "A device that is pulled out under traffic comes to its end",
	  "WDF, EvtDeviceSurpriseRemoval; EvtPacketQueueCancel",
	  "bug check 0x9F or 0xD1 when the dock is pulled", removal, 0 },
	{ 0 },
};
