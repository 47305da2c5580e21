/* SPDX-License-Identifier: MIT */
/*
 * hw.h - the RTL8168D: registers, their bits, and descriptors, under the names of Realtek's
 * datasheet
 * ("RTL8168C(L)/RTL8168D registers", "descriptor format"). Offsets are bytes into the first memory
 * resource.
 */
#pragma once

#define RT_REGISTERS_LENGTH 0x100

/* Station address and multicast filter */
#define RT_IDR  0x00 /* ID registers 0-5: the station address; written while 93C46CR is unlocked */
#define RT_MAR7 0x08 /* multicast hash, 64 bits in two 32-bit registers */
#define RT_MAR3 0x0C

/* Tally counters: where to, 64 bits, and in the low ones what to do; reads 0 when done */
#define RT_DTCCR      0x10
#define RT_DTCCR_DUMP 0x00000008

/* Transmit */
#define RT_TNPDS             0x20 /* transmit normal priority descriptors: start address, 64 bits */
#define RT_CR                0x37 /* command */
#define RT_TPPOLL            0x38 /* transmit priority polling */
#define RT_TCR               0x40 /* transmit configuration */
#define RT_TDFNR             0x57 /* transmit descriptors fetched in one go */
#define RT_MTPS              0xEC /* maximum transmit packet size, in units of 128 bytes */

#define RT_CR_TE             0x04 /* transmitter enable */
#define RT_CR_RE             0x08 /* receiver enable */
#define RT_CR_RST            0x10 /* software reset, clears itself */

#define RT_TPPOLL_NPQ        0x40 /* packets wait in the normal priority ring */

#define RT_TCR_IFG_STANDARD  0x03000000 /* 96 bit times between frames, as IEEE 802.3 wants */
#define RT_TCR_DMA_UNLIMITED 0x00000700 /* transmit DMA burst */
#define RT_TCR_NO_RETRY      0x00000001 /* written by the vendor's drivers with the above */
#define RT_TCR_VERSION_MASK  0x7C800000
#define RT_TCR_VERSION_8168D 0x28000000

#define RT_TDFNR_DEFAULT     8
#define RT_MTPS_UNIT         128

/* Receive */
#define RT_RCR               0x44 /* receive configuration */
#define RT_RMS               0xDA /* receive packet maximum size */
#define RT_RDSAR             0xE4 /* receive descriptors: start address, 64 bits */

#define RT_RCR_AAP           0x00000001 /* accept all */
#define RT_RCR_APM           0x00000002 /* accept physical match */
#define RT_RCR_AM            0x00000004 /* accept multicast, by the hash */
#define RT_RCR_AB            0x00000008 /* accept broadcast */
#define RT_RCR_DMA_UNLIMITED 0x00000700

/* Interrupts */
#define RT_IMR          0x3C /* mask */
#define RT_ISR          0x3E /* status, write 1 to clear */

#define RT_INT_ROK      0x0001 /* frame received */
#define RT_INT_RER      0x0002 /* receive error */
#define RT_INT_TOK      0x0004 /* packet sent */
#define RT_INT_TER      0x0008 /* transmit error */
#define RT_INT_RDU      0x0010 /* receive descriptor unavailable */
#define RT_INT_LINKCHG  0x0020
#define RT_INT_GONE     0xFFFF /* what a device reads as that is not there any more */

#define RT_INT_RECEIVE  (RT_INT_ROK | RT_INT_RER | RT_INT_RDU)
#define RT_INT_TRANSMIT (RT_INT_TOK | RT_INT_TER)

/* Receive queues 1 to 3 have mask and status registers of 8 bits, not all in a row */
#define RT_IMR1              0x84
#define RT_IMR2              0x85
#define RT_IMR3              0xC0
#define RT_ISR1              0x86
#define RT_ISR2              0x87
#define RT_ISR3              0xC1

#define RT_QUEUE_INT_ROK     0x01
#define RT_QUEUE_INT_RDU     0x02
#define RT_QUEUE_INT_RECEIVE (RT_QUEUE_INT_ROK | RT_QUEUE_INT_RDU)

/* Receive side scaling: the table, and what is behind the extended registers' window */
#define RT_RX_QUEUES               4
#define RT_ERIDR                   0x70 /* data */
#define RT_ERIAR                   0x74 /* flag, bytes to write, address */
#define RT_RSS_TABLE               0x90 /* for each hash the low bit of its queue, then its high bit */

#define RT_ERIAR_FLAG              0x80000000 /* set: write; goes when the access is done */
#define RT_ERIAR_ALL_BYTES         0x0000F000

