/* SPDX-License-Identifier: MIT */
/*
 * The inside of the RTL8168D model, shared by the files beside.
 *
 * Locks, taken in this order: registers, then a transmit ring's, then receive. The transmit and
 * receive paths never take the registers lock (what they need of the registers is copied to them by
 * rtl_transmit_configure() and rtl_receive_configure()), and none is held while the interrupt line
 * changes, because the ISR reads registers. ISR and IMR are atomics and need no lock.
 */
#ifndef DEVICE_RTL8168_MODEL_H
#define DEVICE_RTL8168_MODEL_H

#include <netcx/lso.h>
#include <pthread.h>

#include "device/nic.h"
#include "device/rtl8168/registers.h"
#include "nt/timer.h"

#define RTL_MIN_FRAME     60 /* without CRC */
#define RTL_CRC_LENGTH    4
#define RTL_VLAN_TAG      4
#define RTL_TAGGED        16 /* MAC addresses and a VLAN tag */

#define RTL_MAX_FRAGMENTS 512 /* descriptors in one packet */
#define RTL_TX_FRAMES     64  /* handed to the wire in one call */
#define RTL_TX_IOVECS     2048
#define RTL_TX_CHAIN      1024                              /* descriptors waiting for the wire */
#define RTL_TX_SLAB       (RTL_TX_FRAMES * LSO_MAX_HEADERS) /* and stays in the first-level cache */
#define RTL_RX_SCRATCH    (RTL_RX_LENGTH + 1 + 65536 + LSO_MAX_HEADERS)
#define RTL_RSC_FLOWS     16                        /* coalesced at a time */
#define RTL_UNIT          (65536 + LSO_MAX_HEADERS) /* bytes of a packet */

/* Shared with the driver: only through __atomic on status, which hands the rest over. */
struct rtl_descriptor {
	uint16_t length;
	uint16_t status;
	uint16_t vlan;
	uint16_t offload; /* receive: the extended word */
	uint64_t address;
};

/* Where a ring stands. @base is a logical address. */
struct rtl_ring {
	uint64_t base;
	uint32_t next;
};

struct rtl_eeprom {
	uint16_t words[64];
	uint8_t lines;  /* CR9346 as last written */
	uint8_t clocks; /* rising edges since the start bit, that included */
	uint16_t shift_in;
	uint16_t shift_out;
	bool reading;
	bool data_out;
};

enum rtl_phy_step {
	RTL_PHY_SETTLED,
	RTL_PHY_LINK,       /* the link is about to come */
	RTL_PHY_COMPLETION, /* the partner's answers are */
};

struct rtl_phy {
	uint16_t pages[8][32];
	uint8_t page;
	uint8_t status; /* PhyStatus */
	enum rtl_phy_step step;
	bool cable;
};

/* The hardware's tally counters, 64 bits wide inside. Each has one writer at a time (a lock). */
#define RTL_TALLY(X)    \
	X(tx_ok)        \
	X(tx_error)     \
	X(rx_ok)        \
	X(rx_error)     \
	X(rx_missed)    \
	X(rx_physical)  \
	X(rx_broadcast) \
	X(rx_multicast)

struct rtl_tally {
	RTL_TALLY(COUNT_MEMBER)
};

struct rtl8168;

/*
 * One transmit ring, with the frames and descriptors that are on their way to the wire, filled
 * during one doorbell write. Everything from frames[] on is reset by each flush; packet[] and
 * segmenter live as long as one packet. Rings share nothing, so that each can have its processor.
 */
struct rtl_tx {
	pthread_mutex_t lock;
	struct rtl8168 *card;
	unsigned id;                     /* 0: the chip's own */
	struct device_counters counters; /* what it has sent; the receiver's are the card's */
	struct rtl_tally tally;          /* likewise */
	struct rtl_ring ring;
	bool enabled;
	bool link;
	bool moderated;
	uint32_t max_frame; /* MTPS in bytes, without CRC */

	struct iovec packet[RTL_MAX_FRAGMENTS + 2];
	uint8_t tagged[RTL_TAGGED]; /* its head, when a VLAN tag goes in */
	struct lso_segmenter segmenter;

