/* SPDX-License-Identifier: MIT */
/* What the Linux stack may hand over, from what the adapter does. */
#include "cx/api/1.3/offload.h"
#include "host/nic.h"
#include "test.h"

static struct cx_offload_state state_of(bool ipv4, bool ipv6, size_t most, bool tcp)
{
	const struct cx_coarse_checksum checksum = { .tcp = tcp };
	const struct cx_coarse_lso lso = { ipv4, ipv6, most, 2 };
	struct cx_offload_state state = { 0 };

	cx_coarse_put_checksum(&state, &checksum);
	cx_coarse_put_lso(&state, &lso);
	return state;
}

static void families_are_apart(void **unused)
{
	struct cx_offload_state s = state_of(true, false, 64000, true);
	struct edge_offloads o = stack_offloads(&s, 1500);

	assert_true(o.checksum);
	assert_true(o.tso4);
	assert_false(o.tso6);
}

/* Linux drops TSO where the checksum feature is off; the datapath does the other checksums. */
static void lso_needs_the_checksum_feature(void **unused)
{
	struct cx_offload_state s = state_of(false, true, 64000, false);

	assert_true(stack_offloads(&s, 1500).checksum);
	s = state_of(false, false, 64000, false);
	assert_false(stack_offloads(&s, 1500).checksum);
}

/* A packet of gso_max_size carries at most MaximumOffloadSize bytes of payload. */
static void the_payload_never_exceeds_the_maximum(void **unused)
{
	for (size_t most = 1501; most < 200000; most += 97) {
		struct cx_offload_state s = state_of(true, true, most, true);
		uint32_t size = stack_offloads(&s, 1500).gso_max_size;

		assert_true(size <= 65536);
		assert_true(size >= 1500);
		assert_true(size - 40 <= most);
	}
}

static void a_useless_maximum_is_left_to_the_datapath(void **unused)
{
	struct cx_offload_state s = state_of(true, true, 100, true);

	assert_int_equal(stack_offloads(&s, 1500).gso_max_size, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(families_are_apart),
		cmocka_unit_test(lso_needs_the_checksum_feature),
		cmocka_unit_test(the_payload_never_exceeds_the_maximum),
		cmocka_unit_test(a_useless_maximum_is_left_to_the_datapath),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
