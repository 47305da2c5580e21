/* SPDX-License-Identifier: MIT */
/*
 * ndisoffload.h - task offload: what NDIS is told an adapter does (NDIS_OFFLOAD, up to revision 8)
 * and what it asks an adapter to do (NDIS_OFFLOAD_PARAMETERS). Field order: public ntddndis pages.
 * Part of ndis.h.
 */
#ifndef NETCX_NDISOFFLOAD_H
#define NETCX_NDISOFFLOAD_H

#include <parts/ndisobject.h>
#include <parts/ndisversion.h>

/* Which framing an offload works on: the Encapsulation fields */
#define NDIS_ENCAPSULATION_NOT_SUPPORTED             0x00000000
#define NDIS_ENCAPSULATION_NULL                      0x00000001
#define NDIS_ENCAPSULATION_IEEE_802_3                0x00000002
#define NDIS_ENCAPSULATION_IEEE_802_3_P_AND_Q        0x00000004
#define NDIS_ENCAPSULATION_IEEE_802_3_P_AND_Q_IN_OOB 0x00000008
#define NDIS_ENCAPSULATION_IEEE_LLC_SNAP_ROUTED      0x00000010

#define NDIS_OFFLOAD_NOT_SUPPORTED                   0
#define NDIS_OFFLOAD_SUPPORTED                       1
#define NDIS_OFFLOAD_SET_NO_CHANGE                   0
#define NDIS_OFFLOAD_SET_ON                          1
#define NDIS_OFFLOAD_SET_OFF                         2

/* MAC, IP and TCP headers of a large send, options included, fit in this many bytes. */
#define NDIS_LARGE_SEND_OFFLOAD_MAX_HEADER_LENGTH 128

typedef struct _NDIS_TCP_IP_CHECKSUM_OFFLOAD {
	struct {
		ULONG Encapsulation;
		ULONG IpOptionsSupported : 2;
		ULONG TcpOptionsSupported : 2;
		ULONG TcpChecksum : 2;
		ULONG UdpChecksum : 2;
		ULONG IpChecksum : 2;
	} IPv4Transmit, IPv4Receive;
	struct {
		ULONG Encapsulation;
		ULONG IpExtensionHeadersSupported : 2;
		ULONG TcpOptionsSupported : 2;
		ULONG TcpChecksum : 2;
		ULONG UdpChecksum : 2;
	} IPv6Transmit, IPv6Receive;
} NDIS_TCP_IP_CHECKSUM_OFFLOAD, *PNDIS_TCP_IP_CHECKSUM_OFFLOAD;

typedef struct _NDIS_TCP_LARGE_SEND_OFFLOAD_V1 {
	struct {
		ULONG Encapsulation;
		ULONG MaxOffLoadSize; /* bytes of TCP payload */
		ULONG MinSegmentCount;
		ULONG TcpOptions : 2;
		ULONG IpOptions : 2;
	} IPv4;
} NDIS_TCP_LARGE_SEND_OFFLOAD_V1, *PNDIS_TCP_LARGE_SEND_OFFLOAD_V1;

typedef struct _NDIS_TCP_LARGE_SEND_OFFLOAD_V2 {
	struct {
		ULONG Encapsulation;
		ULONG MaxOffLoadSize;
		ULONG MinSegmentCount;
	} IPv4;
	struct {
		ULONG Encapsulation;
		ULONG MaxOffLoadSize;
		ULONG MinSegmentCount;
		ULONG IpExtensionHeadersSupported : 2;
		ULONG TcpOptionsSupported : 2;
	} IPv6;
} NDIS_TCP_LARGE_SEND_OFFLOAD_V2, *PNDIS_TCP_LARGE_SEND_OFFLOAD_V2;

