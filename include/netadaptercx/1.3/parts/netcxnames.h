/* SPDX-License-Identifier: MIT */
/*
 * netcxnames.h - public names to symbols. One name can have another shape in another version of
 * NetAdapterCx, so each version has its own set of symbols and a driver names, unseen, those of its
 * version.
 */
#ifndef NETCX_NAMES_1_3_H
#define NETCX_NAMES_1_3_H

/* What several versions declare alike asks for a symbol; here the name is one already. */
#define NETCX_SYMBOL(name)

#define NetAdapterCreate                         netcx_1_3_NetAdapterCreate
#define NetAdapterDeviceInitConfig               netcx_1_3_NetAdapterDeviceInitConfig
#define NetAdapterDispatchPreprocessedNetRequest netcx_1_3_NetAdapterDispatchPreprocessedNetRequest
#define NetAdapterDriverRegister                 netcx_1_3_NetAdapterDriverRegister
#define NetAdapterDriverWdmGetHandle             netcx_1_3_NetAdapterDriverWdmGetHandle
#define NetAdapterExtensionInitAllocate          netcx_1_3_NetAdapterExtensionInitAllocate
#define NetAdapterExtensionInitSetNetRequestPreprocessCallback \
	netcx_1_3_NetAdapterExtensionInitSetNetRequestPreprocessCallback
#define NetAdapterGetLinkLayerMtuSize      netcx_1_3_NetAdapterGetLinkLayerMtuSize
#define NetAdapterGetNetLuid               netcx_1_3_NetAdapterGetNetLuid
#define NetAdapterGetParent                netcx_1_3_NetAdapterGetParent
#define NetAdapterGetPowerSettings         netcx_1_3_NetAdapterGetPowerSettings
#define NetAdapterInitAllocate             netcx_1_3_NetAdapterInitAllocate
#define NetAdapterInitFree                 netcx_1_3_NetAdapterInitFree
#define NetAdapterInitGetCreatedAdapter    netcx_1_3_NetAdapterInitGetCreatedAdapter
#define NetAdapterInitSetDatapathCallbacks netcx_1_3_NetAdapterInitSetDatapathCallbacks
#define NetAdapterInitSetNetPowerSettingsAttributes \
	netcx_1_3_NetAdapterInitSetNetPowerSettingsAttributes
#define NetAdapterInitSetNetRequestAttributes    netcx_1_3_NetAdapterInitSetNetRequestAttributes
#define NetAdapterOffloadSetChecksumCapabilities netcx_1_3_NetAdapterOffloadSetChecksumCapabilities
#define NetAdapterOffloadSetLsoCapabilities      netcx_1_3_NetAdapterOffloadSetLsoCapabilities
#define NetAdapterOpenConfiguration              netcx_1_3_NetAdapterOpenConfiguration
#define NetAdapterQueryRegisteredPacketExtension netcx_1_3_NetAdapterQueryRegisteredPacketExtension
#define NetAdapterRegisterPacketExtension        netcx_1_3_NetAdapterRegisterPacketExtension
#define NetAdapterSetCurrentLinkLayerAddress     netcx_1_3_NetAdapterSetCurrentLinkLayerAddress
#define NetAdapterSetCurrentLinkState            netcx_1_3_NetAdapterSetCurrentLinkState
#define NetAdapterSetDataPathCapabilities        netcx_1_3_NetAdapterSetDataPathCapabilities
#define NetAdapterSetLinkLayerCapabilities       netcx_1_3_NetAdapterSetLinkLayerCapabilities
#define NetAdapterSetLinkLayerMtuSize            netcx_1_3_NetAdapterSetLinkLayerMtuSize
#define NetAdapterSetPermanentLinkLayerAddress   netcx_1_3_NetAdapterSetPermanentLinkLayerAddress
#define NetAdapterSetPowerCapabilities           netcx_1_3_NetAdapterSetPowerCapabilities
#define NetAdapterSetReceiveScalingCapabilities  netcx_1_3_NetAdapterSetReceiveScalingCapabilities
#define NetAdapterStart                          netcx_1_3_NetAdapterStart
#define NetAdapterStop                           netcx_1_3_NetAdapterStop
#define NetAdapterWdmGetNdisHandle               netcx_1_3_NetAdapterWdmGetNdisHandle
#define NetConfigurationAssignBinary             netcx_1_3_NetConfigurationAssignBinary
#define NetConfigurationAssignMultiString        netcx_1_3_NetConfigurationAssignMultiString
#define NetConfigurationAssignUlong              netcx_1_3_NetConfigurationAssignUlong
#define NetConfigurationAssignUnicodeString      netcx_1_3_NetConfigurationAssignUnicodeString
#define NetConfigurationClose                    netcx_1_3_NetConfigurationClose
#define NetConfigurationOpenSubConfiguration     netcx_1_3_NetConfigurationOpenSubConfiguration
#define NetConfigurationQueryBinary              netcx_1_3_NetConfigurationQueryBinary
#define NetConfigurationQueryLinkLayerAddress    netcx_1_3_NetConfigurationQueryLinkLayerAddress
#define NetConfigurationQueryMultiString         netcx_1_3_NetConfigurationQueryMultiString
#define NetConfigurationQueryString              netcx_1_3_NetConfigurationQueryString
#define NetConfigurationQueryUlong               netcx_1_3_NetConfigurationQueryUlong
#define NetDefaultAdapterInitAllocate            netcx_1_3_NetDefaultAdapterInitAllocate
#define NetDeviceOpenConfiguration               netcx_1_3_NetDeviceOpenConfiguration
#define NetDeviceSetResetCallback                netcx_1_3_NetDeviceSetResetCallback
#define NetPacketGetContextFromToken             netcx_1_3_NetPacketGetContextFromToken
#define NetPacketGetTypedContext                 netcx_1_3_NetPacketGetTypedContext
#define NetPowerSettingsGetEnabledMediaSpecificWakeUpEvents \
	netcx_1_3_NetPowerSettingsGetEnabledMediaSpecificWakeUpEvents
