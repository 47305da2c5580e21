/* SPDX-License-Identifier: MIT */
/* What needs no permission: specifications, their errors, and the edge to nowhere. */
#include "edges.h"

static const struct edge_config stack = { .role = EDGE_STACK };
static const struct edge_config wire = { .role = EDGE_WIRE };

static void bad_specifications_say_why(void **state)
{
	char spec[1000] = "";
	struct error why = { "" };

	open_fails("", &stack, "tap:NAME, pcap:FILE or null");
	open_fails("tap", &wire, "packet:IFACE");
	open_fails("nulls", &stack, "there is no such edge");
	open_fails("tap:", &stack, "name is missing");
	open_fails("tap:,gso", &wire, "name is missing");
	open_fails("tap:a,gso", &stack, "',gso' is for the wire");
	open_fails("tap:a,tso", &wire, "not ',tso'");
	open_fails("tap:a,gso,gso", &wire, "not ',gso,gso'");
	open_fails("tap:sixteen-letters-", &wire, "at most 15 characters, this one 16");
	open_fails("tap:a b", &wire, "no blanks");
	open_fails("tap:a/b", &wire, "no blanks");
	open_fails("tap:nic%d", &wire, "no blanks");
	open_fails("tap:..", &wire, "cannot be");
	open_fails("packet:", &wire, "name is missing");
	open_fails("packet:lo", &stack, "can only be the wire");
	open_fails("packet:sixteen-letters-", &wire, "at most 15 characters");
	open_fails("pcap:", &stack, "'-' is the standard input");
	open_fails("pcap:", &wire, "'-' is the standard output");
	/* The room for it is not overrun, none is fine. */
	memset(spec, 't', sizeof(why.text) - 5);
	assert_null(edge_open(spec, &wire, &why));
	assert_string_equal(why.text + sizeof(why.text) - 5, ": th");
	memset(spec, 't', sizeof(spec) - 1);
	assert_null(edge_open(spec, &wire, &why));
	assert_int_equal(strlen(why.text), sizeof(why.text) - 1);
	assert_null(edge_open("tap:a/b", &wire, NULL));
}

static void nowhere_swallows_all(void **state)
{
	struct edge *edge = open_edge("null", &wire);
	uint8_t bytes[100] = { 0 };
	struct iovec iov[] = { { bytes, 60 }, { bytes, 40 } };
	struct frame frames[] = { { .iov = iov, .count = 2 }, { .iov = iov, .count = 0 } };
	struct edge_change change;
	struct frame_meta meta;

	assert_int_equal(edge_send(edge, frames, 2), 2);
	assert_int_equal(counted(edge).tx_frames, 2);
	assert_int_equal(counted(edge).tx_bytes, 100);
	assert_int_equal(edge_receive(edge, iov, 2, &meta), 0);
	assert_int_equal(edge->fd, -1);
	assert_int_equal(edge->change_fd, -1);
	assert_false(edge->finite);
	assert_int_equal(edge_next_change(edge, &change), 0);
	assert_int_equal(edge_set_carrier(edge, true), -EOPNOTSUPP);
	assert_int_equal(edge_set_mtu(edge, 1500), -EOPNOTSUPP);
	assert_int_equal(edge_set_mac(edge, bytes), -EOPNOTSUPP);
	assert_int_equal(edge_set_offloads(edge, &(struct edge_offloads){ 0 }), -EOPNOTSUPP);
	edge_close(edge);
	edge_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_specifications_say_why),
		cmocka_unit_test(nowhere_swallows_all),
	};

	return cmocka_run_group_tests_name("edge open", tests, NULL, NULL);
}
