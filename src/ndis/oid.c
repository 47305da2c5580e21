/* SPDX-License-Identifier: MIT */
/* Source: the pages of the OIDs, "General Objects" and "Ethernet Objects", Windows documentation.
 */
#include "ndis/oid.h"

#include <string.h>
#include <strings.h>

#define OID(oid, kind, length)          \
	{                               \
		oid, #oid, kind, length \
	}
#define TEXT_ROOM    256
#define ADDRESS_ROOM (32 * ETH_LENGTH_OF_ADDRESS)
#define LIST_ROOM    1024

static const struct oid_info infos[] = {
	OID(OID_GEN_SUPPORTED_LIST, OID_LIST, LIST_ROOM),
	OID(OID_GEN_HARDWARE_STATUS, OID_NUMBER, 4),
	OID(OID_GEN_MEDIA_SUPPORTED, OID_NUMBER, 4),
	OID(OID_GEN_MEDIA_IN_USE, OID_NUMBER, 4),
	OID(OID_GEN_MAXIMUM_LOOKAHEAD, OID_NUMBER, 4),
	OID(OID_GEN_MAXIMUM_FRAME_SIZE, OID_NUMBER, 4),
	OID(OID_GEN_LINK_SPEED, OID_NUMBER, 4),
	OID(OID_GEN_TRANSMIT_BUFFER_SPACE, OID_NUMBER, 4),
	OID(OID_GEN_RECEIVE_BUFFER_SPACE, OID_NUMBER, 4),
	OID(OID_GEN_TRANSMIT_BLOCK_SIZE, OID_NUMBER, 4),
	OID(OID_GEN_RECEIVE_BLOCK_SIZE, OID_NUMBER, 4),
	OID(OID_GEN_VENDOR_ID, OID_HEX, 4),
	OID(OID_GEN_VENDOR_DESCRIPTION, OID_TEXT, TEXT_ROOM),
	OID(OID_GEN_CURRENT_PACKET_FILTER, OID_FILTER, 4),
	OID(OID_GEN_CURRENT_LOOKAHEAD, OID_NUMBER, 4),
	OID(OID_GEN_DRIVER_VERSION, OID_HEX, 2),
	OID(OID_GEN_MAXIMUM_TOTAL_SIZE, OID_NUMBER, 4),
	OID(OID_GEN_MAC_OPTIONS, OID_HEX, 4),
	OID(OID_GEN_MEDIA_CONNECT_STATUS, OID_NUMBER, 4),
	OID(OID_GEN_MAXIMUM_SEND_PACKETS, OID_NUMBER, 4),
	OID(OID_GEN_VENDOR_DRIVER_VERSION, OID_HEX, 4),
	OID(OID_GEN_PHYSICAL_MEDIUM, OID_NUMBER, 4),
	OID(OID_GEN_RECEIVE_SCALE_PARAMETERS, OID_OTHER, TEXT_ROOM),
	OID(OID_GEN_LINK_STATE, OID_OTHER, TEXT_ROOM),
	OID(OID_GEN_LINK_PARAMETERS, OID_OTHER, TEXT_ROOM),
	OID(OID_GEN_INTERRUPT_MODERATION, OID_MODERATION,
	    sizeof(NDIS_INTERRUPT_MODERATION_PARAMETERS)),
	OID(OID_GEN_XMIT_OK, OID_NUMBER, 8),
	OID(OID_GEN_RCV_OK, OID_NUMBER, 8),
	OID(OID_GEN_XMIT_ERROR, OID_NUMBER, 8),
	OID(OID_GEN_RCV_ERROR, OID_NUMBER, 8),
	OID(OID_GEN_RCV_NO_BUFFER, OID_NUMBER, 8),
	OID(OID_GEN_STATISTICS, OID_STATISTICS, sizeof(NDIS_STATISTICS_INFO)),
	OID(OID_GEN_RCV_CRC_ERROR, OID_NUMBER, 8),
	OID(OID_GEN_TRANSMIT_QUEUE_LENGTH, OID_NUMBER, 4),
	OID(OID_802_3_PERMANENT_ADDRESS, OID_ADDRESS, ETH_LENGTH_OF_ADDRESS),
	OID(OID_802_3_CURRENT_ADDRESS, OID_ADDRESS, ETH_LENGTH_OF_ADDRESS),
	OID(OID_802_3_MULTICAST_LIST, OID_ADDRESS, ADDRESS_ROOM),
	OID(OID_802_3_MAXIMUM_LIST_SIZE, OID_NUMBER, 4),
	OID(OID_OFFLOAD_ENCAPSULATION, OID_OTHER, TEXT_ROOM),
	OID(OID_802_3_RCV_ERROR_ALIGNMENT, OID_NUMBER, 4),
	OID(OID_802_3_XMIT_ONE_COLLISION, OID_NUMBER, 4),
	OID(OID_802_3_XMIT_MORE_COLLISIONS, OID_NUMBER, 4),
	OID(OID_802_3_XMIT_DEFERRED, OID_NUMBER, 4),
	OID(OID_802_3_XMIT_MAX_COLLISIONS, OID_NUMBER, 4),
	OID(OID_802_3_RCV_OVERRUN, OID_NUMBER, 4),
	OID(OID_802_3_XMIT_UNDERRUN, OID_NUMBER, 4),
	OID(OID_TCP_OFFLOAD_CURRENT_CONFIG, OID_OTHER, TEXT_ROOM),
	OID(OID_TCP_OFFLOAD_PARAMETERS, OID_OTHER, TEXT_ROOM),
	OID(OID_TCP_OFFLOAD_HARDWARE_CAPABILITIES, OID_OTHER, TEXT_ROOM),
	OID(OID_PNP_CAPABILITIES, OID_OTHER, TEXT_ROOM),
	OID(OID_PNP_SET_POWER, OID_NUMBER, 4),
	OID(OID_PNP_QUERY_POWER, OID_NUMBER, 4),
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const struct oid_info *oid_by_name(const char *name)
{
	for (size_t i = 0; i < COUNT(infos); i++) {
		if (strcasecmp(infos[i].name, name) == 0 ||
		    strcasecmp(infos[i].name + 4, name) == 0)
			return &infos[i];
	}
	return NULL;
}

const struct oid_info *oid_by_number(NDIS_OID oid)
{
	static const struct oid_info unknown = { .length = TEXT_ROOM };

	for (size_t i = 0; i < COUNT(infos); i++) {
		if (infos[i].oid == oid)
			return &infos[i];
	}
	return &unknown;
}

static json_t *number_of(const void *data, size_t length)
{
	uint64_t number = 0;

	if (length == 0 || length > sizeof(number))
		return NULL;
	memcpy(&number, data, length);
	return json_integer((json_int_t)number);
}

static json_t *text_of(const char *data, size_t length)
{
	json_t *text = json_stringn(data, strnlen(data, length));

	return text ? text : json_string("(not UTF-8)");
}

static json_t *addresses_of(const uint8_t *data, size_t length)
{
	json_t *list = json_array();

	for (; length >= 6; data += 6, length -= 6)
		json_array_append_new(list,
				      json_sprintf("%02x:%02x:%02x:%02x:%02x:%02x", data[0],
						   data[1], data[2], data[3], data[4], data[5]));
	return list;
}

static json_t *filter_of(const void *data, size_t length)
{
	static const char *const names[] = { "directed",  "multicast",      "all multicast",
					     "broadcast", "source routing", "promiscuous" };
	json_t *list = json_array();
	uint32_t filter = 0;

	memcpy(&filter, data, length < sizeof(filter) ? length : sizeof(filter));
	for (size_t i = 0; i < COUNT(names); i++) {
		if (filter >> i & 1)
			json_array_append_new(list, json_string(names[i]));
	}
	for (size_t i = COUNT(names); i < 32; i++) {
		if (filter >> i & 1)
			json_array_append_new(list, json_sprintf("0x%x", 1u << i));
	}
	return list;
}

static json_t *oids_of(const uint8_t *data, size_t length)
{
	json_t *list = json_array();
	NDIS_OID oid;

	for (; length >= sizeof(oid); data += sizeof(oid), length -= sizeof(oid)) {
		const struct oid_info *info;

		memcpy(&oid, data, sizeof(oid));
		info = oid_by_number(oid);
		json_array_append_new(list, info->name ? json_string(info->name)
						       : json_sprintf("0x%08X", (unsigned)oid));
	}
	return list;
}

#define STATISTIC(flag, field)                                                                    \
	{                                                                                         \
		NDIS_STATISTICS_FLAGS_VALID_##flag, #field, offsetof(NDIS_STATISTICS_INFO, field) \
	}

/* Only what the driver says is valid. */
static json_t *statistics_of(const void *data, size_t length)
{
	static const struct {
		uint32_t flag;
		const char *name;
		size_t offset;
	} fields[] = {
		STATISTIC(RCV_DISCARDS, ifInDiscards),
		STATISTIC(RCV_ERROR, ifInErrors),
		STATISTIC(BYTES_RCV, ifHCInOctets),
		STATISTIC(DIRECTED_FRAMES_RCV, ifHCInUcastPkts),
		STATISTIC(MULTICAST_FRAMES_RCV, ifHCInMulticastPkts),
		STATISTIC(BROADCAST_FRAMES_RCV, ifHCInBroadcastPkts),
		STATISTIC(BYTES_XMIT, ifHCOutOctets),
		STATISTIC(DIRECTED_FRAMES_XMIT, ifHCOutUcastPkts),
		STATISTIC(MULTICAST_FRAMES_XMIT, ifHCOutMulticastPkts),
		STATISTIC(BROADCAST_FRAMES_XMIT, ifHCOutBroadcastPkts),
		STATISTIC(XMIT_ERROR, ifOutErrors),
		STATISTIC(XMIT_DISCARDS, ifOutDiscards),
		STATISTIC(DIRECTED_BYTES_RCV, ifHCInUcastOctets),
		STATISTIC(MULTICAST_BYTES_RCV, ifHCInMulticastOctets),
		STATISTIC(BROADCAST_BYTES_RCV, ifHCInBroadcastOctets),
		STATISTIC(DIRECTED_BYTES_XMIT, ifHCOutUcastOctets),
		STATISTIC(MULTICAST_BYTES_XMIT, ifHCOutMulticastOctets),
		STATISTIC(BROADCAST_BYTES_XMIT, ifHCOutBroadcastOctets),
	};
	NDIS_STATISTICS_INFO info;
	json_t *object;
	uint64_t value;

	if (length < sizeof(info))
		return NULL;
	memcpy(&info, data, sizeof(info));
	object = json_object();
	for (size_t i = 0; i < COUNT(fields); i++) {
		if (!(info.SupportedStatistics & fields[i].flag))
			continue;
		memcpy(&value, (const char *)&info + fields[i].offset, sizeof(value));
		json_object_set_new(object, fields[i].name, json_integer((json_int_t)value));
	}
	return object;
}

static json_t *moderation_of(const void *data, size_t length)
{
	static const char *const words[] = { "unknown", "not supported", "enabled", "disabled" };
	NDIS_INTERRUPT_MODERATION_PARAMETERS parameters;

	if (length < sizeof(parameters))
		return NULL;
	memcpy(&parameters, data, sizeof(parameters));
	if ((unsigned)parameters.InterruptModeration >= COUNT(words))
		return NULL;
	return json_string(words[parameters.InterruptModeration]);
}

json_t *oid_value(enum oid_kind kind, const void *data, size_t length)
{
	uint32_t number = 0;

	if (length == 0)
		return NULL;
	switch (kind) {
	case OID_NUMBER:
		return number_of(data, length);
	case OID_HEX:
		memcpy(&number, data, length < sizeof(number) ? length : sizeof(number));
		return json_sprintf("0x%X", (unsigned)number);
	case OID_TEXT:
		return text_of(data, length);
	case OID_ADDRESS:
		return addresses_of(data, length);
	case OID_FILTER:
		return filter_of(data, length);
	case OID_LIST:
		return oids_of(data, length);
	case OID_STATISTICS:
		return statistics_of(data, length);
	case OID_MODERATION:
		return moderation_of(data, length);
	case OID_OTHER:
		break;
	}
	return NULL;
}
