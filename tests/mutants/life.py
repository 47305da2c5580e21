# SPDX-License-Identifier: MIT
"""
Faulty variants about a device's life - starts that fail, sleeps, wake-up, removal -, changes of what is active, and a
driver's use of the framework: mutants.py has the rest, and says what a row is.
"""
from mutants import mutants

LINK = "DriverStarts|LinkIsReported"  # the second where the link was there when the driver looked first, by chance

mutants(
    "rtl8168-2.5", "device.c",
    ("resume leaves the chip as the reset did", "RtHardwareStart(adapter);",
     "{ static ULONG starts; if (starts++ == 0) RtHardwareStart(adapter); }", "power/forgets", "FramesArrive"),
    ("wake armed after D0", "RtHardwareStart(adapter);", "RtHardwareStart(adapter); RtHardwareSetMagicPacket(adapter, TRUE);",
     "power/wake", "WakeIsArmed"),
    ("link not looked at after D0", "RtLinkReport(RtGetDevice(Device)->Adapter);", ";", "power/link", "LinkIsReported"),
    ("a missing interrupt is not missed", "if ([[!RtDeviceHasInterrupt(ResourcesTranslated)]])", "FALSE", "fault/resources",
     "FailureIsSurvived"),
    ("missing memory is not missed", "return [[STATUS_RESOURCE_TYPE_NOT_FOUND]];", "STATUS_SUCCESS", "fault/resources",
     "PAGE_FAULT_IN_NONPAGED_AREA"),
    ("registers not unmapped", "MmUnmapIoSpace(adapter->Registers, adapter->RegistersLength);", ";", "power/rebalance", "ComesBack"),
    ("a failed mapping is used", "if ([[Adapter->Registers == NULL]])", "FALSE", "fault/calls", "PAGE_FAULT_IN_NONPAGED_AREA"),
)
mutants(
    "rtl8168-2.5", "interrupt.c",
    ("D0Exit leaves the interrupt on", "RtInterruptSetMask(RtGetInterrupt(Interrupt)->Adapter, 0);", ";", "power/quiet",
     "SleepIsQuiet"),
    ("link change not unmasked", "RtInterruptSetMask(RtGetInterrupt(Interrupt)->Adapter, RT_INT_LINKCHG);", ";", "power/link",
     LINK),
    ("link change not reported", "RtLinkReport(adapter);", ";", "power/link", LINK),
    ("its context is not the interrupt's", "RtGetInterrupt(Adapter->Interrupt)->Adapter = Adapter;", ";", "power/quiet",
     "DriverLives"),
    ("an interrupt that failed is used", "status = WdfInterruptCreate(Adapter->Device, &config, &attributes, &Adapter->Interrupt);",
     "(void)WdfInterruptCreate(Adapter->Device, &config, &attributes, &Adapter->Interrupt); status = STATUS_SUCCESS;",
     "fault/calls", "WDF_REQUIRED_PARAMETER_IS_NULL"),
)
mutants(
    "rtl8168-2.5", "hardware.c",
    ("waits for a card that is gone", "polls < RT_RESET_POLLS; [[polls++]]", "polls += 0", "fault/removal/before",
     "CallbackReturns"),
    ("magic packet in the wrong register", "RtWrite8(Adapter, RT_CONFIG3, [[configuration]]);", "configuration & ~RT_CONFIG3_MAGIC",
     "power/wake", "WakeIsArmed"),
    ("frames' length forgotten by a sleep", "[[(USHORT)(configuration->MaximumFrame + RT_VLAN_TAG + RT_RX_CRC_LENGTH)]]", "64", "power/sleep",
     "FramesArrive"),
)
mutants(
    "rtl8168-2.5", "wake.c",
    ("not armed", "RtHardwareSetMagicPacket(RtGetDevice(Device)->Adapter, magicPacket);", ";", "power/wake", "WakeIsArmed"),
    ("not disarmed", "RtHardwareSetMagicPacket(RtGetDevice(Device)->Adapter, FALSE);", ";", "power/wake", "WakeIsArmed"),
    ("armed for another source", "== [[NetWakeSourceTypeMagicPacket]]", "NetWakeSourceTypeBitmapPattern", "power/wake",
     "WakeIsArmed"),
    ("callback registered late", "WdfDeviceInitSetPowerPolicyEventCallbacks(DeviceInit, &callbacks);", ";", "power/wake",
     "WakeIsArmed"),
)
mutants(
    "rtl8168-2.5", "driver.c",
    ("D0Entry not registered", "callbacks.EvtDeviceD0Entry = EvtDeviceD0Entry;", ";", "power/address", "FramesArrive"),
    ("release not registered", "callbacks.EvtDeviceReleaseHardware = EvtDeviceReleaseHardware;", ";", "power/rebalance", "ComesBack"),
    ("callbacks registered after the device", "WdfDeviceInitSetPnpPowerEventCallbacks(DeviceInit, &callbacks);",
     ";", "power/sleep", "PAGE_FAULT_IN_NONPAGED_AREA"),
    ("no network device", "status = NetDeviceInitConfig(DeviceInit);", "status = STATUS_SUCCESS;", "power/sleep", "DeviceWithoutNetAdapterCx"),
    ("a device that failed is used", "status = WdfDeviceCreate(&DeviceInit, &attributes, &device);",
     "status = WdfDeviceCreate(&DeviceInit, &attributes, &device); if (NT_SUCCESS(status)) status = STATUS_SUCCESS; else { device = NULL; status = STATUS_SUCCESS; }",
     "fault/calls", "WDF_REQUIRED_PARAMETER_IS_NULL"),
)
mutants(
    "rtl8168-2.5", "adapter.c",
    ("capabilities after the start", "return NetAdapterStart(Adapter->NetAdapter);",
     "{ NTSTATUS status = NetAdapterStart(Adapter->NetAdapter); RtOffloadDeclare(Adapter); return status; }", "power/quiet", "AdapterAlreadyStarted"),
    ("offloads declared at the first start only", "RtOffloadDeclare(Adapter);",
     "{ static BOOLEAN done; if (!done) RtOffloadDeclare(Adapter); done = TRUE; }", "active/outlives", "ComesBack"),
    ("pool leak on a failed start", "status = RtInterruptCreate(adapter);",
     "{ PVOID leak = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'kaeL'); status = RtInterruptCreate(adapter); "
     "if (NT_SUCCESS(status) && leak != NULL) ExFreePoolWithTag(leak, 'kaeL'); }", "fault/calls", "NothingIsLeft"),
    ("a failed DMA enabler is used", "status = [[RtAdapterCreateDmaEnabler(adapter)]];",
     "((void)RtAdapterCreateDmaEnabler(adapter), STATUS_SUCCESS)", "fault/calls", "InvalidAdapterTxCapabilities"),
    ("init not freed", "NetAdapterInitFree(init);", ";", "fault/calls", "NothingIsLeft"),
    ("init not looked at", "if ([[init == NULL]])", "FALSE", "fault/calls", "ParameterCantBeNull"),
    ("init freed before its use", "NetAdapterInitSetDatapathCallbacks(init, &callbacks);",
     "NetAdapterInitFree(init); NetAdapterInitSetDatapathCallbacks(init, &callbacks);", "power/quiet", "InvalidNetAdapterInitSignature"),
    ("a lock that failed is used", "status = WdfSpinLockCreate(&attributes, &adapter->RegisterLock);",
     "(void)WdfSpinLockCreate(&attributes, &adapter->RegisterLock); status = STATUS_SUCCESS;", "fault/calls", "WDF_REQUIRED_PARAMETER_IS_NULL"),
    ("adapter never started", "return NetAdapterStart(Adapter->NetAdapter);", "return STATUS_SUCCESS;", "power/quiet", "DriverStarts"),
)
mutants(
    "rtl8168-2.5", "configuration.c",
    ("reload loses a keyword", "values->MaximumFrame = [[RtConfigurationQuery(configuration, &jumboPacket, RT_STANDARD_FRAME,\n"
     "						    RT_MAXIMUM_JUMBO, RT_STANDARD_FRAME)]];",
     "({ static ULONG starts; starts++ < 2 ? RtConfigurationQuery(configuration, &jumboPacket, RT_STANDARD_FRAME, "
     "RT_MAXIMUM_JUMBO, RT_STANDARD_FRAME) : RT_STANDARD_FRAME; })", "active/jumbo", "ComesBack"),
    ("configuration that failed is used", "if ([[!NT_SUCCESS(status)]])\n		return status;",
     "(configuration = NT_SUCCESS(status) ? configuration : NULL, FALSE)", "fault/calls", "WDF_REQUIRED_PARAMETER_IS_NULL"),
)
mutants(
    "rtl8168-2.5", "offload.c",
    ("capabilities used after the callback", "if ([[NetOffloadIsLsoIPv6Enabled(Offload)]])",
     "({ static NETOFFLOAD kept; NETOFFLOAD was = kept ? kept : Offload; kept = Offload; NetOffloadIsLsoIPv6Enabled(was); })",
     "change/oid", "InvalidStructTypeSize"),
    ("only the first change counts", "RtOffloadSet(adapter, RT_OFFLOAD_RX_CHECKSUMS, active);",
     "{ static ULONG changes; if (changes++ == 0) RtOffloadSet(adapter, RT_OFFLOAD_RX_CHECKSUMS, active); }", "active/oid",
     "SwitchedOffIsOff"),
    ("UDP's checksums go by TCP's", "if ([[NetOffloadIsRxChecksumUdpEnabled(Offload)]])", "NetOffloadIsRxChecksumTcpEnabled(Offload)",
     "active/keywords/checksum", "SwitchedOffIsOff"),
    ("IPv6 USO goes by IPv4's", "if ([[NetOffloadIsUsoIPv6Enabled(Offload)]])", "NetOffloadIsUsoIPv4Enabled(Offload)",
     "active/keywords/large", "PacketsAreSent"),
    ("the chip does not hear of it", "RtHardwareSetReceiveMode(adapter);", ";", "active/from-off", "SwitchedOffIsOff"),
    ("wrong context", "RtOffloadSet(RtGetAdapter(NetAdapter), RT_OFFLOAD_LARGE_SENDS, active);",
     "RtOffloadSet(RtGetDevice((WDFDEVICE)NetAdapter)->Adapter, RT_OFFLOAD_LARGE_SENDS, active);", "active/oid", "DriverLives"),
    ("offload callback missing", "NetAdapterOffloadSetGsoCapabilities(Adapter->NetAdapter, &gso);",
     "gso.EvtAdapterOffloadSetGso = NULL; NetAdapterOffloadSetGsoCapabilities(Adapter->NetAdapter, &gso);", "active/oid", "PacketsAreSent"),
)
mutants(
    "rtl8168-1.3", "adapter.c",
    ("statistics that failed are used", "status = RtStatisticsCreate(adapter);",
     "(void)RtStatisticsCreate(adapter); status = STATUS_SUCCESS;", "fault/calls", "WDF_REQUIRED_PARAMETER_IS_NULL"),
    ("a request queue that failed is ignored", "status = RtRequestCreateQueue(adapter);",
     "(void)RtRequestCreateQueue(adapter); status = STATUS_SUCCESS;", "fault/degraded", "FailureIsSurvived"),
)
mutants(
    "rtl8168-1.3", "interrupt.c",
    ("D0Exit leaves the interrupt on", "RtInterruptSetMask(RtGetInterrupt(Interrupt)->Adapter, 0);", ";", "power/quiet",
     "SleepIsQuiet"),
)
mutants(
    "rtl8168-1.3", "device.c",
    ("resume leaves the chip as the reset did", "RtHardwareStart(adapter);",
     "{ static ULONG starts; if (starts++ == 0) RtHardwareStart(adapter); }", "power/forgets", "FramesArrive"),
    ("link not looked at after D0", "RtLinkReport(RtGetDevice(Device)->Adapter);", ";", "power/link", "LinkIsReported"),
    ("a missing interrupt is not missed", "if ([[!RtDeviceHasInterrupt(ResourcesTranslated)]])", "FALSE", "fault/resources",
     "FailureIsSurvived"),
    ("missing memory is not missed", "return [[STATUS_RESOURCE_TYPE_NOT_FOUND]];", "STATUS_SUCCESS", "fault/resources",
     "PAGE_FAULT_IN_NONPAGED_AREA"),
)
mutants(
    "rtl8168-2.5", "hardware.c",
    ("address not written", "RtHardwareWriteAddress(Adapter);", ";", "power/address", "FramesArrive"),
    ("address in the wrong order", "[[Adapter->CurrentAddress[i]]]", "Adapter->CurrentAddress[5 - i]", "power/address", "FramesArrive"),
)