#define RT_ERI_RSS_KEY             0x90
#define RT_ERI_RSS_CONTROL         0xB8
#define RT_ERI_RDSAR1              0xD0 /* receive descriptors of queue 1: start address, 64 bits; so on */

#define RT_RSS_KEY_LENGTH          40
#define RT_RSS_ENTRIES             128
#define RT_RSS_TABLE_WORDS         8

#define RT_RSS_CONTROL_TCP_IPV4    0x00000001
#define RT_RSS_CONTROL_IPV4        0x00000002
#define RT_RSS_CONTROL_TCP_IPV6    0x00000004
#define RT_RSS_CONTROL_IPV6        0x00000008
#define RT_RSS_CONTROL_ENTRIES_128 0x00000700 /* bits of the hash that choose an entry: 7 */
#define RT_RSS_CONTROL_ENABLE      0x00010000

/* EEPROM: the pins of the serial 93C46 behind it, and the lock of the configuration registers */
#define RT_9346CR         0x50

#define RT_9346CR_EEDO    0x01 /* data out of the EEPROM */
#define RT_9346CR_EEDI    0x02 /* data into it */
#define RT_9346CR_EESK    0x04 /* clock */
#define RT_9346CR_EECS    0x08 /* chip select */
#define RT_9346CR_NORMAL  0x00
#define RT_9346CR_PROGRAM 0x80 /* the four bits above are the EEPROM's pins */
#define RT_9346CR_UNLOCK  0xC0 /* IDR and the CONFIG registers can be written */

/* Configuration 3; written while 93C46CR is unlocked */
#define RT_CONFIG3       0x54
#define RT_CONFIG3_MAGIC 0x20 /* wake by a magic packet */

/* PHY */
#define RT_PHYAR             0x60 /* PHY access: flag, register << 16, data */
#define RT_PHYSTATUS         0x6C

#define RT_PHYAR_FLAG        0x80000000 /* set: write; changes when the access is done */

#define RT_PHYSTATUS_FULLDUP 0x01
#define RT_PHYSTATUS_LINKSTS 0x02
#define RT_PHYSTATUS_10M     0x04
#define RT_PHYSTATUS_100M    0x08
#define RT_PHYSTATUS_1000MF  0x10

/* C+ mode command and interrupt moderation */
#define RT_CPCR               0xE0
#define RT_INTRMITIGATE_RX    0xE2
#define RT_INTRMITIGATE_TX    0xE3

#define RT_CPCR_RXCHKSUM      0x0020 /* receive checksum offload */
#define RT_CPCR_RXVLAN        0x0040 /* take 802.1Q tags out */

#define RT_INTRMITIGATE_RX_ON 0x30
#define RT_INTRMITIGATE_TX_ON 0x50

/* Without a name in the datasheet; the vendor's drivers set these bits on the 8168D. */
#define RT_VENDOR_D1      0xD1
#define RT_VENDOR_D1_BITS 0x82
#define RT_VENDOR_F3      0xF3
#define RT_VENDOR_F3_BITS 0x04

/* No chip of Realtek's has this: what netcx' model rtl8168-ext can do beyond them */
#define RT_EXTENSION                0xF8
#define RT_EXTENSION_SIGNATURE_MASK 0xFFFF0000
#define RT_EXTENSION_SIGNATURE      0x4E580000
#define RT_EXTENSION_USO            0x00000001         /* large sends of UDP */
#define RT_EXTENSION_HASH           0x00000002         /* received frames come with their hash */
#define RT_EXTENSION_RSC            0x00000004         /* receive segment coalescing */
#define RT_EXTENSION_TX_RINGS(e)    (((e) >> 8) & 0xF) /* transmit rings, or 0: one */
#define RT_EXTENSION_LENGTH         0x900              /* registers reach to there */

/* Transmit rings 1 to 3, with registers of their own: address, doorbell, interrupts of 8 bits */
#define RT_TX_RINGS          4
#define RT_TX_RING(n)        (0x800 + 0x10 * ((n)-1))
#define RT_TX_RING_POLL(n)   (RT_TX_RING(n) + 8)
#define RT_TX_RING_IMR(n)    (RT_TX_RING(n) + 9)
#define RT_TX_RING_ISR(n)    (RT_TX_RING(n) + 10)

#define RT_RING_INT_TOK      0x01
#define RT_RING_INT_TER      0x02
#define RT_RING_INT_TRANSMIT (RT_RING_INT_TOK | RT_RING_INT_TER)