	struct frame frames[RTL_TX_FRAMES];
	int frame_count;
	int iovec_count;
	int descriptor_count;
	int packet_count;
	size_t slab_used;
	struct iovec iovecs[RTL_TX_IOVECS];
	struct rtl_descriptor *descriptors[RTL_TX_CHAIN];
	uint16_t packet_descriptors[RTL_TX_CHAIN]; /* how many each packet has */
	uint8_t slab[RTL_TX_SLAB] __attribute__((aligned(64)));
} __attribute__((aligned(64)));

/*
 * A frame that was taken off the wire and has no descriptor yet, or a super-packet that is being
 * cut. It lies in rtl_rx.scratch.
 */
struct rtl_held {
	bool active;
	bool whole;     /* an ordinary frame; nothing below length counts */
	uint8_t queue;  /* that RSS chose */
	uint16_t match; /* receive status bits of the filter */
	size_t length;
	uint32_t left; /* segments */
	size_t room;   /* bytes a descriptor needs for the longest segment, CRC included */
	struct lso_layout layout;
	struct lso_segmenter segmenter;
};

/* The RSS engine's registers. */
struct rtl_rss {
	uint32_t control;
	uint32_t table[RTL_RSS_TABLE_WORDS];
	uint8_t key[RTL_RSS_KEY_LENGTH];
};

/* A packet that the coalescer has let go, whole, until there are descriptors for it. */
struct rtl_unit {
	size_t length;
	uint8_t queue;
	uint16_t match;
	uint32_t frames;
	uint64_t written_back; /* 0: a frame as it came */
	bool good;             /* its checksums are known to be */
	struct lso_layout layout;
	uint8_t *bytes;
};

/* One frame lets go of itself and what is held of its addresses, which may be all. */
#define RTL_UNITS (RTL_RSC_FLOWS + 1)

/* The coalescing engine. Its memory is the card's; NULL on a card without. */
struct rtl_rsc {
	uint32_t wanted; /* the control register */
	uint32_t active; /* what the coalescer was made with; 0: there is none */
	struct lso_coalescer *coalescer;
	uint8_t *memory;
	size_t size;
	struct rtl_unit units[RTL_UNITS];
	unsigned first, count; /* of units */
	uint8_t *segment;      /* of a super-packet of the wire's that is cut: RTL_UNIT bytes */
};

struct rtl_rx_queue {
	struct rtl_ring ring;
	bool half; /* of the address is to come: no ring yet */
	bool dry;  /* RDU was raised for this lack of descriptors */
};

struct rtl_rx {
	pthread_mutex_t lock;
	struct rtl_rx_queue queues[RTL_RX_QUEUES];
	bool enabled;
	struct rtl_rss rss;
	uint8_t mac[6];
	uint8_t multicast[8]; /* MAR0..7 */
	uint32_t rcr;
	uint16_t rms;
	uint16_t cpcr;
	bool moderated;
	struct rtl_held held;
	struct rtl_rsc rsc;
	uint8_t scratch[RTL_RX_SCRATCH] __attribute__((aligned(64)));
};

struct rtl8168 {
	struct device device;
	uint32_t extension; /* what RTL_EXTENSION reads; never changes */
	unsigned tx_rings;  /* 1, or what the extension says */
	/*
	 * Bits 0-15 ISR, then 8 each: receive queues 1 to 3, transmit rings 1 to 3. Written at each
	 * interrupt, so on no line of the cache with what each doorbell reads.
	 */
	_Alignas(64) _Atomic uint64_t isr;
	_Atomic uint64_t imr;   /* likewise */
	_Atomic int complaints; /* messages given so far, see rtl_complain() */

	_Alignas(64) pthread_mutex_t registers_lock;
	uint8_t registers[RTL_BAR_LENGTH]; /* ISR and IMR are not in here */
	uint8_t eri[RTL_BAR_LENGTH];       /* registers behind ERIAR */
	uint8_t halves[RTL_RX_QUEUES]; /* RTL_HALF_*: of a ring's address, half of which is new */
	struct rtl_eeprom eeprom;
	struct rtl_phy phy;
	struct nt_timer link_timer;
	uint64_t link_due;           /* when the PHY's next step is; 0: none to come */
	struct rtl_tally tally_base; /* what was there at the last clear */

