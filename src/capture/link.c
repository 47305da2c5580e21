/* SPDX-License-Identifier: MIT */
/* What is in front of a packet, by link type. Radio headers are in link_radio.c. */
#include "capture/link.h"

#include <net/ethernet.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "capture/link_private.h"

#define LINK_PPI       192
#define LINK_PKTAP     258

#define PKTAP_SHORTEST 108u /* bytes of its header */

/* Hardware types of cooked captures whose protocol field is none of Ethernet's. */
#define HARDWARE_FRAD     770
#define HARDWARE_RADIOTAP 803
#define HARDWARE_NETLINK  824

#define LLC_OF_LINUX      4 /* ETH_P_802_2: what follows begins with LLC */

#define ETHERTYPE_OF_MPLS 0x8847
#define FIRST_ETHERTYPE   0x600 /* below are lengths of IEEE 802.3 */

/* Each is given where its header begins, or ends, and returns as capture_link_find() does. */
typedef bool (*look)(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found);

bool link_ethertype(struct capture_link *found, size_t length, size_t offset, uint16_t ethertype)
{
	found->offset = offset;
	found->ethertype = ethertype;
	return length >= offset;
}

/* by_version() - an IP packet that nothing is said of but itself */
static bool by_version(const uint8_t *bytes, size_t length, size_t offset,
		       struct capture_link *found)
{
	static const uint16_t types[16] = { [4] = ETHERTYPE_IP, [6] = ETHERTYPE_IPV6 };
	uint16_t type = length > offset ? types[bytes[offset] >> 4] : 0;

	return link_ethertype(found, length, offset, type ? type : CAPTURE_NO_ETHERTYPE);
}

/* AF_INET6 is another number on Linux, Windows, the BSDs, FreeBSD and macOS. */
static uint16_t ethertype_of_family(uint32_t family)
{
	switch (family) {
	case 2:
		return ETHERTYPE_IP;
	case 10:
	case 23:
	case 24:
	case 28:
	case 30:
		return ETHERTYPE_IPV6;
	default:
		return CAPTURE_NO_ETHERTYPE;
	}
}

/* A family of 32 bits in the byte order of whoever wrote it. */
static bool by_family(const uint8_t *bytes, size_t length, size_t offset,
		      struct capture_link *found)
{
	uint32_t family;

	if (length < 4)
		return false;
	family = load_be32(bytes);
	if (family > 0xffff)
		family = load_le32(bytes);
	return link_ethertype(found, length, offset, ethertype_of_family(family));
}

bool link_llc(const uint8_t *bytes, size_t length, size_t offset, struct capture_link *found)
{
	const uint8_t *llc = bytes + offset;

	if (length < offset + 4)
		return false;
	if (!memcmp(llc, "\xaa\xaa\x03", 3) && length >= offset + 8) {
		bool known = !llc[3] && !llc[4] && (llc[5] == 0 || llc[5] == 0xf8);
		uint16_t type = load_be16(llc + 6);

		return link_ethertype(found, length, offset + 8,
				      known && type >= FIRST_ETHERTYPE ? type
								       : CAPTURE_NO_ETHERTYPE);
	}
	if (!memcmp(llc, "\xfe\xfe\x03\xcc", 4)) /* ISO 9577's number of IPv4 */
		return link_ethertype(found, length, offset + 4, ETHERTYPE_IP);
	if (!memcmp(llc, "\x06\x06\x03", 3))
		return link_ethertype(found, length, offset + 3, ETHERTYPE_IP);
	return link_ethertype(found, length, offset, CAPTURE_NO_ETHERTYPE);
}

static bool by_ipv4(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return link_ethertype(found, length, at, ETHERTYPE_IP);
}

static bool by_ipv6(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return link_ethertype(found, length, at, ETHERTYPE_IPV6);
}

static bool by_mpls(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return link_ethertype(found, length, at, ETHERTYPE_OF_MPLS);
}

static uint16_t ethertype_of_ppp(uint32_t protocol)
{
	switch (protocol) {
	case 0x21:
		return ETHERTYPE_IP;
	case 0x57:
		return ETHERTYPE_IPV6;
	case 0x281:
		return ETHERTYPE_OF_MPLS;
	default:
		return CAPTURE_NO_ETHERTYPE;
	}
}

/* PPP from its protocol field on, of which the first byte may be left out (RFC 1661 6.5). */
static bool by_ppp(const uint8_t *bytes, size_t length, size_t offset, struct capture_link *found)
{
	if (length < offset + 2)
		return false;
	if (bytes[offset] & 1)
		return link_ethertype(found, length, offset + 1, ethertype_of_ppp(bytes[offset]));
	return link_ethertype(found, length, offset + 2,
			      ethertype_of_ppp(load_be16(bytes + offset)));
}

