/* SPDX-License-Identifier: MIT */
/*
 * The RTL8168D's registers and bits, by the names public drivers give them. Offsets are bytes
 * from the start of the memory BAR.
 */
#ifndef DEVICE_RTL8168_REGISTERS_H
#define DEVICE_RTL8168_REGISTERS_H

#define RTL_BAR           2 /* the memory one; BAR 0 is for I/O ports, which we have not */
#define RTL_BAR_LENGTH    0x1000

#define RTL_CONFIG3_MAGIC 0x20 /* a magic packet wakes the system */

enum rtl_register {
	RTL_ID = 0x00,     /* 6 bytes: MAC address */
	RTL_MAR = 0x08,    /* 8 bytes: multicast hash, last byte first */
	RTL_DTCCR = 0x10,  /* 32 + 32: tally dump address and command */
	RTL_TNPDS = 0x20,  /* 32 + 32: transmit ring */
	RTL_CMD = 0x37,    /* 8 */
	RTL_TPPOLL = 0x38, /* 8 */
	RTL_IMR = 0x3C,    /* 16 */
	RTL_ISR = 0x3E,    /* 16 */
	RTL_TCR = 0x40,    /* 32 */
	RTL_RCR = 0x44,    /* 32 */
	RTL_CR9346 = 0x50, /* 8 */
	RTL_CONFIG0 = 0x51,
	RTL_CONFIG3 = 0x54, /* wake-up events */
	RTL_CONFIG4 = 0x55, /* the last that CR9346 locks */
	RTL_PHYAR = 0x60,   /* 32 */
	RTL_PHYSTATUS = 0x6C,
	RTL_ERIDR = 0x70, /* 32: data */
	RTL_ERIAR = 0x74, /* 32: access */
	RTL_IMR1 = 0x84,  /* 8 each: of the receive queues 1 to 3 */
	RTL_IMR2 = 0x85,
	RTL_ISR1 = 0x86,
	RTL_ISR2 = 0x87,
	RTL_RSS_TABLE = 0x90, /* 8 x 32: indirection table */
	RTL_IMR3 = 0xC0,
	RTL_ISR3 = 0xC1,
	RTL_RMS = 0xDA,         /* 16 */
	RTL_CPCR = 0xE0,        /* 16 */
	RTL_MODERATE_RX = 0xE2, /* 8 each: interrupt moderation timers, 0: none */
	RTL_MODERATE_TX = 0xE3,
	RTL_RDSAR = 0xE4,     /* 32 + 32: receive ring */
	RTL_MTPS = 0xEC,      /* 8 */
	RTL_EXTENSION = 0xF8, /* 32, read-only: below */

	/* Of rtl8168-ext: behind the 256 bytes that the chip has, so in nobody's way. */
	RTL_EXTENSION_PAGE = 0x800,
	RTL_EXTENSION_PAGE_END = 0x900,
	RTL_TX_RING1 = 0x800, /* of transmit rings 1 to 3, 16 bytes each: below */
	RTL_RSC = 0x880,      /* 32: receive segment coalescing: below */
};

/* Behind ERIAR. */
enum rtl_eri {
	RTL_ERI_RSS_KEY = 0x90,     /* 40 bytes, in their order */
	RTL_ERI_RSS_CONTROL = 0xB8, /* 32 */
	RTL_ERI_RDSAR1 = 0xD0,      /* 32 + 32; those of queues 2 and 3 follow */
};

enum rtl_cmd {
	RTL_CMD_TE = 0x04,
	RTL_CMD_RE = 0x08,
	RTL_CMD_RST = 0x10,
	RTL_CMD_STOP = 0x80,
};

enum rtl_tppoll {
	RTL_TPPOLL_SWINT = 0x01,
	RTL_TPPOLL_NPQ = 0x40,
};

/* ISR0 and IMR0. */
enum rtl_interrupt {
	RTL_ROK = 0x0001,
	RTL_RER = 0x0002,
	RTL_TOK = 0x0004,
	RTL_TER = 0x0008,
	RTL_RDU = 0x0010,
	RTL_LINK_CHG = 0x0020,
	RTL_TDU = 0x0080,
	RTL_SWINT = 0x0100,
};

/* ISR1 to ISR3 and their masks. */
enum rtl_queue_interrupt {
	RTL_QUEUE_ROK = 0x01,
	RTL_QUEUE_RDU = 0x02,
};

