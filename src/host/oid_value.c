/* SPDX-License-Identifier: MIT */
/* Source: the pages of the OIDs, "General Objects" and "Ethernet Objects", Windows documentation.
 */
#include "host/oid_value.h"

#include <string.h>

#include "base/array.h"
#include "base/hex.h"

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
	char text[HEX_MAC];

	for (; length >= 6; data += 6, length -= 6) {
		hex_put_mac(text, data);
		json_array_append_new(list, json_string(text));
	}
	return list;
}

static json_t *filter_of(const void *data, size_t length)
{
	static const char *const names[] = { "directed",  "multicast",      "all multicast",
					     "broadcast", "source routing", "promiscuous" };
	json_t *list = json_array();
	uint32_t filter = 0;

	memcpy(&filter, data, length < sizeof(filter) ? length : sizeof(filter));
	for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
		if (filter >> i & 1)
			json_array_append_new(list, json_string(names[i]));
	}
	for (size_t i = ARRAY_COUNT(names); i < 32; i++) {
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
	for (size_t i = 0; i < ARRAY_COUNT(fields); i++) {
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
	if ((unsigned)parameters.InterruptModeration >= ARRAY_COUNT(words))
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
	case OID_OFFLOADS:
		return offload_value(data, length);
	case OID_OTHER:
		break;
	}
	return NULL;
}