typedef struct _NDIS_IPSEC_OFFLOAD_V1 {
	struct {
		ULONG Encapsulation;
		ULONG AhEspCombined;
		ULONG TransportTunnelCombined;
		ULONG IPv4Options;
		ULONG Flags;
	} Supported;
	struct {
		ULONG Md5 : 2;
		ULONG Sha_1 : 2;
		ULONG Transport : 2;
		ULONG Tunnel : 2;
		ULONG Send : 2;
		ULONG Receive : 2;
	} IPv4AH;
	struct {
		ULONG Des : 2;
		ULONG Reserved : 2;
		ULONG TripleDes : 2;
		ULONG NullEsp : 2;
		ULONG Transport : 2;
		ULONG Tunnel : 2;
		ULONG Send : 2;
		ULONG Receive : 2;
	} IPv4ESP;
} NDIS_IPSEC_OFFLOAD_V1, *PNDIS_IPSEC_OFFLOAD_V1;

typedef struct _NDIS_IPSEC_OFFLOAD_V2 {
	ULONG Encapsulation;
	BOOLEAN IPv6Supported;
	BOOLEAN IPv4Options;
	BOOLEAN IPv6NonIPsecExtensionHeaders;
	BOOLEAN Ah;
	BOOLEAN Esp;
	BOOLEAN AhEspCombined;
	BOOLEAN Transport;
	BOOLEAN Tunnel;
	BOOLEAN TransportTunnelCombined;
	BOOLEAN LsoSupported;
	BOOLEAN ExtendedSequenceNumbers;
	ULONG UdpEsp;
	ULONG AuthenticationAlgorithms;
	ULONG EncryptionAlgorithms;
	ULONG SaOffloadCapacity;
} NDIS_IPSEC_OFFLOAD_V2, *PNDIS_IPSEC_OFFLOAD_V2;

typedef struct _NDIS_TCP_RECV_SEG_COALESCE_OFFLOAD {
	struct {
		BOOLEAN Enabled;
	} IPv4, IPv6;
} NDIS_TCP_RECV_SEG_COALESCE_OFFLOAD, *PNDIS_TCP_RECV_SEG_COALESCE_OFFLOAD;

typedef struct _NDIS_ENCAPSULATED_PACKET_TASK_OFFLOAD {
	ULONG TransmitChecksumOffloadSupported : 4;
	ULONG ReceiveChecksumOffloadSupported : 4;
	ULONG LsoV2Supported : 4;
	ULONG RssSupported : 4;
	ULONG VmqSupported : 4;
#if NDIS_SUPPORT_NDIS685
	ULONG UsoSupported : 4;
	ULONG Reserved : 8;
#endif
	ULONG MaxHeaderSizeSupported;
} NDIS_ENCAPSULATED_PACKET_TASK_OFFLOAD, *PNDIS_ENCAPSULATED_PACKET_TASK_OFFLOAD;

typedef struct _NDIS_ENCAPSULATED_PACKET_TASK_OFFLOAD_V2 {
	ULONG TransmitChecksumOffloadSupported : 4;
	ULONG ReceiveChecksumOffloadSupported : 4;
	ULONG LsoV2Supported : 4;
	ULONG RssSupported : 4;
	ULONG VmqSupported : 4;
#if NDIS_SUPPORT_NDIS685
	ULONG UsoSupported : 4;
	ULONG Reserved : 8;
#else
	ULONG Reserved : 12;
#endif
	ULONG MaxHeaderSizeSupported;
	union _ENCAPSULATION_PROTOCOL_INFO {
		struct _VXLAN_INFO {
			USHORT VxlanUDPPortNumber;
			USHORT VxlanUDPPortNumberConfigurable : 1;
		} VxlanInfo;
		ULONG Value;
	} EncapsulationProtocolInfo;
	ULONG Reserved1;
	ULONG Reserved2;
} NDIS_ENCAPSULATED_PACKET_TASK_OFFLOAD_V2, *PNDIS_ENCAPSULATED_PACKET_TASK_OFFLOAD_V2;

typedef enum _NDIS_RFC6877_464XLAT_OFFLOAD_OPTIONS NETCX_INT_ENUM {
	NDIS_RFC6877_464XLAT_OFFLOAD_NOT_SUPPORTED = 0,
	NDIS_RFC6877_464XLAT_OFFLOAD_DISABLED,
	NDIS_RFC6877_464XLAT_OFFLOAD_ENABLED,
	NDIS_RFC6877_464XLAT_OFFLOAD_ON_DEMAND
} NDIS_RFC6877_464XLAT_OFFLOAD_OPTIONS;

