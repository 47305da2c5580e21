/* SPDX-License-Identifier: MIT */
/* Queries that the framework of 2004 and later answers: no driver of 2.x sees them. */
#include "rings_stage.h"

static const unsigned minors[] = { 0, 1, 2, 5 };
static struct rings *rings;
static uint8_t frame[200] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5 };

/* Three frames sent, two received. */
static struct stage *with_traffic(unsigned minor)
{
	struct stage *s = rings_open(minor, &rings);

	rings_up(s, NULL);
	for (unsigned i = 0; i < 3; i++)
		rings_send(s, rings, frame, sizeof(frame), i + 1);
	for (unsigned i = 0; i < 2; i++) {
		rings_receive(rings, frame, 100);
		frame_store_await(&s->edge->out, i + 1);
	}
	return s;
}

static ULONG number(struct stage *s, NDIS_OID oid)
{
	ULONG value = 0xA5A5A5A5;

	assert_int_equal(stage_oid(s, NdisRequestQueryInformation, oid, &value, sizeof(value)),
			 STATUS_SUCCESS);
	return value;
}

static void says_who_it_is(struct stage *s)
{
	char description[16] = "x";

	assert_int_equal(number(s, OID_GEN_VENDOR_ID), 0xFFFFFF);
	assert_int_equal(number(s, OID_GEN_VENDOR_DRIVER_VERSION), 0);
	assert_int_equal(stage_oid(s, NdisRequestQueryInformation, OID_GEN_VENDOR_DESCRIPTION,
				   description, sizeof(description)),
			 STATUS_SUCCESS);
	assert_string_equal(description, "");
}

static void says_sizes(struct stage *s)
{
	const struct cx_adapter *a = s->adapter;
	ULONG most = a->mtu + 22, tx = most + (ULONG)a->tx.backfill;
	struct dp_rings is;

	dp_rings(s->dp, &is);
	assert_int_equal(number(s, OID_GEN_MAXIMUM_TOTAL_SIZE), most);
	assert_int_equal(number(s, OID_GEN_TRANSMIT_BLOCK_SIZE), tx);
	assert_int_equal(number(s, OID_GEN_RECEIVE_BLOCK_SIZE), a->rx.buffer_size);
	assert_int_equal(number(s, OID_GEN_TRANSMIT_BUFFER_SPACE), tx * is.tx_fragments);
	assert_int_equal(number(s, OID_GEN_RECEIVE_BUFFER_SPACE),
			 a->rx.buffer_size * is.rx_fragments);
}

static void says_what_went_through(struct stage *s)
{
	NDIS_STATISTICS_INFO info;
	ULONG64 count = 0;

	assert_int_equal(number(s, OID_GEN_XMIT_OK), 3);
	assert_int_equal(number(s, OID_GEN_RCV_OK), 2);
	assert_int_equal(
		stage_oid(s, NdisRequestQueryInformation, OID_GEN_XMIT_OK, &count, sizeof(count)),
		STATUS_SUCCESS);
	assert_int_equal(count, 3);
	assert_int_equal(
		stage_oid(s, NdisRequestQueryInformation, OID_GEN_STATISTICS, &info, sizeof(info)),
		STATUS_SUCCESS);
	assert_int_equal(info.Header.Size, sizeof(info));
	assert_int_equal(info.ifHCOutOctets, 3 * sizeof(frame));
	assert_int_equal(info.ifHCInOctets, 2 * 100);
	assert_int_equal(info.SupportedStatistics, NDIS_STATISTICS_FLAGS_VALID_BYTES_RCV |
							   NDIS_STATISTICS_FLAGS_VALID_BYTES_XMIT |
							   NDIS_STATISTICS_FLAGS_VALID_RCV_ERROR |
							   NDIS_STATISTICS_FLAGS_VALID_XMIT_ERROR);
}

static void the_framework_answers(void **state)
{
	for (size_t i = 0; i < sizeof(minors) / sizeof(minors[0]); i++) {
		struct stage *s = with_traffic(minors[i]);
		NDIS_INTERRUPT_MODERATION_PARAMETERS moderation;

		says_who_it_is(s);
		says_sizes(s);
		says_what_went_through(s);
		assert_int_equal(stage_oid(s, NdisRequestQueryInformation,
					   OID_GEN_INTERRUPT_MODERATION, &moderation,
					   sizeof(moderation)),
				 STATUS_SUCCESS);
		assert_int_equal(moderation.InterruptModeration,
				 NdisInterruptModerationNotSupported);
		stage_free(s);
	}
}

/* And others are not answered by it. */
static void too_little_room_is_told(void **state)
{
	struct stage *s = with_traffic(5);
	uint8_t room[8];

	for (ULONG length = 0; length < 4; length++) {
		assert_int_equal(
			stage_oid(s, NdisRequestQueryInformation, OID_GEN_VENDOR_ID, room, length),
			STATUS_BUFFER_TOO_SMALL);
		assert_int_equal(
			stage_oid(s, NdisRequestQueryInformation, OID_GEN_RCV_OK, room, length),
			STATUS_BUFFER_TOO_SMALL);
	}
	assert_int_equal(
		stage_oid(s, NdisRequestQueryInformation, OID_GEN_VENDOR_DESCRIPTION, room, 0),
		STATUS_BUFFER_TOO_SMALL);
	assert_int_equal(
		stage_oid(s, NdisRequestQueryInformation, OID_GEN_STATISTICS, room, sizeof(room)),
		STATUS_BUFFER_TOO_SMALL);
	assert_int_equal(stage_oid(s, NdisRequestSetInformation, OID_GEN_VENDOR_ID, room, 4),
			 STATUS_NOT_SUPPORTED);
	assert_int_equal(stage_oid(s, NdisRequestQueryInformation, OID_GEN_LINK_SPEED, room, 4),
			 STATUS_NOT_SUPPORTED);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_framework_answers),
		cmocka_unit_test(too_little_room_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
