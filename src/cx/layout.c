/* SPDX-License-Identifier: MIT */
#include "cx/layout.h"

#include <netinet/in.h>

/* 9 bits, as in NET_PACKET_LAYOUT: a longer chain of extension headers stays unspecified. */
#define LAYER3_LENGTH_MAX 0x1FFu
#define LAYER2_LENGTH_MAX 0x7Fu

static uint8_t layer3_of(const struct lso_layout *parsed)
{
	if (parsed->ip_version == 4)
		return parsed->ip_options ? CX_LAYER3_IPV4_OPTIONS : CX_LAYER3_IPV4;
	return parsed->ip_options ? CX_LAYER3_IPV6_EXTENSIONS : CX_LAYER3_IPV6;
}

static void set_layer4(struct cx_layout *layout, const struct lso_layout *parsed, bool transport)
{
	if (parsed->ip_fragment) {
		layout->layer4 = CX_LAYER4_FRAGMENT;
	} else if (!transport) {
		layout->layer4 = CX_LAYER4_NOT_FRAGMENT;
	} else {
		layout->layer4 = parsed->l4_protocol == IPPROTO_TCP ? CX_LAYER4_TCP : CX_LAYER4_UDP;
		layout->layer4_length = (uint8_t)(parsed->payload_offset - parsed->l4_offset);
	}
}

/*
 * The lengths are exact or absent: for the link layer with its tags, for IP with its options or
 * extension headers, for TCP with its options. A Windows release that got these wrong for LSO made
 * drivers fail their certification.
 */
struct cx_layout cx_layout_of(const struct lso_layout *parsed, bool transport)
{
	unsigned l3_length = parsed->l4_offset - parsed->l3_offset;
	struct cx_layout layout = { 0 };

	if (!parsed->l3_offset || parsed->l3_offset > LAYER2_LENGTH_MAX)
		return layout;
	layout.layer2 = CX_LAYER2_ETHERNET;
	layout.layer2_length = (uint8_t)parsed->l3_offset;
	if (!parsed->ip_version || !parsed->l4_offset || l3_length > LAYER3_LENGTH_MAX)
		return layout;
	layout.layer3 = layer3_of(parsed);
	layout.layer3_length = (uint16_t)l3_length;
	set_layer4(&layout, parsed, transport);
	return layout;
}