/* A type of Ethernet's in front of the packet; as in Cisco's HDLC behind an address and a 0. */
static bool by_type(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return length >= at + 2 && link_ethertype(found, length, at + 2, load_be16(bytes + at));
}

/* In HDLC-like framing (RFC 1662), or without its first two bytes, or Cisco's in its place. */
static bool by_hdlc(const uint8_t *bytes, size_t length, size_t offset, struct capture_link *found)
{
	if (length < offset + 2)
		return false;
	if (bytes[offset] == 0xff && bytes[offset + 1] == 3)
		return by_ppp(bytes, length, offset + 2, found);
	if ((bytes[offset] == 0x0f || bytes[offset] == 0x8f) && bytes[offset + 1] == 0)
		return by_type(bytes, length, offset + 2, found);
	return by_ppp(bytes, length, offset, found);
}

/* pppd's filter: the direction is where the address was. */
static bool by_pppd(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	if (length >= 2 && bytes[0] <= 1 && bytes[1] == 3)
		return by_ppp(bytes, length, 2, found);
	return by_hdlc(bytes, length, 0, found);
}

/* A PPPoE session (RFC 2516): version and type, code, session, length, then PPP. */
static bool by_pppoe(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	if (length < 8 || bytes[0] != 0x11)
		return false;
	if (bytes[1]) /* discovery */
		return link_ethertype(found, length, 6, CAPTURE_NO_ETHERTYPE);
	found->length_at = 4;
	found->length_from = 6;
	return by_ppp(bytes, length, 6, found);
}

/* RFC 2427: an address whose last byte is odd, 3, perhaps 0, then a number of ISO 9577. */
static bool by_frame_relay(const uint8_t *bytes, size_t length, size_t at,
			   struct capture_link *found)
{
	size_t end = at + 4;

	while (at < end && at < length && !(bytes[at] & 1))
		at++;
	at++;
	if (length < at + 3)
		return false;
	if (bytes[at] != 3) /* Cisco's way: a type of Ethernet's */
		return link_ethertype(found, length, at + 2, load_be16(bytes + at));
	at += bytes[at + 1] ? 1 : 2;
	if (bytes[at] == 0xcc)
		return link_ethertype(found, length, at + 1, ETHERTYPE_IP);
	if (bytes[at] == 0x8e)
		return link_ethertype(found, length, at + 1, ETHERTYPE_IPV6);
	if (bytes[at] == 0x80 && length >= at + 6 && !bytes[at + 1] && !bytes[at + 2] &&
	    !bytes[at + 3])
		return link_ethertype(found, length, at + 6, load_be16(bytes + at + 4));
	return link_ethertype(found, length, at, CAPTURE_NO_ETHERTYPE);
}

static bool by_cooked(const uint8_t *bytes, size_t length, size_t header, uint16_t hardware,
		      uint16_t protocol, struct capture_link *found)
{
	if (hardware == HARDWARE_NETLINK || hardware == HARDWARE_RADIOTAP ||
	    hardware == HARDWARE_FRAD)
		protocol = CAPTURE_NO_ETHERTYPE;
	if (protocol == LLC_OF_LINUX)
		return link_llc(bytes, length, header, found);
	if (protocol < FIRST_ETHERTYPE)
		protocol = CAPTURE_NO_ETHERTYPE;
	return link_ethertype(found, length, header, protocol);
}

static bool by_sll(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return length >= 16 &&
	       by_cooked(bytes, length, 16, load_be16(bytes + 2), load_be16(bytes + 14), found);
}

static bool by_sll2(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return length >= 20 &&
	       by_cooked(bytes, length, 20, load_be16(bytes + 8), load_be16(bytes), found);
}

/* IEEE 802.5: a bit of the source address says that a route follows, its length first. */
static bool by_token_ring(const uint8_t *bytes, size_t length, size_t at,
			  struct capture_link *found)
{
	size_t route;

	if (length < 16)
		return false;
	route = bytes[8] & 0x80 ? bytes[14] & 0x1f : 0;
	return link_llc(bytes, length, 14 + route, found);
}

/* OpenBSD's: a length, to be rounded up to 4, and an address family. */
static bool by_pflog(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return length >= 4 &&
	       link_ethertype(found, length, (bytes[0] + 3u) & ~3u, ethertype_of_family(bytes[1]));
}