/* The RSS control word. */
enum rtl_rss_control {
	RTL_RSS_TCP_IPV4 = 0x0001,
	RTL_RSS_IPV4 = 0x0002,
	RTL_RSS_TCP_IPV6 = 0x0004,
	RTL_RSS_IPV6 = 0x0008,
	RTL_RSS_ENABLE = 0x10000, /* several processors */
};

#define RTL_RSS_HASH_BITS(control) ((control) >> 8 & 7) /* that the table is indexed by */
#define RTL_RSS_KEY_LENGTH         40
#define RTL_RSS_TABLE_WORDS        8
#define RTL_RX_QUEUES              4

/*
 * The model rtl8168-ext: what no chip of Realtek's has, in bits that are free on the 8168D. On
 * rtl8168 the register reads 0. A driver looks for the signature, since other chips may have
 * something else there.
 *
 * UDP segmentation: a large send whose offload word has bit 0 set on each of its descriptors. All
 * else is as for TCP: IP version and transport header's offset in the status word, MSS in the
 * offload word. The UDP length and all checksums of a segment are the chip's to write.
 */
#define RTL_EXTENSION_SIGNATURE 0x4E580000u
#define RTL_EXTENSION_USO       0x00000001u

/*
 * The hash of a received frame: while RSS is on, a descriptor comes back with the 32 bits of it in
 * the low half of its address word, and in the high half the RTL_RSS_* bit of what was hashed, 0
 * for a frame that has none. A driver writes the address anew when it posts the descriptor. As
 * Intel's 82599 writes back; Realtek's RTL8125 has a longer descriptor for it.
 */
#define RTL_EXTENSION_HASH 0x00000002u

/*
 * Several transmit rings: the number of all of them is in bits 8 to 11, 0 on a card with one. Ring
 * 0 is the chip's own (TNPDS, TPPoll, TOK and TER of ISR). The others are like it, each with its
 * registers in one place, so that two processors never write to the same one:
 *
 *	+0	address of the ring, 64 bits, aligned to 256 bytes; 0: there is none. Writing it
 *		puts the ring back to its first descriptor.
 *	+8	doorbell, 8 bits: any value makes the chip look at the ring. Reads 0.
 *	+9	interrupt mask, 8 bits: RTL_RING_TOK, RTL_RING_TER
 *	+10	interrupt status, 8 bits, write 1 to clear
 *
 * Frames of one ring leave in order; between rings there is none, nor a priority. TE of the command
 * register, MTPS and the moderation timer are for all. A real RTL8125 has two rings and no such
 * registers.
 */
#define RTL_EXTENSION_TX_RINGS(n) ((uint32_t)(n) << 8)
#define RTL_TX_RINGS              4
#define RTL_TX_RING(n)            (RTL_TX_RING1 + 0x10u * ((n)-1))
#define RTL_TX_RING_DOORBELL      8
#define RTL_TX_RING_IMR           9
#define RTL_TX_RING_ISR           10

#define RTL_RING_TOK              0x01
#define RTL_RING_TER              0x02

/*
 * Receive segment coalescing: what the control register has the bits of is made super-packets of,
 * as NDIS' RSC has it, while the frames come without a pause: nothing is held once the wire has no
 * more. A packet that was coalesced takes several descriptors: one for its headers, which has FS,
 *as many as it needs for the payload, the last of which has LS and all that is said of it. The
 *length is that of the descriptor's part, with the CRC in the last. The first one's address word is
 * written back as that of any frame (RTL_EXTENSION_HASH). The last one has RTL_RX_COALESCED in the
 * extended word, and in the address word:
 *
 *	bits 0-15	segments with payload; 1 of acknowledgments alone
 *	bits 16-31	TCP: duplicate acknowledgments; UDP: payload bytes of a segment
 *	bits 32-63	TCP: how much the timestamp has grown from the first to the last segment
 *
 * Without RTL_RSC_DUPLICATES acknowledgments that are equal stay apart, as Windows wants it.
 */
#define RTL_EXTENSION_RSC    0x00000004u

#define RTL_RSC_TCP4         0x00000001u
#define RTL_RSC_TCP6         0x00000002u
#define RTL_RSC_UDP4         0x00000004u
#define RTL_RSC_UDP6         0x00000008u
#define RTL_RSC_PROTOCOLS    0x0000000Fu
#define RTL_RSC_TIMESTAMPS   0x00000100u /* also segments with the timestamp option */
#define RTL_RSC_DUPLICATES   0x00000200u /* TCP: equal acknowledgments are one, and counted */
#define RTL_RSC_BITS         0x0000030Fu

