/* SPDX-License-Identifier: MIT */
/* Packet queues: rings, element layout, contexts and tokens, extensions, notification. */
#include <string.h>

#include "recorder.h"

#define NONE NET_PACKET_EXTENSION_INVALID_OFFSET

static void rings_are_as_asked(void **state)
{
	for (ULONG count = 1; count <= 4096; count *= 4) {
		struct stage *s = stage_with("recorder");
		const NET_RING_BUFFER *packets, *fragments;

		s->ring = count;
		stage_up(s);
		packets = cx13_queue(s->tx)->descriptor.RingBuffer[0];
		fragments = cx13_queue(s->tx)->descriptor.RingBuffer[1];
		assert_ptr_equal(packets, cx13_queue(s->tx)->packets);
		assert_ptr_equal(fragments, cx13_queue(s->tx)->fragments);
		assert_int_equal(packets->NumberOfElements, count);
		assert_int_equal(packets->ElementIndexMask, count - 1);
		assert_int_equal(packets->BeginIndex, 0);
		assert_int_equal(packets->NextIndex, 0);
		assert_int_equal(packets->EndIndex, 0);
		assert_ptr_equal(packets->OSReserved2[1], s->tx);
		assert_int_equal((uintptr_t)packets->Buffer % 16, 0);
		assert_int_equal(packets->ElementStride % 8, 0);
		assert_int_equal(fragments->ElementStride, sizeof(NET_PACKET_FRAGMENT));
		assert_int_equal(fragments->NumberOfElements, count);
		stage_free(s);
	}
}

/* Packet, contexts in order, extensions in order: none over another, each aligned. */
static void elements_are_laid_out_in_order(void **state)
{
	struct stage *s = stage_with("recorder");
	const struct cx13_packet_context *first, *second;
	size_t stride;

	options->OwnExtension = TRUE;
	options->PacketContexts = 2;
	stage_up(s);
	first = options->Tokens[0];
	second = options->Tokens[1];
	assert_non_null(first);
	assert_non_null(second);
	stride = cx13_queue(s->tx)->packets->ElementStride;
	assert_true(first->offset >= sizeof(NET_PACKET));
	assert_int_equal(first->size, 24);
	assert_true(second->offset >= first->offset + first->size);
	assert_int_equal(second->size, 100);
	assert_true(options->TxChecksumOffset >= second->offset + second->size);
	assert_true(options->TxLsoOffset >= options->TxChecksumOffset + 1);
	assert_true(options->OwnOffset >= options->TxLsoOffset + 4);
	assert_true(stride >= options->OwnOffset + 8);
	assert_int_equal(first->offset % 16, 0);
	assert_int_equal(second->offset % 16, 0);
	assert_int_equal(options->TxChecksumOffset % 4, 0);
	assert_int_equal(options->TxLsoOffset % 4, 0);
	assert_int_equal(options->OwnOffset % 8, 0);
	assert_int_equal(options->TxChecksumOffset, cx13_queue(s->tx)->checksum_offset);
	assert_int_equal(options->TxLsoOffset, cx13_queue(s->tx)->lso_offset);
	assert_true(journal_find(&s->journal, "RegisterAgain=c00000bd") >= 0);
	stage_free(s);
}

static void contexts_by_token_and_by_type(void **state)
{
	struct stage *s = stage_with("recorder");
	PNET_PACKET_CONTEXT_TOKEN token;
	NET_PACKET *packet;
	void *context;

	options->PacketContexts = 1;
	stage_up(s);
	nt_thread_enter(&s->machine);
	token = options->Tokens[0];
	packet = (NET_PACKET *)(cx13_queue(s->tx)->packets->Buffer +
				5 * cx13_queue(s->tx)->packets->ElementStride);
	context = NetPacketGetContextFromToken(&cx13_queue(s->tx)->descriptor, packet, token);
	assert_ptr_equal(context, (char *)packet + ((struct cx13_packet_context *)token)->offset);
	memset(context, 0xaa, 24);
	assert_ptr_equal(context,
			 NetPacketGetTypedContext(&cx13_queue(s->tx)->descriptor, packet,
						  ((struct cx13_packet_context *)token)->type));
	/* Never added: no token, no context. */
	assert_null(options->Tokens[1]);
	assert_null(NetPacketGetTypedContext(&cx13_queue(s->rx)->descriptor, packet,
					     ((struct cx13_packet_context *)token)->type));
	nt_thread_leave();
	stage_free(s);
}