	struct rtl_tally tally;          /* the receiver's part */
	struct device_counters counters; /* the receiver's part, and interrupts */
	struct rtl_rx rx;
	struct rtl_tx tx[RTL_TX_RINGS]; /* tx_rings of them are there */
};

/* capabilities.c */
extern const struct bus_config_word rtl_capabilities[];

extern const struct device_ops rtl8168_ops;
extern const struct device_ops rtl8168_ext_ops; /* with RTL_EXTENSION */

/* interrupt.c */

/* RTL_QUEUE_EVENT() - bits of ISRn, @queue 1 to 3, as they lie in rtl8168.isr */
#define RTL_QUEUE_EVENT(queue, bits) ((uint64_t)(bits) << (8 + 8 * (queue)))
/* RTL_RING_EVENT() - the same of transmit ring @ring, 1 to 3 */
#define RTL_RING_EVENT(ring, bits) RTL_QUEUE_EVENT(RTL_RX_QUEUES - 1 + (ring), bits)

/* rtl_raise() - latch bits in ISR (rtl8168.isr) and bring the line up to date. No lock may be held.
 */
void rtl_raise(struct rtl8168 *r, uint64_t bits);
/* rtl_is_interrupt_register() - is the byte at @at of ISR, IMR or a further queue's or ring's */
bool rtl_is_interrupt_register(const struct rtl8168 *r, unsigned at);
/* rtl_interrupt_read() / _write() - the bytes of the access that are such; the rest reads 0. The
 * caller updates the line. */
uint64_t rtl_interrupt_read(struct rtl8168 *r, unsigned at, unsigned width);
void rtl_interrupt_write(struct rtl8168 *r, unsigned at, unsigned width, uint64_t value);
/* rtl_line_update() - line level = (ISR & IMR) != 0, of any queue. No lock may be held. */
void rtl_line_update(struct rtl8168 *r);
/* rtl_line_settle() - the driver looks at ISR: lower a line that stands without a cause. */
void rtl_line_settle(struct rtl8168 *r);

/* dma.c */

/*
 * rtl_dma() - memory the device reaches by DMA
 * @what: for the report: "transmit buffer"
 * Return: never NULL; an address the device was never given ends the driver (bug check 0xE6).
 */
void *rtl_dma(struct rtl8168 *r, uint64_t logical, size_t length, const char *what);
/* rtl_descriptor() - entry @index of a ring */
struct rtl_descriptor *rtl_descriptor(struct rtl8168 *r, const struct rtl_ring *ring,
				      uint32_t index, const char *what);
