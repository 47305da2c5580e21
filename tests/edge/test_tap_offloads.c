/* SPDX-License-Identifier: MIT */
/*
 * Who may switch what: ethtool's users on one side, the adapter on the other. Each test is a
 * conversation over one device.
 */
#include <unistd.h>

#include "edges.h"

static const struct edge_config config = {
	.role = EDGE_STACK,
	.mtu = 1500,
	.offloads = { .checksum = true, .tso4 = true, .tso6 = true },
};

static int open_device(void **state)
{
	*state = open_edge("tap:nic0", &config);
	no_change(*state);
	return 0;
}

static int close_device(void **state)
{
	edge_close(*state);
	return 0;
}

/* Fails where our side does not let it through; what became of it is what counts. */
static void ethtool(const char *what)
{
	run("ethtool -K nic0 %s >/dev/null 2>&1 || true", what);
}

/* What the kernel does now: "checksum tso4 tso6", 1 or 0 each. */
static void assert_device(int checksum, int tso4, int tso6)
{
	assert_int_equal(says("tx-checksum-ip-generic: on", "ethtool -k nic0"), checksum);
	assert_int_equal(says("tx-tcp-segmentation: on", "ethtool -k nic0"), tso4);
	assert_int_equal(says("tx-tcp6-segmentation: on", "ethtool -k nic0"), tso6);
}

static void set(struct edge *edge, int checksum, int tso4, int tso6)
{
	const struct edge_offloads offloads = { .checksum = checksum, .tso4 = tso4, .tso6 = tso6 };

	assert_int_equal(edge_set_offloads(edge, &offloads), 0);
}

static struct edge_offloads assert_told(struct edge *edge, int checksum, int tso4, int tso6)
{
	struct edge_change change = next_change(edge);

	assert_int_equal(change.kind, EDGE_CHANGE_OFFLOADS);
	assert_int_equal(change.offloads.checksum, checksum);
	assert_int_equal(change.offloads.tso4, tso4);
	assert_int_equal(change.offloads.tso6, tso6);
	return change.offloads;
}

static void ethtool_is_told(void **state)
{
	struct edge *edge = *state;

	ethtool("tso off");
	assert_told(edge, 1, 0, 0);
	ethtool("tx-tcp6-segmentation on");
	assert_told(edge, 1, 0, 1);
	ethtool("tso on");
	assert_told(edge, 1, 1, 1);
	ethtool("tx off");
	assert_told(edge, 0, 0, 0);
	ethtool("tx on");
	assert_told(edge, 1, 1, 1);
	ethtool("gro off");
	no_change(edge);
}

/* Two changes before we look: both are told, in their order. */
static void each_change_is_told(void **state)
{
	ethtool("tso off");
	ethtool("tso on");
	assert_told(*state, 1, 0, 0);
	assert_told(*state, 1, 1, 1);
	no_change(*state);
}

static void ours_are_not_told(void **state)
{
	struct edge *edge = *state;

	set(edge, 1, 0, 0);
	assert_device(1, 0, 0);
	no_change(edge);
	set(edge, 0, 0, 0);
	assert_device(0, 0, 0);
	no_change(edge);
	set(edge, 1, 1, 1);
	assert_device(1, 1, 1);
	no_change(edge);
	/* Segmentation without checksums is nothing that Linux can do. */
	set(edge, 0, 1, 1);
	assert_device(0, 0, 0);
	no_change(edge);
	set(edge, 1, 1, 1);
	assert_device(1, 1, 1);
	no_change(edge);
}

static void what_we_shut_stays_shut(void **state)
{
	struct edge *edge = *state;

	set(edge, 1, 0, 1);
	ethtool("tx-tcp-segmentation off");
	ethtool("tx-tcp-segmentation on");
	assert_device(1, 0, 1);
	assert_true(says("off [requested on]", "ethtool -k nic0"));
	no_change(edge);
	set(edge, 1, 1, 1);
	assert_device(1, 1, 1);
	no_change(edge);
}

/* A caller that hands each state back does not lock the user out. */
static void handing_back_does_nothing(void **state)
{
	struct edge *edge = *state;
	struct edge_offloads told;

	for (int i = 0; i < 2; i++) {
		ethtool("tso off");
		told = assert_told(edge, 1, 0, 0);
		assert_int_equal(edge_set_offloads(edge, &told), 0);
		no_change(edge);
		ethtool("tx-tcp6-segmentation on");
		told = assert_told(edge, 1, 0, 1);
		assert_int_equal(edge_set_offloads(edge, &told), 0);
		ethtool("tso on");
		told = assert_told(edge, 1, 1, 1);
		assert_int_equal(edge_set_offloads(edge, &told), 0);
		no_change(edge);
	}
}

