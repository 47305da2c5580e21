/* SPDX-License-Identifier: MIT */
/*
 * What becomes of one packet of a sending host's capture: cut into what its NIC sent, or given the
 * lengths and checksums that the NIC would have filled in.
 */
#ifndef SEGMENT_FRAME_H
#define SEGMENT_FRAME_H

#include <netcx/lso.h>
#include <stdbool.h>
#include <stdint.h>

#include "segment/flow.h"
#include "segment/tunnel.h"

enum segment_ecn { SEGMENT_ECN_FLOW, SEGMENT_ECN_CLASSIC, SEGMENT_ECN_ACCURATE };

/* Where sizes come from: the list, else TCP's handshakes, else mss and udp_mss, else mtu. */
struct segment_rules {
	uint32_t mtu;          /* bytes of the IP packet */
	bool mtu_told;         /* by the user; else TCP's size by it is a guess */
	uint32_t mss, udp_mss; /* payload bytes, 0: not told */
	const uint32_t *list;  /* payload bytes of each packet, 0: leave it alone; NULL: none */
	size_t list_length;
	struct flow_table *flows; /* NULL: connections are not followed */
	bool handshake;           /* their handshakes tell sizes */
	enum segment_ecn ecn;
	enum lso_ip_id ip_id; /* of the innermost packet; around it Linux' way */
	struct segment_tunnels tunnels;
	bool keep_small;
	bool all_checksums; /* one that is wrong in any way is finished */
	/*
	 * A NIC is behind this, not the wire: TCP packets of up to so many bytes are handed to it
	 * whole, and transport checksums are left to it. 0: there is none.
	 */
	size_t nic_room;
	uint32_t fcs; /* bytes of frame check sequence that the capture says frames end with */
};

enum segment_fate {
	FATE_CUT,
	FATE_WHOLE,   /* for the NIC to cut, to mss; finished but for that */
	FATE_PASSED,  /* nothing to cut; finished as a NIC does, or it was already */
	FATE_LISTED,  /* the list says 0 */
	FATE_PARTIAL, /* the capture has only its beginning */
	FATE_WRONG,   /* a checksum is wrong, and not as a sender leaves it to its NIC */
	FATE_LENGTH,  /* IP's or UDP's length is not the packet's */
	FATE_NO_END,  /* IP length 0 and zeros at its end, which may be padding */
	FATE_REFUSED, /* longer than it may be, but not to be segmented: see status */
	FATES
};

struct segment_result {
	enum segment_fate fate;
	enum lso_status status; /* why it was refused, or passed without a look at a checksum */
	enum segment_name name; /* what was refused, if it has a name; then the status may be OK */
	bool tunnelled;         /* cut inside a tunnel */
	bool finished;          /* passed with checksums that it lacked */
	bool left;              /* passed with a transport checksum that is the NIC's to finish */
	bool new_length;        /* passed with the IP length that it lacked */
	bool guessed;           /* cut to a size that nothing tells */
	bool udp;               /* guessed: else TCP */
	uint32_t mss;           /* cut to, or to be cut to */
	bool accurate_ecn;      /* all segments have its CWR */
	size_t end;             /* bytes up to the packet's end, headers included */
	size_t behind;          /* captured bytes, at the end, that are not to be written */
	struct lso_layout layout; /* of what was cut: in a tunnel the innermost packet */
};

/*
 * segment_begin() - decide over a frame
 * @frame:     changed in place when it passes and lacks checksums or lengths; what lies behind its
 *             IP packet is kept then, and is no payload when it is cut
 * @captured:  bytes that are there
 * @length:    bytes that it had
 * @index:     its number, from 0
 * @segmenter: ready to be used when the fate is FATE_CUT
 */
struct segment_result segment_begin(const struct segment_rules *rules, uint8_t *frame,
				    size_t captured, size_t length, uint64_t index,
				    struct iovec *iov, struct lso_segmenter *segmenter);

#endif
