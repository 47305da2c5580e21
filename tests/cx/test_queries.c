/* SPDX-License-Identifier: MIT */
/* What a driver asks of its queues and its adapter, and gets each time again. */
#include <ndis.h>

#include "recorder.h"

static void descriptors_are_the_queues_own(void **state)
{
	struct stage *s = stage_with("recorder");
	PCNET_DATAPATH_DESCRIPTOR tx, rx;

	stage_up(s);
	nt_thread_enter(&s->machine);
	tx = NetTxQueueGetDatapathDescriptor(cx13_queue_handle(s->tx));
	rx = NetRxQueueGetDatapathDescriptor(cx13_queue_handle(s->rx));
	assert_ptr_equal(tx, &cx13_queue(s->tx)->descriptor);
	assert_ptr_equal(rx, &cx13_queue(s->rx)->descriptor);
	assert_ptr_equal(tx, NetTxQueueGetDatapathDescriptor(cx13_queue_handle(s->tx)));
	assert_ptr_equal(NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(tx),
			 cx13_queue(s->tx)->packets);
	assert_ptr_equal(NET_DATAPATH_DESCRIPTOR_GET_PACKET_RING_BUFFER(rx),
			 cx13_queue(s->rx)->packets);
	assert_ptr_equal(NET_DATAPATH_DESCRIPTOR_GET_FRAGMENT_RING_BUFFER(rx),
			 cx13_queue(s->rx)->fragments);
	nt_thread_leave();
	stage_free(s);
}

static void a_token_is_one_queues_and_one_types(void **state)
{
	struct stage *s = stage_with("recorder");
	PCNET_CONTEXT_TYPE_INFO first, second;

	options->PacketContexts = 2;
	stage_up(s);
	nt_thread_enter(&s->machine);
	first = ((struct cx13_packet_context *)options->Tokens[0])->type;
	second = ((struct cx13_packet_context *)options->Tokens[1])->type;
	assert_ptr_equal(NetTxQueueGetPacketContextToken(cx13_queue_handle(s->tx), first),
			 options->Tokens[0]);
	assert_ptr_equal(NetTxQueueGetPacketContextToken(cx13_queue_handle(s->tx), second),
			 options->Tokens[1]);
	assert_ptr_not_equal(options->Tokens[0], options->Tokens[1]);
	nt_thread_leave();
	stage_free(s);
}

static void an_offset_needs_name_and_version(void **state)
{
	struct stage *s = stage_with("recorder");
	NET_PACKET_EXTENSION_QUERY query;
	NETPACKETQUEUE rx;

	stage_up(s);
	nt_thread_enter(&s->machine);
	rx = cx13_queue_handle(s->rx);
	NET_PACKET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_CHECKSUM_NAME,
					NET_PACKET_EXTENSION_CHECKSUM_VERSION_1);
	assert_int_equal(NetRxQueueGetPacketExtensionOffset(rx, &query),
			 cx13_queue(s->rx)->checksum_offset);
	query.Version = MAXULONG;
	assert_int_equal(NetRxQueueGetPacketExtensionOffset(rx, &query),
			 NET_PACKET_EXTENSION_INVALID_OFFSET);
	query.Version = 1;
	query.Name = u"nobodys_packet_checksum";
	assert_int_equal(NetRxQueueGetPacketExtensionOffset(rx, &query),
			 NET_PACKET_EXTENSION_INVALID_OFFSET);
	/* Only what is sent is segmented. */
	query.Name = NET_PACKET_EXTENSION_LSO_NAME;
	assert_int_equal(NetRxQueueGetPacketExtensionOffset(rx, &query),
			 NET_PACKET_EXTENSION_INVALID_OFFSET);
	nt_thread_leave();
	stage_free(s);
}

static void write_entry(void *context)
{
	struct stage *s = context;
	KIRQL irql = KeRaiseIrqlToDpcLevel();
	NDIS_HANDLE miniport = NetAdapterWdmGetNdisHandle(cx13_adapter_handle(s->adapter));

	KeLowerIrql(irql);
	assert_non_null(miniport);
	assert_ptr_equal(miniport, NetAdapterWdmGetNdisHandle(cx13_adapter_handle(s->adapter)));
	NdisWriteErrorLogEntry(miniport, NDIS_ERROR_CODE_ADAPTER_NOT_FOUND, 1, 0xFFFFFFFFu);
}

/* What a driver wants it for: NDIS functions take it. */
static void ndis_knows_the_adapters_handle(void **state)
{
	struct stage *s = stage_with("recorder");

	stage_up(s);
	journal_forget(&s->journal);
	stage_call(s, write_entry, s);
	journal_assert_order(
		&s->journal,
		"event NdisWriteErrorLogEntry code=NDIS_ERROR_CODE_ADAPTER_NOT_FOUND values=0xffffffff",
		NULL);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(descriptors_are_the_queues_own),
		cmocka_unit_test(a_token_is_one_queues_and_one_types),
		cmocka_unit_test(an_offset_needs_name_and_version),
		cmocka_unit_test(ndis_knows_the_adapters_handle),
	};

	return cmocka_run_group_tests_name("cx queries", tests, NULL, NULL);
}