/* Ours comes on top of theirs: what the user turned off is still the user's to turn on. */
static void our_gate_leaves_theirs_open(void **state)
{
	struct edge *edge = *state;

	ethtool("tx-tcp6-segmentation off");
	assert_told(edge, 1, 1, 0);
	set(edge, 1, 0, 0); /* we shut IPv4 */
	assert_device(1, 0, 0);
	no_change(edge);
	ethtool("tx-tcp6-segmentation on");
	assert_told(edge, 1, 0, 1);
	ethtool("tx-tcp6-segmentation off");
	assert_told(edge, 1, 0, 0);
	set(edge, 1, 1, 0); /* and open it again */
	assert_device(1, 1, 0);
	no_change(edge);
}

static void we_can_turn_on_what_they_turned_off(void **state)
{
	struct edge *edge = *state;

	ethtool("tso off");
	assert_told(edge, 1, 0, 0);
	set(edge, 1, 1, 0);
	assert_device(1, 1, 0);
	no_change(edge);
	ethtool("tso off");
	assert_told(edge, 1, 0, 0);
	ethtool("tso on");
	assert_told(edge, 1, 1, 1);
	ethtool("tx off");
	assert_told(edge, 0, 0, 0);
	set(edge, 1, 1, 1);
	assert_device(1, 1, 1);
	no_change(edge);
}

static void what_is_not_yet_told_is_not_overwritten(void **state)
{
	struct edge *edge = *state;

	ethtool("tx-tcp6-segmentation off");
	set(edge, 1, 0, 1); /* we still believe IPv6 is on, and only shut IPv4 */
	assert_device(1, 0, 0);
	assert_told(edge, 1, 0, 0);
	ethtool("tx-tcp6-segmentation on");
	assert_told(edge, 1, 0, 1);
	no_change(edge);
}

static void their_wish_outlives_a_shut_gate(void **state)
{
	struct edge *edge = *state;

	ethtool("tx-tcp6-segmentation off");
	assert_told(edge, 1, 1, 0);
	set(edge, 0, 0, 0);
	assert_device(0, 0, 0);
	no_change(edge);
	set(edge, 1, 1, 0);
	assert_device(1, 1, 0);
	no_change(edge);
	ethtool("tx-tcp6-segmentation on");
	assert_told(edge, 1, 1, 1);
	/* The user's `tx off` takes all, but none of the wishes. */
	ethtool("tx-tcp-segmentation off");
	assert_told(edge, 1, 0, 1);
	ethtool("tx off");
	assert_told(edge, 0, 0, 0);
	ethtool("tx on");
	assert_told(edge, 1, 0, 1);
}

static void assert_ecn(int on)
{
	assert_int_equal(says("tx-tcp-ecn-segmentation: on", "ethtool -k nic0"), on);
}

/* A feature that our side has no word for is a wish like the others. */
static void ecn_stays_off_whatever_we_change(void **state)
{
	static const int ours[][3] = { { 1, 0, 1 }, { 1, 1, 1 }, { 1, 1, 0 }, { 1, 0, 0 },
				       { 1, 0, 1 }, { 1, 1, 1 }, { 0, 0, 0 }, { 1, 1, 1 } };
	struct edge *edge = *state;

	assert_ecn(1);
	ethtool("tx-tcp-ecn-segmentation off");
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++) {
		set(edge, ours[i][0], ours[i][1], ours[i][2]);
		assert_device(ours[i][0], ours[i][1], ours[i][2]);
		assert_ecn(0);
		no_change(edge);
	}
	ethtool("tx-tcp-ecn-segmentation on");
	assert_ecn(1);
	set(edge, 1, 1, 0);
	assert_ecn(1);
}

/* `ethtool -K tso off` turns it off with the rest: then it comes back with the rest. */
static void ecn_comes_back_with_segmentation(void **state)
{
	struct edge *edge = *state;

	ethtool("tso off");
	assert_told(edge, 1, 0, 0);
	assert_ecn(0);
	set(edge, 1, 1, 0);
	assert_device(1, 1, 0);
	assert_ecn(1);
	set(edge, 1, 0, 0);
	assert_ecn(0);
	set(edge, 1, 1, 1);
	assert_device(1, 1, 1);
	assert_ecn(1);
	no_change(edge);
}