typedef struct _NDIS_RFC6877_464XLAT_OFFLOAD {
	NDIS_RFC6877_464XLAT_OFFLOAD_OPTIONS XlatOffload;
	ULONG Flags;
} NDIS_RFC6877_464XLAT_OFFLOAD, *PNDIS_RFC6877_464XLAT_OFFLOAD;

#if NDIS_SUPPORT_NDIS683
typedef struct _NDIS_UDP_SEGMENTATION_OFFLOAD {
	struct {
		ULONG Encapsulation;
		ULONG MaxOffLoadSize; /* bytes of UDP payload */
		ULONG MinSegmentCount : 6;
#if NDIS_SUPPORT_NDIS684
		ULONG SubMssFinalSegmentSupported : 1;
		ULONG Reserved : 25;
#else
		ULONG Reserved : 26;
#endif
	} IPv4;
	struct {
		ULONG Encapsulation;
		ULONG MaxOffLoadSize;
		ULONG MinSegmentCount : 6;
#if NDIS_SUPPORT_NDIS684
		ULONG SubMssFinalSegmentSupported : 1;
		ULONG Reserved1 : 25;
#else
		ULONG Reserved1 : 26;
#endif
		ULONG IpExtensionHeadersSupported : 2;
		ULONG Reserved2 : 30;
	} IPv6;
} NDIS_UDP_SEGMENTATION_OFFLOAD, *PNDIS_UDP_SEGMENTATION_OFFLOAD;
#endif

#if NDIS_SUPPORT_NDIS689
typedef struct _NDIS_UDP_RSC_OFFLOAD {
	BOOLEAN Enabled;
} NDIS_UDP_RSC_OFFLOAD, *PNDIS_UDP_RSC_OFFLOAD;
#endif

typedef struct _NDIS_OFFLOAD {
	NDIS_OBJECT_HEADER Header; /* NDIS_OBJECT_TYPE_OFFLOAD */
	NDIS_TCP_IP_CHECKSUM_OFFLOAD Checksum;
	NDIS_TCP_LARGE_SEND_OFFLOAD_V1 LsoV1;
	NDIS_IPSEC_OFFLOAD_V1 IPsecV1;
	NDIS_TCP_LARGE_SEND_OFFLOAD_V2 LsoV2;
	ULONG Flags;
#if NDIS_SUPPORT_NDIS61
	NDIS_IPSEC_OFFLOAD_V2 IPsecV2;
#endif
#if NDIS_SUPPORT_NDIS630
	NDIS_TCP_RECV_SEG_COALESCE_OFFLOAD Rsc;
	NDIS_ENCAPSULATED_PACKET_TASK_OFFLOAD EncapsulatedPacketTaskOffloadGre;
#endif
#if NDIS_SUPPORT_NDIS650
	NDIS_ENCAPSULATED_PACKET_TASK_OFFLOAD_V2 EncapsulatedPacketTaskOffloadVxlan;
	UCHAR EncapsulationTypes;
#endif
#if NDIS_SUPPORT_NDIS670
	NDIS_RFC6877_464XLAT_OFFLOAD Rfc6877Xlat;
#endif
#if NDIS_SUPPORT_NDIS683
	NDIS_UDP_SEGMENTATION_OFFLOAD UdpSegmentation;
#endif
#if NDIS_SUPPORT_NDIS689
	NDIS_UDP_RSC_OFFLOAD UdpRsc;
#endif
} NDIS_OFFLOAD, *PNDIS_OFFLOAD;

#define NDIS_OFFLOAD_REVISION_1             1
#define NDIS_OFFLOAD_REVISION_2             2
#define NDIS_OFFLOAD_REVISION_3             3
#define NDIS_OFFLOAD_REVISION_4             4
#define NDIS_OFFLOAD_REVISION_5             5
#define NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_1 RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD, Flags)
#define NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_2 RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD, IPsecV2)
#define NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_3 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD, EncapsulatedPacketTaskOffloadGre)
#define NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_4 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD, EncapsulationTypes)
#define NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_5 RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD, Rfc6877Xlat)

