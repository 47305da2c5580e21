/* SPDX-License-Identifier: MIT */
#include "private.h"

const char *lso_version(void)
{
	return LSO_VERSION;
}

const char *lso_reason(enum lso_status status)
{
	switch (status) {
	case LSO_OK:
		return "can be segmented";
	case LSO_TRUNCATED:
		return "the frame ends inside a header";
	case LSO_NOT_IP:
		return "neither IPv4 nor IPv6";
	case LSO_BAD_IP_HEADER:
		return "impossible IP version or header length";
	case LSO_BAD_TCP_HEADER:
		return "impossible TCP data offset";
	case LSO_IP_FRAGMENT:
		return "an IP fragment";
	case LSO_NOT_TCP_UDP:
		return "neither TCP nor UDP, or behind AH or ESP";
	case LSO_HEADERS_TOO_LONG:
		return "headers longer than 512 bytes";
	case LSO_NO_PAYLOAD:
		return "no payload";
	case LSO_BAD_MSS:
		return "the MSS is 0";
	case LSO_TOO_LONG:
		return "a segment would not fit its length field";
	case LSO_ROUTING:
		return "an IPv6 routing header of unknown kind";
	case LSO_JUMBOGRAM:
		return "an IPv6 jumbogram";
	case LSO_NO_PATH:
		return "this machine lacks the code path asked for";
	case LSO_BAD_LAYOUT:
		return "a layout that no packet has";
	case LSO_BAD_TUNNEL:
		return "a tunnel's header of unknown kind";
	case LSO_TUNNEL_SEQUENCE:
		return "a tunnel that numbers its packets";
	case LSO_BAD_OPTIONS:
		return "options of an unknown version, or out of range";
	case LSO_BAD_MEMORY:
		return "memory that is too small or not aligned to 64 bytes";
	}
	return "unknown status";
}
