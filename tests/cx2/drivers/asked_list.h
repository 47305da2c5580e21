/* SPDX-License-Identifier: MIT */
/*
 * Every question about a NETOFFLOAD: the function, and a callback whose NETOFFLOAD is another's.
 * _20 is of 2.0 alone, with its preview headers, _25 of later versions alone; ASKED_OLD is of both,
 * but only 2.0 may ask it.
 */
/* clang-format off */
ASKED_OLD(NetOffloadIsChecksumIPv4Enabled, PointSetRsc)
ASKED_OLD(NetOffloadIsChecksumTcpEnabled, PointSetRsc)
ASKED_OLD(NetOffloadIsChecksumUdpEnabled, PointSetRsc)
ASKED(NetOffloadIsLsoIPv4Enabled, PointSetRsc)
ASKED(NetOffloadIsLsoIPv6Enabled, PointSetRsc)
ASKED_20(NetOffloadIsRscIPv4Enabled, PointSetGso)
ASKED_20(NetOffloadIsRscIPv6Enabled, PointSetGso)
ASKED_20(NetOffloadIsRscTimestampEnabled, PointSetGso)
ASKED_25(NetOffloadIsRscTcpTimestampOptionEnabled, PointSetGso)
ASKED_25(NetOffloadIsRxChecksumIPv4Enabled, PointSetRsc)
ASKED_25(NetOffloadIsRxChecksumTcpEnabled, PointSetRsc)
ASKED_25(NetOffloadIsRxChecksumUdpEnabled, PointSetRsc)
ASKED_25(NetOffloadIsTcpRscIPv4Enabled, PointSetGso)
ASKED_25(NetOffloadIsTcpRscIPv6Enabled, PointSetGso)
ASKED_25(NetOffloadIsTxChecksumIPv4Enabled, PointSetRsc)
ASKED_25(NetOffloadIsTxChecksumTcpEnabled, PointSetRsc)
ASKED_25(NetOffloadIsTxChecksumUdpEnabled, PointSetRsc)
ASKED_25(NetOffloadIsUdpRscEnabled, PointSetGso)
ASKED_25(NetOffloadIsUsoIPv4Enabled, PointSetRsc)
ASKED_25(NetOffloadIsUsoIPv6Enabled, PointSetRsc)
/* clang-format on */