/* RFC 4391: a global route header, a type of Ethernet's, 2 bytes of nothing. */
static bool by_ipoib(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return length >= at + 4 && link_ethertype(found, length, at + 4, load_be16(bytes + at));
}

static bool nflog_payload(const uint8_t *bytes, size_t length, bool little,
			  struct capture_link *found)
{
	size_t at = 4;

	while (length >= at + 4) {
		size_t size = little ? load_le16(bytes + at) : load_be16(bytes + at);
		uint16_t type = little ? load_le16(bytes + at + 2) : load_be16(bytes + at + 2);

		if (size < 4 || type > 64)
			return false;
		if (type == 9) {
			found->length_at = found->length_from = at;
			found->length_little = little;
			return link_ethertype(found, length, at + 4, ethertype_of_family(bytes[0]));
		}
		at += (size + 3) & ~(size_t)3;
	}
	return false;
}

/* Linux' nflog: a family, then attributes in the byte order of their writer; 9 is the packet. */
static bool by_nflog(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return nflog_payload(bytes, length, true, found) ||
	       nflog_payload(bytes, length, false, found);
}

static bool by_ethernet(const uint8_t *bytes, size_t length, size_t offset,
			struct capture_link *found)
{
	found->ethernet = true;
	return link_ethertype(found, length, offset, CAPTURE_NO_ETHERTYPE);
}

/* A header of some length, then a packet of the link type that it says. */
bool link_behind(uint32_t link, const uint8_t *bytes, size_t length, size_t header,
		 struct capture_link *found)
{
	if (header > length || link > UINT16_MAX || link == LINK_PPI || link == LINK_PKTAP ||
	    !capture_link_is_known((uint16_t)link) ||
	    !capture_link_find((uint16_t)link, bytes + header, length - header, found))
		return false;
	found->offset += header;
	found->length_at += found->length_at ? header : 0;
	found->length_from += header;
	found->fcs_at += found->fcs_at ? header : 0;
	return true;
}

static bool by_ppi(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return length >= 8 &&
	       link_behind(load_le32(bytes + 4), bytes, length, load_le16(bytes + 2), found);
}

/* macOS: length, type of the record (1: packet), link type. */
static bool by_pktap(const uint8_t *bytes, size_t length, size_t at, struct capture_link *found)
{
	return length >= PKTAP_SHORTEST && load_le32(bytes) >= PKTAP_SHORTEST &&
	       load_le32(bytes + 4) == 1 &&
	       link_behind(load_le32(bytes + 8), bytes, length, load_le32(bytes), found);
}