/* rtl_complain() - tell the driver's author what is wrong; the first few times, then silence. */
void rtl_complain(struct rtl8168 *r, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* register_file.c: the bytes. Callers hold the registers lock. */

uint64_t rtl_file_get(const struct rtl8168 *r, unsigned offset, unsigned width);
void rtl_file_set(struct rtl8168 *r, unsigned offset, unsigned width, uint64_t value);
/* rtl_file_reset() - defaults; @power_on: also what a software reset leaves alone */
void rtl_file_reset(struct rtl8168 *r, bool power_on);

/* access.c: what reads and writes of registers do. */

uint64_t rtl_read(void *context, uint64_t offset, unsigned width);
void rtl_write(void *context, uint64_t offset, unsigned width, uint64_t value);
/* rtl_reset() - CmdReg RST, or power-on. Registers lock held; the caller updates the line. */
void rtl_reset(struct rtl8168 *r, bool power_on);

/* eeprom.c */

void rtl_eeprom_reset(struct rtl_eeprom *eeprom, const uint8_t mac[6]);
/* rtl_eeprom_write() - a value written to CR9346. Return: what CR9346 reads now. */
uint8_t rtl_eeprom_write(struct rtl_eeprom *eeprom, uint8_t lines);

/* phy.c: registers lock held. */

/* rtl_phy_reset() - power-on: the link is there, if a cable is */
void rtl_phy_reset(struct rtl_phy *phy);
/* rtl_phy_cable() - plugged in or out. Return: the link is negotiated anew, or lost. */
bool rtl_phy_cable(struct rtl_phy *phy, bool in);
/* rtl_phy_access() - PHYAR was written. Return: its value now; *@anew: the link is negotiated anew
 */
uint32_t rtl_phy_access(struct rtl_phy *phy, uint32_t phyar, bool *anew);
/* rtl_phy_advance() - the time of rtl_phy.step has come. Return: a link change for the MAC. */
bool rtl_phy_advance(struct rtl_phy *phy);

/* link.c */

/*
 * rtl_link_follow() - the PHY has changed: PhyStatus, the transmitter, the time of its next step
 * Registers lock held. Return: PhyStatus has changed.
 */
bool rtl_link_follow(struct rtl8168 *r);
void rtl_link_init(struct rtl8168 *r);
/* rtl_link_end() - no more steps; @wait: and none under way. Not with the registers lock then. */
void rtl_link_end(struct rtl8168 *r, bool wait);

/* tally.c: registers lock held. */

/* rtl_tally_command() - DTCCR's low half was written: dump and clear as it says. */
void rtl_tally_command(struct rtl8168 *r, uint64_t dtccr);

/* filter.c: receive lock held. */

/*
 * rtl_filter() - is a frame for us
 * @match: the descriptor's multicast, physical match or broadcast bit
 */
bool rtl_filter(const struct rtl_rx *rx, const uint8_t destination[6], uint16_t *match);

/* transmit.c */

/* rtl_transmit() - scan the ring and send what is owned. Takes the ring's lock, then raises. */
void rtl_transmit(struct rtl_tx *tx);
#define RTL_REWIND_TX ((1u << RTL_TX_RINGS) - 1)
/* rtl_transmit_configure() - take over the registers; returns when no DMA is under way under the
 * old ones. Registers lock held. @rewind: a bit for each ring that goes back to its base */
void rtl_transmit_configure(struct rtl8168 *r, unsigned rewind);
/* batch.c: the ring's lock held. */

/* Room for frames of one packet in the slab, a copy each. */
struct rtl_run {
	uint8_t *slab;        /* the first frame's place */
	size_t stride;        /* from frame to frame */
	int room;             /* so many at most */
	struct iovec *frames; /* to be filled */
};

/*
 * rtl_batch_slab() - @length bytes for headers, kept until the next flush
 * rtl_batch_room() - flush when one more frame of @iovecs and @headers bytes has no room
 * rtl_batch_push() - the next @iovecs entries (already filled in) are one frame
 * @meta: of a super-packet; NULL: an ordinary frame
 * rtl_batch_run() - room for at least one frame of at most @longest bytes; flushes when there is
 * none
 * @header: bytes in front of the payload, which is put on a cache line
 * rtl_batch_push_run() - @count frames of it are filled in; short ones are padded
 * rtl_batch_flush() - frames to the wire, their packets' descriptors back
 */
uint8_t *rtl_batch_slab(struct rtl_tx *tx, size_t length);
void rtl_batch_room(struct rtl_tx *tx, int iovecs, size_t headers);
void rtl_batch_push(struct rtl_tx *tx, int iovecs, const struct frame_meta *meta);
void rtl_batch_run(struct rtl_tx *tx, size_t header, size_t longest, struct rtl_run *run);
void rtl_batch_push_run(struct rtl_tx *tx, const struct rtl_run *run, int count);
void rtl_batch_flush(struct rtl_tx *tx);

/* rtl_iov_from() - @iov from byte @offset on, into @to. Return: entries. */
int rtl_iov_from(const struct iovec *iov, int count, size_t offset, struct iovec *to);
/* rtl_iov_copy() - the first @length bytes */
void rtl_iov_copy(const struct iovec *iov, int count, uint8_t *to, size_t length);

/* frame.c: the ring's lock held. */

/* One packet as its descriptors describe it. */
struct rtl_packet {
	struct iovec *iov; /* rtl_tx.packet, or 1 or 2 entries into it */
	int count;
	uint32_t length;
	uint16_t status, offload, vlan; /* of the first descriptor */
};

/*
 * rtl_frame_packet() - turn a packet into frames waiting for the wire
 * Return: NULL, or why it cannot be sent: a few words for rtl_complain().
 */
const char *rtl_frame_packet(struct rtl_tx *tx, struct rtl_packet *packet);

/* lso.c, checksum.c: the ring's lock held. Return as rtl_frame_packet(). */

const char *rtl_frame_large_send(struct rtl_tx *tx, const struct rtl_packet *packet,
				 unsigned inserted);
const char *rtl_frame_checksum(struct rtl_tx *tx, const struct rtl_packet *packet,
			       unsigned inserted);

/* receive.c */

int rtl_pump(struct device *device, int budget);
bool rtl_receive_ready(struct device *device);
#define RTL_HALF_LOW   1
#define RTL_HALF_HIGH  2
#define RTL_REWIND_ALL ((1u << RTL_RX_QUEUES) - 1)
/* rtl_receive_configure() - as rtl_transmit_configure(). @rewind: a bit for each queue */
void rtl_receive_configure(struct rtl8168 *r, unsigned rewind);

/* rss.c: pure. */

/*
 * rtl_rss_hash() - the Toeplitz hash of a frame
 * Return: the RTL_RSS_* bit of what is hashed of it; 0: the control word has no hash for such a
 * frame.
 */
unsigned rtl_rss_hash(const struct rtl_rss *rss, const uint8_t *frame, size_t length,
		      uint32_t *hash);
/* rtl_rss_queue() - the receive queue that a frame goes to; 0 for what is not hashed */
unsigned rtl_rss_queue(const struct rtl_rss *rss, const uint8_t *frame, size_t length);

/* rsc.c: receive lock held, but for the first two. */

/* rtl_rsc_init() - Return: false: out of memory. rtl_rsc_destroy() - also after that */
bool rtl_rsc_init(struct rtl8168 *r);
void rtl_rsc_destroy(struct rtl8168 *r);
/* rtl_rsc_on() - do frames go by the coalescer? Also as long as it holds some. */
bool rtl_rsc_on(const struct rtl_rx *rx);
/* rtl_rsc_is_stale() - the control register has changed: what is held has to go first */
bool rtl_rsc_is_stale(const struct rtl_rx *rx);
/* rtl_rsc_drop() - the receiver is off: what is held is lost */
void rtl_rsc_drop(struct rtl_rx *rx);
/*
 * rtl_rsc_frame() - a frame into the coalescer. While rx->rsc.count is 0
 * @trusted: its checksums are right
 */
void rtl_rsc_frame(struct rtl8168 *r, uint8_t *frame, size_t length, uint16_t match, unsigned queue,
		   bool trusted);
/* rtl_rsc_flush() - end the oldest packet that is held. Return: there was one. */
bool rtl_rsc_flush(struct rtl8168 *r);
/* rtl_rsc_next() - the packet that waits for descriptors; NULL: none */
struct rtl_unit *rtl_rsc_next(struct rtl_rx *rx);
void rtl_rsc_done(struct rtl_rx *rx);

/* deliver.c: receive lock held. */

/*
 * rtl_deliver() - a frame lies in a descriptor's buffer: finish it and give it to the driver
 * @length:   without CRC; the buffer has room for the padding and the CRC
 * @layout:   non-NULL: the frame's headers, and its checksums are known to be good
 */
void rtl_deliver(struct rtl8168 *r, struct rtl_rx_queue *queue, struct rtl_descriptor *d,
		 uint8_t *buffer, size_t length, uint16_t match, const struct lso_layout *layout);

/*
 * rtl_deliver_unit() - a coalesced packet into as many descriptors as it takes
 * Return: false: the ring has not so many now. *@fits: it will never have.
 */
bool rtl_deliver_unit(struct rtl8168 *r, struct rtl_rx_queue *queue, const struct rtl_unit *unit,
		      bool *fits);

#endif