#define NetPowerSettingsGetEnabledProtocolOffloadFlags \
	netcx_1_3_NetPowerSettingsGetEnabledProtocolOffloadFlags
#define NetPowerSettingsGetEnabledWakePatternFlags \
	netcx_1_3_NetPowerSettingsGetEnabledWakePatternFlags
#define NetPowerSettingsGetEnabledWakeUpFlags   netcx_1_3_NetPowerSettingsGetEnabledWakeUpFlags
#define NetPowerSettingsGetProtocolOffload      netcx_1_3_NetPowerSettingsGetProtocolOffload
#define NetPowerSettingsGetProtocolOffloadCount netcx_1_3_NetPowerSettingsGetProtocolOffloadCount
#define NetPowerSettingsGetProtocolOffloadCountForType \
	netcx_1_3_NetPowerSettingsGetProtocolOffloadCountForType
#define NetPowerSettingsGetWakePattern      netcx_1_3_NetPowerSettingsGetWakePattern
#define NetPowerSettingsGetWakePatternCount netcx_1_3_NetPowerSettingsGetWakePatternCount
#define NetPowerSettingsGetWakePatternCountForType \
	netcx_1_3_NetPowerSettingsGetWakePatternCountForType
#define NetPowerSettingsIsProtocolOffloadEnabled netcx_1_3_NetPowerSettingsIsProtocolOffloadEnabled
#define NetPowerSettingsIsWakePatternEnabled     netcx_1_3_NetPowerSettingsIsWakePatternEnabled
#define NetRequestCompleteWithoutInformation     netcx_1_3_NetRequestCompleteWithoutInformation
#define NetRequestGetAdapter                     netcx_1_3_NetRequestGetAdapter
#define NetRequestGetId                          netcx_1_3_NetRequestGetId
#define NetRequestGetPortNumber                  netcx_1_3_NetRequestGetPortNumber
#define NetRequestGetSwitchId                    netcx_1_3_NetRequestGetSwitchId
#define NetRequestGetType                        netcx_1_3_NetRequestGetType
#define NetRequestGetVPortId                     netcx_1_3_NetRequestGetVPortId
#define NetRequestMethodComplete                 netcx_1_3_NetRequestMethodComplete
#define NetRequestQueryDataComplete              netcx_1_3_NetRequestQueryDataComplete
#define NetRequestQueueCreate                    netcx_1_3_NetRequestQueueCreate
#define NetRequestQueueGetAdapter                netcx_1_3_NetRequestQueueGetAdapter
#define NetRequestRetrieveInputOutputBuffer      netcx_1_3_NetRequestRetrieveInputOutputBuffer
#define NetRequestSetBytesNeeded                 netcx_1_3_NetRequestSetBytesNeeded
#define NetRequestSetDataComplete                netcx_1_3_NetRequestSetDataComplete
#define NetRequestWdmGetNdisOidRequest           netcx_1_3_NetRequestWdmGetNdisOidRequest
#define NetRxQueueCreate                         netcx_1_3_NetRxQueueCreate
#define NetRxQueueGetDatapathDescriptor          netcx_1_3_NetRxQueueGetDatapathDescriptor
#define NetRxQueueGetPacketContextToken          netcx_1_3_NetRxQueueGetPacketContextToken
#define NetRxQueueGetPacketExtensionOffset       netcx_1_3_NetRxQueueGetPacketExtensionOffset
#define NetRxQueueInitAddPacketContextAttributes netcx_1_3_NetRxQueueInitAddPacketContextAttributes
#define NetRxQueueInitAddPacketExtension         netcx_1_3_NetRxQueueInitAddPacketExtension
#define NetRxQueueInitGetQueueId                 netcx_1_3_NetRxQueueInitGetQueueId
#define NetRxQueueNotifyMoreReceivedPacketsAvailable \
	netcx_1_3_NetRxQueueNotifyMoreReceivedPacketsAvailable
#define NetTxQueueCreate                         netcx_1_3_NetTxQueueCreate
#define NetTxQueueGetDatapathDescriptor          netcx_1_3_NetTxQueueGetDatapathDescriptor
#define NetTxQueueGetPacketContextToken          netcx_1_3_NetTxQueueGetPacketContextToken
#define NetTxQueueGetPacketExtensionOffset       netcx_1_3_NetTxQueueGetPacketExtensionOffset
#define NetTxQueueInitAddPacketContextAttributes netcx_1_3_NetTxQueueInitAddPacketContextAttributes
#define NetTxQueueInitAddPacketExtension         netcx_1_3_NetTxQueueInitAddPacketExtension
#define NetTxQueueInitGetQueueId                 netcx_1_3_NetTxQueueInitGetQueueId
#define NetTxQueueNotifyMoreCompletedPacketsAvailable \
	netcx_1_3_NetTxQueueNotifyMoreCompletedPacketsAvailable

/* the DDI page's spelling of a name the library exports with a capital P */
#define NetAdapterSetDatapathCapabilities netcx_1_3_NetAdapterSetDataPathCapabilities

#endif