/* libpcap's names, and how to look behind the headers of those that may hold IP. */
static const struct {
	uint16_t link;
	const char *name;
	look look;
	size_t at;
} links[] = {
	{ 0, "NULL", by_family, 4 },
	{ 1, "EN10MB", by_ethernet, 0 },
	{ 3, "AX25", NULL, 0 },
	{ 6, "IEEE802", by_token_ring, 0 },
	{ 7, "ARCNET", NULL, 0 },
	{ 8, "SLIP", by_version, 16 },
	{ 9, "PPP", by_hdlc, 0 },
	{ 10, "FDDI", link_llc, 13 },
	{ 12, "RAW", by_version, 0 },
	{ 14, "RAW", by_version, 0 },
	{ 50, "PPP_SERIAL", by_hdlc, 0 },
	{ 51, "PPP_ETHER", by_pppoe, 0 },
	{ 99, "SYMANTEC_FIREWALL", NULL, 0 },
	{ 100, "ATM_RFC1483", link_llc, 0 },
	{ 101, "RAW", by_version, 0 },
	{ 104, "C_HDLC", by_type, 2 },
	{ 105, "IEEE802_11", link_ieee802_11, 0 },
	{ 106, "ATM_CLIP", NULL, 0 },
	{ 107, "FRELAY", by_frame_relay, 0 },
	{ 108, "LOOP", by_family, 4 },
	{ 109, "ENC", by_family, 12 },
	{ 112, "CISCO_IOS", NULL, 0 },
	{ 113, "LINUX_SLL", by_sll, 0 },
	{ 114, "LTALK", NULL, 0 },
	{ 117, "PFLOG", by_pflog, 0 },
	{ 118, "CISCO_IOS_118", NULL, 0 },
	{ 119, "PRISM_HEADER", link_prism, 0 },
	{ 122, "IP_OVER_FC", link_llc, 16 },
	{ 123, "SUNATM", link_llc, 4 },
	{ 127, "IEEE802_11_RADIO", link_radiotap, 0 },
	{ 129, "ARCNET_LINUX", link_arcnet, 4 },
	{ 130, "JUNIPER_MLPPP", NULL, 0 },
	{ 131, "JUNIPER_MLFR", NULL, 0 },
	{ 132, "JUNIPER_ES", NULL, 0 },
	{ 133, "JUNIPER_GGSN", NULL, 0 },
	{ 134, "JUNIPER_MFR", NULL, 0 },
	{ 135, "JUNIPER_ATM2", NULL, 0 },
	{ 136, "JUNIPER_SERVICES", NULL, 0 },
	{ 137, "JUNIPER_ATM1", NULL, 0 },
	{ 138, "APPLE_IP_OVER_IEEE1394", by_type, 16 },
	{ 139, "MTP2_WITH_PHDR", NULL, 0 },
	{ 140, "MTP2", NULL, 0 },
	{ 141, "MTP3", NULL, 0 },
	{ 142, "SCCP", NULL, 0 },
	{ 143, "DOCSIS", NULL, 0 },
	{ 144, "LINUX_IRDA", NULL, 0 },
	{ 147, "USER0", NULL, 0 },
	{ 148, "USER1", NULL, 0 },
	{ 149, "USER2", by_pktap, 0 },
	{ 150, "USER3", NULL, 0 },
	{ 151, "USER4", NULL, 0 },
	{ 152, "USER5", NULL, 0 },
	{ 153, "USER6", NULL, 0 },
	{ 154, "USER7", NULL, 0 },
	{ 155, "USER8", NULL, 0 },
	{ 156, "USER9", NULL, 0 },
	{ 157, "USER10", NULL, 0 },
	{ 158, "USER11", NULL, 0 },
	{ 159, "USER12", NULL, 0 },
	{ 160, "USER13", NULL, 0 },
	{ 161, "USER14", NULL, 0 },
	{ 162, "USER15", NULL, 0 },
	{ 163, "IEEE802_11_RADIO_AVS", link_avs, 0 },
	{ 165, "BACNET_MS_TP", NULL, 0 },
	{ 166, "PPP_PPPD", by_pppd, 0 },
	{ 169, "GPRS_LLC", NULL, 0 },
	{ 170, "GPF_T", NULL, 0 },
	{ 171, "GPF_F", NULL, 0 },
	{ 177, "LINUX_LAPD", NULL, 0 },
	{ 178, "JUNIPER_ETHER", link_juniper, CAPTURE_ETHERNET },
	{ 179, "JUNIPER_PPP", link_juniper, 9 },
	{ 180, "JUNIPER_FRELAY", link_juniper, 107 },
	{ 181, "JUNIPER_CHDLC", link_juniper, 104 },
	{ 182, "MFR", NULL, 0 },
	{ 187, "BLUETOOTH_HCI_H4", NULL, 0 },
	{ 189, "USB_LINUX", NULL, 0 },
	{ 192, "PPI", by_ppi, 0 },
	{ 195, "IEEE802_15_4", NULL, 0 },
	{ 196, "SITA", NULL, 0 },
	{ 197, "ERF", NULL, 0 },
	{ 201, "BLUETOOTH_HCI_H4_WITH_PHDR", NULL, 0 },
	{ 202, "AX25_KISS", NULL, 0 },
	{ 203, "LAPD", NULL, 0 },
	{ 204, "PPP_WITH_DIR", by_hdlc, 1 },
	{ 205, "C_HDLC_WITH_DIR", by_type, 3 },
	{ 206, "FRELAY_WITH_DIR", by_frame_relay, 1 },
	{ 209, "IPMB_LINUX", NULL, 0 },
	{ 210, "FLEXRAY", NULL, 0 },
	{ 212, "LIN", NULL, 0 },
	{ 215, "IEEE802_15_4_NONASK_PHY", NULL, 0 },
	{ 219, "MPLS", by_mpls, 0 },
	{ 220, "USB_LINUX_MMAPPED", NULL, 0 },
	{ 224, "FC_2", NULL, 0 },
	{ 225, "FC_2_WITH_FRAME_DELIMS", NULL, 0 },
	{ 226, "IPNET", link_ipnet, 24 },
	{ 227, "CAN_SOCKETCAN", NULL, 0 },
	{ 228, "IPV4", by_ipv4, 0 },
	{ 229, "IPV6", by_ipv6, 0 },
	{ 230, "IEEE802_15_4_NOFCS", NULL, 0 },
	{ 231, "DBUS", NULL, 0 },
	{ 235, "DVB_CI", NULL, 0 },
	{ 236, "MUX27010", NULL, 0 },
	{ 237, "STANAG_5066_D_PDU", NULL, 0 },
	{ 238, "JUNIPER_ATM_CEMIC", NULL, 0 },
	{ 239, "NFLOG", by_nflog, 0 },
	{ 240, "NETANALYZER", by_ethernet, 4 },
	{ 241, "NETANALYZER_TRANSPARENT", by_ethernet, 12 },
	{ 242, "IPOIB", by_ipoib, 40 },
	{ 243, "MPEG_2_TS", NULL, 0 },
	{ 244, "NG40", NULL, 0 },
	{ 245, "NFC_LLCP", NULL, 0 },
	{ 247, "INFINIBAND", NULL, 0 },
	{ 248, "SCTP", NULL, 0 },
	{ 249, "USBPCAP", NULL, 0 },
	{ 250, "RTAC_SERIAL", NULL, 0 },
	{ 251, "BLUETOOTH_LE_LL", NULL, 0 },
	{ 252, "WIRESHARK_UPPER_PDU", NULL, 0 },
	{ 253, "NETLINK", NULL, 0 },
	{ 254, "BLUETOOTH_LINUX_MONITOR", NULL, 0 },
	{ 256, "BLUETOOTH_LE_LL_WITH_PHDR", NULL, 0 },
	{ 257, "PROFIBUS_DL", NULL, 0 },
	{ 258, "PKTAP", by_pktap, 0 },
	{ 259, "EPON", NULL, 0 },
	{ 264, "ISO_14443", NULL, 0 },
	{ 265, "RDS", NULL, 0 },
	{ 266, "USB_DARWIN", NULL, 0 },
	{ 268, "SDLC", NULL, 0 },
	{ 270, "LORATAP", NULL, 0 },
	{ 271, "VSOCK", NULL, 0 },
	{ 272, "NORDIC_BLE", NULL, 0 },
	{ 273, "DOCSIS31_XRA31", NULL, 0 },
	{ 274, "ETHERNET_MPACKET", by_ethernet, 8 },
	{ 275, "DISPLAYPORT_AUX", NULL, 0 },
	{ 276, "LINUX_SLL2", by_sll2, 0 },
	{ 278, "OPENVIZSLA", NULL, 0 },
	{ 279, "EBHSCR", NULL, 0 },
	{ 280, "VPP_DISPATCH", NULL, 0 },
	{ 281, "DSA_TAG_BRCM", by_type, 16 },
	{ 282, "DSA_TAG_BRCM_PREPEND", by_ethernet, 4 },
	{ 283, "IEEE802_15_4_TAP", NULL, 0 },
	{ 284, "DSA_TAG_DSA", by_type, 16 },
	{ 285, "DSA_TAG_EDSA", by_type, 20 },
	{ 289, "ETW", NULL, 0 },
	{ 290, "NETANALYZER_NG", NULL, 0 },
	{ 292, "ZBOSS_NCP", NULL, 0 },
};