static void receive_queues_have_them_too(void **state)
{
	struct stage *s = stage_with("recorder");
	const struct cx13_packet_context *context;

	options->OwnExtension = options->RxExtras = TRUE;
	stage_up(s);
	context = options->RxToken;
	assert_non_null(context);
	assert_int_equal(context->size, 1);
	assert_true(context->offset >= sizeof(NET_PACKET));
	assert_true(options->RxOwnOffset > context->offset);
	assert_int_equal(options->RxOwnOffset % 8, 0);
	assert_true(cx13_queue(s->rx)->packets->ElementStride >= options->RxOwnOffset + 8);
	stage_free(s);

	s = stage_with("recorder");
	options->OwnExtension = TRUE;
	stage_up(s);
	assert_null(options->RxToken);
	assert_int_equal(options->RxOwnOffset, NONE);
	stage_free(s);
}

/* Extension present exactly when the offload was declared; LSO on transmit only. */
static void extensions_follow_declarations(void **state)
{
	for (unsigned bits = 0; bits < 4; bits++) {
		struct stage *s = stage_with("recorder");

		options->DeclareChecksum = bits & 1;
		options->DeclareLso = bits & 2;
		/* On or off makes no difference. */
		stage_keyword(s, "*LsoV1IPv4", "0");
		stage_keyword(s, "*LsoV2IPv4", "0");
		stage_keyword(s, "*LsoV2IPv6", "0");
		stage_keyword(s, "*IPChecksumOffloadIPv4", "0");
		stage_up(s);
		assert_int_equal(options->TxChecksumOffset != NONE, bits & 1);
		assert_int_equal(options->RxChecksumOffset != NONE, bits & 1);
		assert_int_equal(options->TxLsoOffset != NONE, bits >> 1);
		assert_int_equal(options->RxLsoOffset, NONE);
		assert_int_equal(options->OwnOffset, NONE);
		stage_free(s);
	}
}

static void extension_versions_are_told_apart(void **state)
{
	struct stage *s = stage_with("recorder");
	NET_PACKET_EXTENSION_QUERY query;

	stage_up(s);
	nt_thread_enter(&s->machine);
	NET_PACKET_EXTENSION_QUERY_INIT(&query, NET_PACKET_EXTENSION_LSO_NAME, 1);
	assert_int_equal(
		NetAdapterQueryRegisteredPacketExtension(cx13_adapter_handle(s->adapter), &query),
		STATUS_SUCCESS);
	query.Version = 2;
	assert_int_equal(
		NetAdapterQueryRegisteredPacketExtension(cx13_adapter_handle(s->adapter), &query),
		STATUS_NOT_FOUND);
	assert_int_equal(NetTxQueueGetPacketExtensionOffset(cx13_queue_handle(s->tx), &query),
			 NONE);
	nt_thread_leave();
	stage_free(s);
}

static _Atomic int notified;

static void notify(void *context)
{
	notified++;
}

/* At any IRQL, before the datapath listens too. */
static void notification_at_any_irql(void **state)
{
	struct stage *s = stage_with("recorder");

	stage_up(s);
	nt_thread_enter(&s->machine);
	notified = 0;
	NetTxQueueNotifyMoreCompletedPacketsAvailable(cx13_queue_handle(s->tx));
	assert_int_equal(notified, 0);
	s->tx->notify = s->rx->notify = notify;
	for (KIRQL irql = PASSIVE_LEVEL; irql <= 15; irql++) {
		KIRQL old = KfRaiseIrql(irql);

		NetTxQueueNotifyMoreCompletedPacketsAvailable(cx13_queue_handle(s->tx));
		NetRxQueueNotifyMoreReceivedPacketsAvailable(cx13_queue_handle(s->rx));
		KeLowerIrql(old);
	}
	assert_int_equal(notified, 32);
	nt_thread_leave();
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rings_are_as_asked),
		cmocka_unit_test(elements_are_laid_out_in_order),
		cmocka_unit_test(contexts_by_token_and_by_type),
		cmocka_unit_test(receive_queues_have_them_too),
		cmocka_unit_test(extensions_follow_declarations),
		cmocka_unit_test(extension_versions_are_told_apart),
		cmocka_unit_test(notification_at_any_irql),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