#if NDIS_SUPPORT_NDIS683
#define NDIS_OFFLOAD_REVISION_6             6
#define NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_6 RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD, UdpSegmentation)
#endif
#if NDIS_SUPPORT_NDIS685
#define NDIS_OFFLOAD_REVISION_7             7
#define NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_7 RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD, UdpSegmentation)
#endif
#if NDIS_SUPPORT_NDIS689
#define NDIS_OFFLOAD_REVISION_8             8
#define NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_8 RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD, UdpRsc)
#endif

C_ASSERT(offsetof(NDIS_OFFLOAD, LsoV1) == 36);
C_ASSERT(offsetof(NDIS_OFFLOAD, LsoV2) == 80);
#if NDIS_SUPPORT_NDIS670
C_ASSERT(offsetof(NDIS_OFFLOAD, IPsecV2) == 112);
C_ASSERT(offsetof(NDIS_OFFLOAD, Rsc) == 144);
C_ASSERT(offsetof(NDIS_OFFLOAD, Rfc6877Xlat) == 180);
#endif

/* OID_TCP_OFFLOAD_PARAMETERS: one setting per offload, 0 to leave it as it is */
typedef struct _NDIS_OFFLOAD_PARAMETERS {
	NDIS_OBJECT_HEADER Header; /* NDIS_OBJECT_TYPE_DEFAULT */
	UCHAR IPv4Checksum;
	UCHAR TCPIPv4Checksum;
	UCHAR UDPIPv4Checksum;
	UCHAR TCPIPv6Checksum;
	UCHAR UDPIPv6Checksum;
	UCHAR LsoV1;
	UCHAR IPsecV1;
	UCHAR LsoV2IPv4;
	UCHAR LsoV2IPv6;
	UCHAR TcpConnectionIPv4;
	UCHAR TcpConnectionIPv6;
	ULONG Flags;
#if NDIS_SUPPORT_NDIS61
	UCHAR IPsecV2;
	UCHAR IPsecV2IPv4;
#endif
#if NDIS_SUPPORT_NDIS630
	UCHAR RscIPv4;
	UCHAR RscIPv6;
	UCHAR EncapsulatedPacketTaskOffload;
	UCHAR EncapsulationTypes;
#endif
#if NDIS_SUPPORT_NDIS650
	union _ENCAPSULATION_PROTOCOL_PARAMETERS {
		struct _VXLAN_PARAMETERS {
			USHORT VxlanUDPPortNumber;
		} VxlanParameters;
		ULONG Value;
	} EncapsulationProtocolParameters;
#endif
#if NDIS_SUPPORT_NDIS683
	struct {
		UCHAR IPv4;
		UCHAR IPv6;
	} UdpSegmentation;
#endif
#if NDIS_SUPPORT_NDIS689
	struct {
		UCHAR Enabled;
	} UdpRsc;
#endif
} NDIS_OFFLOAD_PARAMETERS, *PNDIS_OFFLOAD_PARAMETERS;

#define NDIS_OFFLOAD_PARAMETERS_REVISION_1 1
#define NDIS_OFFLOAD_PARAMETERS_REVISION_2 2
#define NDIS_OFFLOAD_PARAMETERS_REVISION_3 3
#define NDIS_OFFLOAD_PARAMETERS_REVISION_4 4
#if NDIS_SUPPORT_NDIS683
#define NDIS_OFFLOAD_PARAMETERS_REVISION_5 5
#endif
#if NDIS_SUPPORT_NDIS689
#define NDIS_OFFLOAD_PARAMETERS_REVISION_6 6
#endif
#define NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_1 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD_PARAMETERS, Flags)
#define NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_2 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD_PARAMETERS, IPsecV2IPv4)
#define NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_3 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD_PARAMETERS, EncapsulationTypes)
#define NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_4 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD_PARAMETERS, EncapsulationProtocolParameters)
#if NDIS_SUPPORT_NDIS683
#define NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_5 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD_PARAMETERS, UdpSegmentation)
#endif
#if NDIS_SUPPORT_NDIS689
#define NDIS_SIZEOF_OFFLOAD_PARAMETERS_REVISION_6 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD_PARAMETERS, UdpRsc)
#endif

