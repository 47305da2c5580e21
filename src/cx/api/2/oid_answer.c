/* SPDX-License-Identifier: MIT */
/*
 * What the framework knows of its driver without asking: a description it has none of, sizes, and
 * what went through the datapath. Source: the pages of the OIDs; answers as those of 2004.
 */
#include "cx/api/2/oid_answer.h"

#include <string.h>

#define NO_VENDOR_ID    0xFFFFFFu /* of a vendor without a number of IEEE's */
#define MOST_LINK_LAYER 22u       /* bytes of an Ethernet header with SNAP's */
#define KNOWN_STATISTICS                                                                  \
	(NDIS_STATISTICS_FLAGS_VALID_BYTES_RCV | NDIS_STATISTICS_FLAGS_VALID_BYTES_XMIT | \
	 NDIS_STATISTICS_FLAGS_VALID_RCV_ERROR | NDIS_STATISTICS_FLAGS_VALID_XMIT_ERROR)

static bool answer(struct cx_oid *oid, const void *data, size_t length)
{
	oid->status = STATUS_BUFFER_TOO_SMALL;
	if (oid->output_length < length) {
		oid->bytes_needed = (UINT)length;
		return true;
	}
	memcpy(oid->buffer, data, length);
	oid->bytes_written = (UINT)length;
	oid->status = STATUS_SUCCESS;
	return true;
}

static bool answer_number(struct cx_oid *oid, size_t number)
{
	ULONG value = number < MAXULONG ? (ULONG)number : MAXULONG;

	return answer(oid, &value, sizeof(value));
}

/* A counter has 64 bits, or 32 for who has no room for more. */
static bool answer_counter(struct cx_oid *oid, uint64_t count)
{
	ULONG low = (ULONG)count;

	return oid->output_length < sizeof(count) ? answer(oid, &low, sizeof(low))
						  : answer(oid, &count, sizeof(count));
}

static bool answer_statistics(struct cx_oid *oid, const struct cx_traffic *traffic)
{
	const NDIS_STATISTICS_INFO info = {
		.Header = { NDIS_OBJECT_TYPE_DEFAULT, NDIS_STATISTICS_INFO_REVISION_1,
			    NDIS_SIZEOF_STATISTICS_INFO_REVISION_1 },
		.SupportedStatistics = KNOWN_STATISTICS,
		.ifInErrors = traffic->rx_errors,
		.ifHCInOctets = traffic->rx_bytes,
		.ifOutErrors = traffic->tx_errors,
		.ifHCOutOctets = traffic->tx_bytes,
	};

	return answer(oid, &info, sizeof(info));
}

static bool answer_moderation(struct cx_oid *oid)
{
	const NDIS_INTERRUPT_MODERATION_PARAMETERS none = {
		.Header = { NDIS_OBJECT_TYPE_DEFAULT,
			    NDIS_INTERRUPT_MODERATION_PARAMETERS_REVISION_1,
			    NDIS_SIZEOF_INTERRUPT_MODERATION_PARAMETERS_REVISION_1 },
		.InterruptModeration = NdisInterruptModerationNotSupported,
	};

	return answer(oid, &none, sizeof(none));
}

bool cx2_answer_query(struct cx2_adapter *a, struct cx_oid *oid)
{
	size_t frame = (size_t)a->core.mtu + MOST_LINK_LAYER,
	       tx_frame = a->core.tx.backfill + frame;
	struct cx_traffic traffic = { 0 };

	a->core.host->ops->count_traffic(a->core.host_context, &a->core, &traffic);
	switch (oid->oid) {
	case OID_GEN_VENDOR_ID:
		return answer_number(oid, NO_VENDOR_ID);
	case OID_GEN_VENDOR_DESCRIPTION:
		return answer(oid, "", 1);
	case OID_GEN_VENDOR_DRIVER_VERSION:
		return answer_number(oid, 0);
	case OID_GEN_INTERRUPT_MODERATION:
		return answer_moderation(oid);
	case OID_GEN_STATISTICS:
		return answer_statistics(oid, &traffic);
	case OID_GEN_XMIT_OK:
		return answer_counter(oid, traffic.tx_packets);
	case OID_GEN_RCV_OK:
		return answer_counter(oid, traffic.rx_packets);
	case OID_GEN_MAXIMUM_TOTAL_SIZE:
		return answer_number(oid, frame);
	case OID_GEN_TRANSMIT_BLOCK_SIZE:
		return answer_number(oid, tx_frame);
	case OID_GEN_RECEIVE_BLOCK_SIZE:
		return answer_number(oid, a->core.rx.buffer_size);
	case OID_GEN_TRANSMIT_BUFFER_SPACE:
		return answer_number(oid, tx_frame * traffic.tx_fragments);
	case OID_GEN_RECEIVE_BUFFER_SPACE:
		return answer_number(oid, a->core.rx.buffer_size * traffic.rx_fragments);
	}
	return false;
}