/* Receive segment coalescing, with RT_EXTENSION_RSC: what is coalesced, 32 bits */
#define RT_RSC            0x880
#define RT_RSC_TCP_IPV4   0x00000001
#define RT_RSC_TCP_IPV6   0x00000002
#define RT_RSC_UDP_IPV4   0x00000004
#define RT_RSC_UDP_IPV6   0x00000008
#define RT_RSC_TIMESTAMPS 0x00000100 /* also segments with TCP's timestamp option */
#define RT_RSC_DUPLICATES 0x00000200 /* equal acknowledgments become one, and are counted */

/* PHY registers: IEEE 802.3 clause 22 */
#define RT_PHY_BMCR         0  /* basic mode control */
#define RT_PHY_ANAR         4  /* autonegotiation advertisement */
#define RT_PHY_GBCR         9  /* 1000BASE-T control */
#define RT_PHY_PAGE         31 /* register page */

#define RT_PHY_BMCR_RESET   0x8000
#define RT_PHY_BMCR_AUTONEG 0x1000
#define RT_PHY_BMCR_RESTART 0x0200
#define RT_PHY_ANAR_ALL     0x01E1 /* 10 and 100 Mbit/s, half and full duplex */
#define RT_PHY_GBCR_FULL    0x0200 /* 1000BASE-T full duplex */

/* Descriptors, transmit and receive: 16 bytes, little endian, rings aligned to 256 bytes */
#define RT_RING_ALIGNMENT FILE_256_BYTE_ALIGNMENT
#define RT_RING_MAXIMUM   1024

typedef struct _RT_DESCRIPTOR {
	USHORT Length;
	USHORT Status;
	USHORT Vlan;
	USHORT Offload;
	UINT64 Address;
} RT_DESCRIPTOR;
C_ASSERT(sizeof(RT_DESCRIPTOR) == 16);

/* Status, both kinds */
#define RT_DESC_OWN 0x8000 /* the device's */
#define RT_DESC_EOR 0x4000 /* end of ring */
#define RT_DESC_FS  0x2000 /* first of a packet */
#define RT_DESC_LS  0x1000 /* last of a packet */

/* Transmit, large send: protocol and offset of the TCP header in Status, segment size in Offload */
#define RT_TX_GTSENV4             0x0400
#define RT_TX_GTSENV6             0x0200
#define RT_TX_GTSEN_TCPHO_SHIFT   2
#define RT_TX_GTSEN_TCPHO_MAXIMUM 0x7F
#define RT_TX_MSS_SHIFT           2
#define RT_TX_MSS_MAXIMUM         0x3FFF
#define RT_TX_GTSEN_UDP           0x0001 /* Offload, with RT_EXTENSION_USO: cut UDP */

/* Transmit, checksums: Offload */
#define RT_TX_UDPCS         0x8000
#define RT_TX_TCPCS         0x4000
#define RT_TX_IPCS          0x2000
#define RT_TX_IPV6CS        0x1000 /* the packet is IPv6: TCPHO says where TCP or UDP begins */
#define RT_TX_TCPHO_SHIFT   2
#define RT_TX_TCPHO_MAXIMUM 0x3FF

/* Transmit, with either: Offload. The tag is in Vlan, as it goes over the wire. */
#define RT_TX_TAGC 0x0002

/* Receive */
#define RT_RX_LENGTH_MASK 0x3FFF /* Length: with the CRC */
#define RT_RX_CRC_LENGTH  4
#define RT_RX_CRC_ERROR   0x0008 /* Status */
#define RT_RX_UDPPKT      0x0004
#define RT_RX_TCPPKT      0x0002
#define RT_RX_IPF         0x0001 /* IPv4 header checksum failure */
#define RT_RX_IPV6        0x8000 /* Offload */
#define RT_RX_IPV4        0x4000
#define RT_RX_UDPF        0x0400
#define RT_RX_TCPF        0x0200
#define RT_RX_TAVA        0x0001 /* a tag was taken out; it is in Vlan, as it came over the wire */
#define RT_RX_COALESCED   0x0002 /* with RT_EXTENSION_RSC: Address has become what it was made of */

/* What Address of the last descriptor says then */
#define RT_RX_SEGMENTS(a)  ((USHORT)(a))
#define RT_RX_SIZE(a)      ((USHORT)((a) >> 16)) /* UDP: bytes of a segment; TCP: duplicate ACKs */
#define RT_RX_TIMESTAMP(a) ((ULONG)((a) >> 32))  /* TCP: how much it has grown */