#define NDIS_OFFLOAD_PARAMETERS_NO_CHANGE              0
#define NDIS_OFFLOAD_PARAMETERS_TX_RX_DISABLED         1
#define NDIS_OFFLOAD_PARAMETERS_TX_ENABLED_RX_DISABLED 2
#define NDIS_OFFLOAD_PARAMETERS_RX_ENABLED_TX_DISABLED 3
#define NDIS_OFFLOAD_PARAMETERS_TX_RX_ENABLED          4
#define NDIS_OFFLOAD_PARAMETERS_LSOV1_DISABLED         1
#define NDIS_OFFLOAD_PARAMETERS_LSOV1_ENABLED          2
#define NDIS_OFFLOAD_PARAMETERS_LSOV2_DISABLED         1
#define NDIS_OFFLOAD_PARAMETERS_LSOV2_ENABLED          2
#define NDIS_OFFLOAD_PARAMETERS_RSC_DISABLED           1
#define NDIS_OFFLOAD_PARAMETERS_RSC_ENABLED            2
#if NDIS_SUPPORT_NDIS683
#define NDIS_OFFLOAD_PARAMETERS_USO_DISABLED 1
#define NDIS_OFFLOAD_PARAMETERS_USO_ENABLED  2
#endif
#if NDIS_SUPPORT_NDIS689
#define NDIS_OFFLOAD_PARAMETERS_UDP_RSC_NO_CHANGE 0
#define NDIS_OFFLOAD_PARAMETERS_UDP_RSC_DISABLED  1
#define NDIS_OFFLOAD_PARAMETERS_UDP_RSC_ENABLED   2
#endif
#define NDIS_OFFLOAD_PARAMETERS_SKIP_REGISTRY_UPDATE 0x00000001

/* OID_OFFLOAD_ENCAPSULATION */
typedef struct _NDIS_OFFLOAD_ENCAPSULATION {
	NDIS_OBJECT_HEADER Header;
	struct {
		ULONG Enabled; /* NDIS_OFFLOAD_SET_... */
		ULONG EncapsulationType;
		ULONG HeaderSize;
	} IPv4, IPv6;
} NDIS_OFFLOAD_ENCAPSULATION, *PNDIS_OFFLOAD_ENCAPSULATION;

#define NDIS_OFFLOAD_ENCAPSULATION_REVISION_1 1
#define NDIS_SIZEOF_OFFLOAD_ENCAPSULATION_REVISION_1 \
	RTL_SIZEOF_THROUGH_FIELD(NDIS_OFFLOAD_ENCAPSULATION, IPv6.HeaderSize)

/* Out-of-band data of one large send: Type says which form. Value 0: not a large send. */
#define NDIS_TCP_LARGE_SEND_OFFLOAD_V1_TYPE 0
#define NDIS_TCP_LARGE_SEND_OFFLOAD_V2_TYPE 1
#define NDIS_TCP_LARGE_SEND_OFFLOAD_IPv4    0
#define NDIS_TCP_LARGE_SEND_OFFLOAD_IPv6    1

typedef struct _NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO {
	union {
		struct {
			ULONG Unused : 30;
			ULONG Type : 1;
			ULONG Reserved2 : 1;
		} Transmit;
		struct {
			ULONG MSS : 20;
			ULONG TcpHeaderOffset : 10;
			ULONG Type : 1;
			ULONG Reserved2 : 1;
		} LsoV1Transmit;
		struct {
			ULONG TcpPayload : 30;
			ULONG Type : 1;
			ULONG Reserved2 : 1;
		} LsoV1TransmitComplete;
		struct {
			ULONG MSS : 20;
			ULONG TcpHeaderOffset : 10;
			ULONG Type : 1;
			ULONG IPVersion : 1;
		} LsoV2Transmit;
		struct {
			ULONG Reserved : 30;
			ULONG Type : 1;
			ULONG Reserved2 : 1;
		} LsoV2TransmitComplete;
		PVOID Value;
	};
} NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO,
	*PNDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO;
C_ASSERT(sizeof(NDIS_TCP_LARGE_SEND_OFFLOAD_NET_BUFFER_LIST_INFO) == sizeof(PVOID));

#endif
