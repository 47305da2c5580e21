/* SPDX-License-Identifier: MIT */
/* The rules that a case can find broken, by the names that reports give them. */
#ifndef TEST_RULES_H
#define TEST_RULES_H

/* A name, and what it demands: a sentence without its full stop. */
#define TEST_RULES(X)                                                                              \
	X(DriverStarts, "the driver comes up with these keywords, and its link too")               \
	X(DriverStops, "the driver comes down: all is returned and nothing left behind")           \
	X(NothingIsLeft, "a driver frees what it has allocated before it is unloaded")             \
	X(DriverLives, "a driver does not crash")                                                  \
	X(CallbackReturns, "a callback returns")                                                   \
	X(MemoryIsRight, "no sanitizer finds a fault")                                             \
	X(PacketsAreSent, "each packet reaches the wire, once and in order")                       \
	X(SegmentCount, "a large send becomes ceil(payload / MSS) segments")                       \
	X(SegmentSize, "each segment but the last has MSS bytes of payload, the last the rest")    \
	X(LinkHeader, "addresses, tag and EtherType are repeated on each segment")                 \
	X(IpHeader, "what counts no bytes and no packets in the IP header is repeated as it was")  \
	X(IpLength, "each packet's IP length is its own")                                          \
	X(IpIdentification,                                                                        \
	  "identifications count up by one from the packet's, TCP's of large sends in 15 bits")    \
	X(Ipv4Checksum, "each packet's IPv4 header checksum is its own")                           \
	X(IpOptions, "IP options and extension headers are repeated on each segment")              \
	X(TcpHeader, "ports, acknowledgement, window and urgent pointer are repeated")             \
	X(TcpSequence, "each segment's sequence number is that of its first byte, mod 2^32")       \
	X(TcpFlags, "FIN and PSH are on the last segment alone, CWR on the first, others on each") \
	X(TcpOptions, "TCP options are repeated on each segment")                                  \
	X(TcpChecksum, "each packet's TCP checksum is right")                                      \
	X(UdpHeader, "UDP's ports are repeated on each segment")                                   \
	X(UdpLength, "each segment's UDP length is its own")                                       \
	X(UdpChecksum, "each packet's UDP checksum is right, and 0 is sent as all ones")           \
	X(Payload, "payload arrives as it was sent")                                               \
	X(Padding, "what follows a short packet is zero, to 60 bytes")                             \
	X(ChecksumsAreLeftAlone, "what the driver was not asked to sum leaves as it was")          \
	X(OffloadLimits, "a driver is given no more than it has declared")                         \
	X(SleepIsQuiet, "in a low power state a device raises no interrupt and moves no data")     \
	X(WakeIsArmed,                                                                             \
	  "a device is armed for wake-up when something is to wake it, and only then")             \
	X(ComesBack, "after a sleep, a restart or a change all goes on as it was")                 \
	X(LinkIsReported, "a cable that is pulled or put in is a link that is lost or made")       \
	X(RemovalIsSurvived, "a driver whose hardware is gone comes to its end")                   \
	X(FailureIsSurvived,                                                                       \
	  "a start that fails comes to its end, another one works, and so does one that succeeds") \
	X(SwitchedOffIsOff,                                                                        \
	  "a driver that was told off leaves large sends, checksums and received segments alone")  \
	X(FramesArrive, "each frame arrives, once, in order and whole")                            \
	X(FilterIsKept, "frames that the stack has not asked for do not arrive, others do")        \
	X(ChecksumVerdict,                                                                         \
	  "a received checksum is called valid only when it is, bad only when it is")              \
	X(RscAllowed, "segments are coalesced only where NDIS allows it")                          \
	X(RscContent,                                                                              \
	  "a coalesced packet has the first segment's headers, the last one's news, all payload")  \
	X(RscCount,                                                                                \
	  "a coalesced packet says of how many segments and acknowledgements, of what time it is") \
	X(RscIsDone, "with receive coalescing on, segments that come in at once are coalesced")    \
	X(HashValue, "a hash is Toeplitz' of the addresses and ports that it is said to be of")    \
	X(HashQueue, "a frame comes on the queue that its hash has in the indirection table")      \
	X(NotificationIsKept,                                                                      \
	  "what comes between the last EvtPacketQueueAdvance and its notification is not lost")    \
	X(BuffersComeBack, "after EvtPacketQueueCancel all packets and buffers come back")

#define TEST_RULE_ENUM(name, text) RULE_##name,
enum test_rule { TEST_RULES(TEST_RULE_ENUM) TEST_RULE_COUNT };

/* rule_name(), rule_text() - "SegmentCount", and its sentence. Static storage. */
const char *rule_name(enum test_rule rule);
const char *rule_text(enum test_rule rule);

#endif
