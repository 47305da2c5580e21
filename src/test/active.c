/* SPDX-License-Identifier: MIT */
/*
 * All that can be active, in all combinations: what the driver was told last, held against who does
 * it on the wire, by packets of each kind. The judge of the bytes is send.c's; here it is who.
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "test/life.h"
#include "test/send.h"
#include "test/test.h"

#define VALUES 4u /* of a checksum's keyword: off, sent, received, both */

/* A switch of the adapter's. */
struct kind {
	const char *name, *keyword;
	int version; /* of IP; 0: both */
	enum { LARGE, SENT, RECEIVED } of;
	bool udp;
	size_t setting; /* in struct cx_offload_request */
	bool (*is_on)(const struct cx_offload_state *state);
};

static bool tx_of(const struct cx_kinds *kinds, unsigned l3, unsigned l4)
{
	return (kinds->l3 & l3) && (kinds->l4 & l4);
}

#define TEST_OF(name, member, l3, l4)                             \
	static bool name(const struct cx_offload_state *s)        \
	{                                                         \
		return tx_of(&s->member, CX_L3_##l3, CX_L4_##l4); \
	}

TEST_OF(tx_tcp4, tx_checksum.tcp, IPV4, TCP)
TEST_OF(tx_tcp6, tx_checksum.tcp, IPV6, TCP)
TEST_OF(tx_udp4, tx_checksum.udp, IPV4, UDP)
TEST_OF(tx_udp6, tx_checksum.udp, IPV6, UDP)
/* A driver is asked for both IP versions at once: it cannot tell one from the other. */
TEST_OF(rx_tcp, rx_checksum.tcp, ALL, TCP)
TEST_OF(rx_udp, rx_checksum.udp, ALL, UDP)

#define SETTING(member) offsetof(struct cx_offload_request, member)

static const struct kind kinds[] = {
	{ "LSO for IPv4", "*LsoV2IPv4", 4, LARGE, false, SETTING(lso_v2_ipv4), cx_lso_ipv4 },
	{ "LSO for IPv6", "*LsoV2IPv6", 6, LARGE, false, SETTING(lso_v2_ipv6), cx_lso_ipv6 },
	{ "USO for IPv4", "*UsoIPv4", 4, LARGE, true, SETTING(uso_ipv4), cx_uso_ipv4 },
	{ "USO for IPv6", "*UsoIPv6", 6, LARGE, true, SETTING(uso_ipv6), cx_uso_ipv6 },
	{ "TCP checksums sent over IPv4", "*TCPChecksumOffloadIPv4", 4, SENT, false,
	  SETTING(tcp_ipv4_checksum.tx), tx_tcp4 },
	{ "TCP checksums sent over IPv6", "*TCPChecksumOffloadIPv6", 6, SENT, false,
	  SETTING(tcp_ipv6_checksum.tx), tx_tcp6 },
	{ "UDP checksums sent over IPv4", "*UDPChecksumOffloadIPv4", 4, SENT, true,
	  SETTING(udp_ipv4_checksum.tx), tx_udp4 },
	{ "UDP checksums sent over IPv6", "*UDPChecksumOffloadIPv6", 6, SENT, true,
	  SETTING(udp_ipv6_checksum.tx), tx_udp6 },
	{ "TCP checksums received over IPv4", "*TCPChecksumOffloadIPv4", 4, RECEIVED, false,
	  SETTING(tcp_ipv4_checksum.rx), rx_tcp },
	{ "TCP checksums received over IPv6", "*TCPChecksumOffloadIPv6", 6, RECEIVED, false,
	  SETTING(tcp_ipv6_checksum.rx), rx_tcp },
	{ "UDP checksums received over IPv4", "*UDPChecksumOffloadIPv4", 4, RECEIVED, true,
	  SETTING(udp_ipv4_checksum.rx), rx_udp },
	{ "UDP checksums received over IPv6", "*UDPChecksumOffloadIPv6", 6, RECEIVED, true,
	  SETTING(udp_ipv6_checksum.rx), rx_udp },
};

#define KINDS ARRAY_COUNT(kinds)

/* What is known of the driver, all that it can being on. */
struct active {
	struct bench *bench;
	bool can[KINDS]; /* it was told to do it; of what it receives: and speaks of it */
};

static struct packet_shape shape_of(const struct kind *kind)
{
	return (struct packet_shape){ .version = kind->version,
				      .protocol = kind->udp ? PACKET_UDP : PACKET_TCP,
				      .ip_id = 0x1234,
				      .sequence = 0x10000000,
				      .mss = kind->of == LARGE ? 1000 : 0,
				      .payload = kind->of == LARGE ? 3500 : 400,
				      .checksum = kind->of == SENT };
}

/* Return: whether the driver vouches for the checksums of a frame whose are right. */
static bool is_vouched_for(struct bench *b, const struct kind *kind)
{
	const struct packet_shape shape = shape_of(kind);
	struct test_frame *frame;
	bool valid;

	bench_turn(b);
	packet_make(&b->packet, &b->addresses, &shape);
	frame = bench_receive_first(b, b->packet.bytes, b->packet.length);
	valid = frame->meta.checksum_valid;
	bench_expect_received(b, b->packet.bytes, b->packet.length, frame);
	while ((frame = bench_received(b)))
		free(frame);
	bench_turn(b);
	return valid;
}

/* One packet. Return: whether the driver has done what it is about. */
static bool does(struct bench *b, const struct kind *kind)
{
	const struct packet_shape shape = shape_of(kind);
	const struct cx_offload_state hardware = bench_offload(b).hardware;
	struct sender s = { .bench = b,
			    .udp = kind->udp,
			    .version = kind->version,
			    .caps = kind->udp ? hardware.uso : hardware.lso };

	if (kind->of == RECEIVED)
		return is_vouched_for(b, kind);
	if (kind->of == LARGE)
		send_shape(&s, &shape);
	else
		send_plain(&s, &shape, false);
	return s.given;
}

static void check(struct active *a, size_t i, const char *when)
{
	struct bench *b = a->bench;
	const struct offload_picture picture = bench_offload(b);
	bool told = kinds[i].is_on(&picture.driver), done;

	if (!a->can[i])
		return;
	done = does(b, &kinds[i]);
	if (done != told)
		bench_fail(b, RULE_SwitchedOffIsOff, "%s: the driver was told %s, and does %s, %s",
			   kinds[i].name, told ? "on" : "off", done ? "it" : "not", when);
}

static void check_all(struct active *a, const char *when)
{
	for (size_t i = 0; i < KINDS; i++)
		check(a, i, when);
}

static const char *const one_queue[] = { "*RSS=0", NULL };

static void learn(struct active *a, struct bench *b)
{
	unsigned count = 0;

	bench_need_wire(b);
	bench_up(b, one_queue);
	a->bench = b;
	for (size_t i = 0; i < KINDS; i++) {
		const struct offload_picture picture = bench_offload(b);

		a->can[i] = kinds[i].is_on(&picture.driver);
		if (a->can[i] && kinds[i].of == RECEIVED)
			a->can[i] = is_vouched_for(b, &kinds[i]);
		count += a->can[i];
	}
	if (!count)
		bench_skip(b, "the driver offloads nothing");
	check_all(a, "with all on");
}

/* ---- by keyword ---- */

/* All that a driver reads at its start, in the values that @values has, 0 to 3 each. */
static void write_keywords(char text[KINDS + 1][48], const char *set[KINDS + 3],
			   const unsigned values[KINDS])
{
	size_t n = 0;

	for (size_t i = 0; i < KINDS; i++) {
		/* What is sent and received has one keyword. */
		if (kinds[i].of == RECEIVED)
			continue;
		snprintf(text[i], sizeof(text[i]), "%s=%u", kinds[i].keyword,
			 kinds[i].of == LARGE ? !!values[i] : values[i]);
		set[n++] = text[i];
	}
	/* In 1.3 LSO for IPv4 is off when neither version of it is on. */
	snprintf(text[KINDS], sizeof(text[KINDS]), "*LsoV1IPv4=%u", !!values[0]);
	set[n++] = text[KINDS];
	set[n++] = one_queue[0];
	set[n] = NULL;
}

static void start_with(struct active *a, const unsigned values[KINDS])
{
	char text[KINDS + 1][48];
	const char *set[KINDS + 3];

	write_keywords(text, set, values);
	bench_up(a->bench, set);
	for (size_t i = 0; i < KINDS; i++) {
		const struct offload_picture picture = bench_offload(a->bench);

		if (kinds[i].of == LARGE && !values[i] && kinds[i].is_on(&picture.driver))
			bench_fail(a->bench, RULE_SwitchedOffIsOff,
				   "the driver was told %s, with %s=0", kinds[i].name,
				   kinds[i].keyword);
	}
	check_all(a, "by keyword");
	bench_down(a->bench);
}

/* How often, by default and with --thorough. */
static unsigned often(const struct bench *b, unsigned few, unsigned many)
{
	return b->options->thorough ? many : few;
}

static void fill(unsigned values[KINDS], unsigned value)
{
	for (size_t i = 0; i < KINDS; i++)
		values[i] = value;
}

/* Each combination of LSO and USO. */
static void large_keywords(struct bench *b, int argument)
{
	struct active a = { 0 };
	unsigned values[KINDS];

	learn(&a, b);
	bench_down(b);
	for (unsigned bits = 0; bits < 16; bits++) {
		/* What the driver cannot makes no other combination. */
		bool again = false;

		fill(values, 3);
		for (unsigned i = 0; i < 4; i++) {
			values[i] = bits >> i & 1;
			again |= !a.can[i] && !values[i];
		}
		if (!again)
			start_with(&a, values);
	}
}

/* Each value of each keyword alone, then several at once. */
static void checksum_keywords(struct bench *b, int argument)
{
	struct active a = { 0 };
	unsigned values[KINDS];

	learn(&a, b);
	bench_down(b);
	for (size_t i = 4; i < 8; i++) {
		for (unsigned value = 0; value + 1 < VALUES; value++) {
			fill(values, VALUES - 1);
			values[i] = value;
			if (a.can[i])
				start_with(&a, values);
		}
	}
	for (unsigned n = often(b, 8, 200); n; n--) {
		for (size_t i = 0; i < KINDS; i++)
			values[i] = random_below(&b->random, VALUES);
		start_with(&a, values);
	}
}

/* ---- by OID ---- */

static void set(struct cx_offload_request *request, size_t i, enum cx_setting to)
{
	*(enum cx_setting *)((char *)request + kinds[i].setting) = to;
	if (kinds[i].setting == SETTING(lso_v2_ipv4))
		request->lso_v1_ipv4 = to;
}

static void change_some(struct active *a)
{
	struct cx_offload_request request = { 0 };

	for (size_t i = 0; i < KINDS; i++) {
		if (a->can[i])
			set(&request, i, (enum cx_setting)random_below(&a->bench->random, 3));
	}
	bench_set_offloads(a->bench, &request);
}

/* One or the other of each. */
static void change_all(struct active *a)
{
	struct cx_offload_request request = { 0 };

	for (size_t i = 0; i < KINDS; i++) {
		if (a->can[i])
			set(&request, i, random_below(&a->bench->random, 2) ? CX_ON : CX_OFF);
	}
	bench_set_offloads(a->bench, &request);
}

static size_t any_kind(const struct active *a)
{
	size_t i;

	do {
		i = random_below(&a->bench->random, KINDS);
	} while (!a->can[i]);
	return i;
}

static void by_oid(struct bench *b, int argument)
{
	struct active a = { 0 };

	learn(&a, b);
	for (unsigned n = often(b, 200, 5000); n; n--) {
		change_some(&a);
		check(&a, any_kind(&a), "after OID_TCP_OFFLOAD_PARAMETERS");
	}
	check_all(&a, "after OID_TCP_OFFLOAD_PARAMETERS");
}

/* All of it is off at the start, and switched on later. */
static void from_off(struct bench *b, int argument)
{
	struct active a = { 0 };
	struct cx_offload_request request = { 0 };
	unsigned values[KINDS];
	char text[KINDS + 1][48];
	const char *set_off[KINDS + 4];
	size_t n = 0;

	learn(&a, b);
	bench_down(b);
	fill(values, 0);
	write_keywords(text, set_off, values);
	/* Of what is received nothing is to be looked at. */
	while (set_off[n])
		n++;
	set_off[n] = "*IPChecksumOffloadIPv4=0";
	set_off[n + 1] = NULL;
	bench_up(b, set_off);
	check_all(&a, "with all off at the start");
	for (size_t i = 0; i < KINDS; i++) {
		if (a.can[i])
			set(&request, i, CX_ON);
	}
	bench_set_offloads(b, &request);
	check_all(&a, "after all was switched on");
}

/* Packets of one kind are on their way while all may change. */
static void under_load(struct bench *b, int argument)
{
	struct active a = { 0 };

	learn(&a, b);
	for (unsigned n = often(b, 200, 5000); n; n--) {
		const struct kind *kind = &kinds[random_below(&b->random, 4)];
		struct packet_shape shape = shape_of(kind);
		struct sender s = { .bench = b, .udp = kind->udp, .version = kind->version };
		unsigned count = 1 + random_below(&b->random, 6);

		shape.pattern = n;
		packet_make(&b->packet, &b->addresses, &shape);
		for (unsigned k = 0; k < count; k++)
			bench_send(b, &b->packet);
		change_some(&a);
		bench_marker(b);
		send_judge(&s, count);
	}
}

/* ---- pause ---- */

static void pause_offloads(void *bench)
{
	struct bench *b = bench;

	cx_offload_pause(b->nic->first.ndis.adapter);
}

static void resume_offloads(void *bench)
{
	struct bench *b = bench;

	cx_offload_resume(b->nic->first.ndis.adapter);
}

/* A driver that needs its hardware for something else: software does it meanwhile. */
static void pauses(struct bench *b, int argument)
{
	struct active a = { 0 };

	learn(&a, b);
	if (!bench_offload(b).fine)
		bench_skip(b, "the driver's version of NetAdapterCx knows no pause");
	for (unsigned n = often(b, 20, 1000); n; n--) {
		size_t i = any_kind(&a);
		struct offload_picture picture;

		bench_worker(b, pause_offloads, b);
		picture = bench_offload(b);
		if (kinds[i].is_on(&picture.driver))
			bench_fail(b, RULE_SwitchedOffIsOff, "%s: the driver was not told off",
				   kinds[i].name);
		check(&a, i, "while offloads are paused");
		if (n % 2)
			change_some(&a);
		bench_worker(b, resume_offloads, b);
		check(&a, any_kind(&a), "after a pause");
	}
}

/* ---- what outlives a restart ---- */

static void expect_same(struct bench *b, const struct offload_picture *before, const char *what)
{
	const struct offload_picture after = bench_offload(b);

	for (size_t i = 0; i < KINDS; i++) {
		if (kinds[i].is_on(&after.driver) != kinds[i].is_on(&before->driver))
			bench_fail(b, RULE_ComesBack,
				   "%s: the driver is told %s after %s, and was %s", kinds[i].name,
				   kinds[i].is_on(&after.driver) ? "on" : "off", what,
				   kinds[i].is_on(&before->driver) ? "on" : "off");
	}
}

/*
 * All of it is said anew, for 1.3: its one switch of TCP's or UDP's checksums stays on when but one
 * IP version's is said to go off, while of two keywords that are 0 by then a start makes it off.
 */
static void outlives(struct bench *b, int argument)
{
	static const char *const what[] = { "a restart", "a rebalance", "a sleep" };
	struct active a = { 0 };

	learn(&a, b);
	for (unsigned n = often(b, 12, 300); n; n--) {
		struct offload_picture before;

		change_all(&a);
		before = bench_offload(b);
		if (n % 3 == 2)
			life_sleep(b, false);
		if (n % 3 == 2)
			life_wake(b, false);
		else
			life_restart(b, n % 3);
		expect_same(b, &before, what[n % 3]);
		check_all(&a, what[n % 3]);
	}
}

/* The administrator's keywords, of which the driver reads some itself. */
struct setting {
	struct nic *nic;
	const char *name, *value;
	NTSTATUS status;
	struct error error;
};

static void set_keyword(void *setting)
{
	struct setting *s = setting;

	s->status = nic_set(s->nic, s->name, s->value, &s->error);
}

static void keyword_outlives(struct bench *b, int argument)
{
	struct setting jumbo = { .name = "*JumboPacket", .value = "4088" };
	uint32_t before, after;

	bench_need_wire(b);
	bench_up(b, one_queue);
	jumbo.nic = b->nic;
	before = bench_mtu(b);
	bench_worker(b, set_keyword, &jumbo);
	if (!NT_SUCCESS(jumbo.status))
		bench_skip(b, "*JumboPacket: %s", jumbo.error.text);
	life_restart(b, false);
	after = bench_mtu(b);
	if (after == before)
		bench_skip(b, "the driver does not go by *JumboPacket");
	for (unsigned n = 0; n < 3; n++) {
		life_restart(b, n % 2);
		if (bench_mtu(b) != after)
			bench_fail(
				b, RULE_ComesBack,
				"the MTU is %u after a restart, with *JumboPacket=4088 it was %u",
				bench_mtu(b), after);
		life_goes_on(b);
	}
}

#define OIDS "NDIS, OID_TCP_OFFLOAD_PARAMETERS; EvtNetAdapterOffloadSet..."
#define KEYS "NDIS, Using Registry Values to Enable and Disable Task Offloading"

const struct test_case active_cases[] = {
	{ "active/keywords/large",
	  "LSO and USO of each IP version are on and off as their keywords say, in all combinations",
	  KEYS, "what is switched off on the Advanced page is still done, or the reverse",
	  large_keywords, 0 },
	{ "active/keywords/checksum",
	  "Each checksum is done and judged as its keyword says, alone and in combinations", KEYS,
	  "what is switched off on the Advanced page is still done, or the reverse",
	  checksum_keywords, 0 },
	{ "active/oid", "After each change the driver does what it was told last, and nothing else",
	  OIDS, "Disable-NetAdapterChecksumOffload does nothing, or connections break after it",
	  by_oid, 0 },
	{ "active/from-off", "What was off at the start is done once it is switched on", OIDS,
	  "Enable-NetAdapterChecksumOffload does nothing until the adapter is restarted", from_off,
	  0 },
	{ "active/load",
	  "Whatever changes while packets are on their way, each leaves once and as it should",
	  OIDS, "connections break when an offload is switched", under_load, 0 },
	{ "active/pause", "While offloads are paused software does them, and the driver after that",
	  "NetAdapterPauseOffloadCapabilities and NetAdapterResumeOffloadCapabilities",
	  "connections break when the driver pauses its offloads", pauses, 0 },
	{ "active/outlives", "What is on and off outlives restarts and sleeps", OIDS,
	  "an offload that was switched off is on again after the lid was closed", outlives, 0 },
	{ "active/jumbo", "A keyword that the driver reads outlives restarts",
	  "NetConfigurationQueryUlong", "jumbo frames are lost after a sleep or an update",
	  keyword_outlives, 0 },
	{ 0 },
};