#define RTL_RSC_SEGMENTS(a)  ((uint16_t)(a))
#define RTL_RSC_SIZE(a)      ((uint16_t)((a) >> 16))
#define RTL_RSC_TIMESTAMP(a) ((uint32_t)((a) >> 32))

#define RTL_TCR_READ_ONLY    0x7CF00000u /* chip version 7C800000 and revision 700000 */
#define RTL_TCR_VERSION      0x28000000u /* 8168D, revision 0 */

enum rtl_rcr {
	RTL_RCR_ALL = 0x01,
	RTL_RCR_PHYSICAL = 0x02,
	RTL_RCR_MULTICAST = 0x04,
	RTL_RCR_BROADCAST = 0x08,
};

enum rtl_cr9346 {
	RTL_EEDO = 0x01,
	RTL_EEDI = 0x02,
	RTL_EESK = 0x04,
	RTL_EECS = 0x08,
	RTL_EEM_MASK = 0xC0,
	RTL_EEM_PROGRAM = 0x80,
	RTL_EEM_UNLOCK = 0xC0,
};

enum rtl_phystatus {
	RTL_PHYSTATUS_FULL = 0x01,
	RTL_PHYSTATUS_LINK = 0x02,
	RTL_PHYSTATUS_10 = 0x04,
	RTL_PHYSTATUS_100 = 0x08,
	RTL_PHYSTATUS_1000 = 0x10,
};

enum rtl_cpcr {
	RTL_CPCR_RX_CHECKSUM = 0x20,
	RTL_CPCR_RX_VLAN = 0x40,
};

#define RTL_DTCCR_CLEAR  0x01u
#define RTL_DTCCR_DUMP   0x08u
#define RTL_ACCESS_FLAG  0x80000000u /* of PHYAR and ERIAR */

#define RTL_MTPS_UNIT    128  /* bytes */
#define RTL_MTPS_DEFAULT 0x3B /* after reset: 7.5 KB */
#define RTL_RMS_DEFAULT  0x3FFF

/* Status word of both kinds of descriptor. */
#define RTL_OWN 0x8000
#define RTL_EOR 0x4000
#define RTL_FS  0x2000
#define RTL_LS  0x1000

/* Transmit, status word of a large send; the transport header's offset is in bits 8..2. */
#define RTL_TX_LSO_IPV4   0x0400
#define RTL_TX_LSO_IPV6   0x0200
#define RTL_TX_LSO_L4(s)  (((s) >> 2) & 0x7F)
#define RTL_TX_LSO_FIELDS 0x07FC
#define RTL_TX_LSO_MSS(o) (((o) >> 2) & 0x3FFF)
#define RTL_TX_LSO_UDP    0x0001 /* offload word, of rtl8168-ext: cut UDP */

/* Transmit, offload word without large send; for IPv6 the transport header's offset, bits 11..2. */
#define RTL_TX_UDP_SUM   0x8000
#define RTL_TX_TCP_SUM   0x4000
#define RTL_TX_IPV4_SUM  0x2000
#define RTL_TX_IPV6      0x1000
#define RTL_TX_SUM_L4(o) (((o) >> 2) & 0x3FF)
#define RTL_TX_VLAN      0x0002 /* insert the tag in the VLAN word (there in network order) */

/* Receive, length word. */
#define RTL_RX_LENGTH 0x3FFF

/* Receive, status word. */
#define RTL_RX_MULTICAST 0x0800
#define RTL_RX_PHYSICAL  0x0400
#define RTL_RX_BROADCAST 0x0200
#define RTL_RX_UDP       0x0004
#define RTL_RX_TCP       0x0002
#define RTL_RX_IP_FAIL   0x0001

/* Receive, extended word of the 8168D. */
#define RTL_RX_IPV6      0x8000
#define RTL_RX_IPV4      0x4000
#define RTL_RX_UDP_FAIL  0x0400
#define RTL_RX_TCP_FAIL  0x0200
#define RTL_RX_VLAN      0x0001 /* a tag was taken out; it is in the VLAN word */
#define RTL_RX_COALESCED 0x0002 /* of rtl8168-ext */

#endif