/* index_of() - Return: an index in links, or -1 */
static int index_of(uint16_t link)
{
	for (size_t i = 0; i < ARRAY_COUNT(links); i++) {
		if (links[i].link == link)
			return (int)i;
	}
	return -1;
}

const char *capture_link_name(uint16_t link, char room[static CAPTURE_NAME_ROOM])
{
	int i = index_of(link);

	if (i >= 0)
		return links[i].name;
	snprintf(room, CAPTURE_NAME_ROOM, "%u", link);
	return room;
}

bool capture_link_is_known(uint16_t link)
{
	int i = index_of(link);

	return i >= 0 && links[i].look;
}

bool capture_link_find(uint16_t link, const uint8_t *bytes, size_t length,
		       struct capture_link *found)
{
	int i = index_of(link);

	*found = (struct capture_link){ 0 };
	return i >= 0 && links[i].look && links[i].look(bytes, length, links[i].at, found) &&
	       found->offset <= length;
}

void capture_link_resize(uint8_t *header, const struct capture_link *link, size_t packet)
{
	size_t size = link->offset - link->length_from + packet;

	if (!link->length_at)
		return;
	header[link->length_at + !link->length_little] = (uint8_t)size;
	header[link->length_at + link->length_little] = (uint8_t)(size >> 8);
}

void capture_link_without_fcs(uint8_t *header, const struct capture_link *link)
{
	if (link->fcs_at)
		header[link->fcs_at] &= (uint8_t)~0x10;
}