static void sizes_are_limited(void **state)
{
	struct edge_offloads offloads = config.offloads;

	static const struct {
		uint32_t asked;
		const char *shown;
	} sizes[] = { { 20000, "gso_max_size 20000 " },
		      { 1, "gso_max_size 512 " },
		      { 1000000, "gso_max_size 65536 " },
		      { 0, "gso_max_size 65536 " } };

	for (size_t i = 0; i < 4; i++) {
		offloads.gso_max_size = sizes[i].asked;
		assert_int_equal(edge_set_offloads(*state, &offloads), 0);
		assert_true(says(sizes[i].shown, "ip -d link show nic0"));
	}
	offloads.gso_max_segs = 64;
	assert_int_equal(edge_set_offloads(*state, &offloads), 0);
	assert_true(says("gso_max_segs 64 ", "ip -d link show nic0"));
	no_change(*state);
}

/* Changes from both sides in any order: in the end both sides agree on the state. */
static void both_sides_agree_in_the_end(void **state)
{
	static const char *const theirs[] = {
		"tso off", "tso on", "tx-tcp6-segmentation off", "tx-tcp6-segmentation on",
		"tx off",  "tx on"
	};
	struct edge *edge = *state;
	struct edge_offloads known = config.offloads;
	struct random seed = { 4711 };

	for (int i = 0; i < 120; i++) {
		struct edge_change change;

		if (random_one_in(&seed, 2)) {
			ethtool(theirs[random_below(&seed, 6)]);
		} else {
			if (random_one_in(&seed, 2))
				known.tso4 = !known.tso4;
			else
				known.tso6 = !known.tso6;
			assert_int_equal(edge_set_offloads(edge, &known), 0);
		}
		if (random_one_in(&seed, 2))
			continue;
		while (edge_next_change(edge, &change) > 0)
			known = change.offloads;
		assert_device(known.checksum, known.checksum && known.tso4,
			      known.checksum && known.tso6);
	}
}

/* One feature of both IP versions, followed both ways as TCP's are. */
static void udp_segmentation_is_followed(void **state)
{
	struct edge_offloads offloads = config.offloads;
	struct edge *edge = *state;
	struct edge_change change;

	if (!edge->super_udp)
		skip(); /* the kernel's TAP has none */
	assert_true(says("tx-udp-segmentation: off", "ethtool -k nic0"));
	offloads.uso = true;
	assert_int_equal(edge_set_offloads(edge, &offloads), 0);
	assert_true(says("tx-udp-segmentation: on", "ethtool -k nic0"));
	no_change(edge);

	run("ethtool -K nic0 tx-udp-segmentation off");
	change = next_change(edge);
	assert_int_equal(change.kind, EDGE_CHANGE_OFFLOADS);
	assert_false(change.offloads.uso);
	assert_true(change.before.uso);
	assert_true(change.offloads.tso4 && change.offloads.tso6 && change.offloads.checksum);
	run("ethtool -K nic0 tx-udp-segmentation on");
	assert_true(next_change(edge).offloads.uso);

	/* What our side has turned off stays off; the rest is as it was. */
	offloads.uso = false;
	assert_int_equal(edge_set_offloads(edge, &offloads), 0);
	assert_true(says("tx-udp-segmentation: off", "ethtool -k nic0"));
	assert_true(says("tx-tcp-segmentation: on", "ethtool -k nic0"));
	no_change(edge);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define ON_A_DEVICE(f) cmocka_unit_test_setup_teardown(f, open_device, close_device)
		ON_A_DEVICE(ethtool_is_told),
		ON_A_DEVICE(each_change_is_told),
		ON_A_DEVICE(ours_are_not_told),
		ON_A_DEVICE(what_we_shut_stays_shut),
		ON_A_DEVICE(handing_back_does_nothing),
		ON_A_DEVICE(our_gate_leaves_theirs_open),
		ON_A_DEVICE(we_can_turn_on_what_they_turned_off),
		ON_A_DEVICE(what_is_not_yet_told_is_not_overwritten),
		ON_A_DEVICE(their_wish_outlives_a_shut_gate),
		ON_A_DEVICE(ecn_stays_off_whatever_we_change),
		ON_A_DEVICE(ecn_comes_back_with_segmentation),
		ON_A_DEVICE(sizes_are_limited),
		ON_A_DEVICE(udp_segmentation_is_followed),
		ON_A_DEVICE(both_sides_agree_in_the_end),
	};

	own_namespace();
	return cmocka_run_group_tests_name("edge tap offloads", tests, NULL, NULL);
}
