#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The headers in their user-mode shape: what UMDF 2.33 exports of what we declare is there, with both compilers and in
both languages; what it does not export, and what kernel mode alone has, is not."""
import os
import re
import subprocess
import sys
import tempfile

TOP = sys.argv[1]
INCLUDES = [arg for folder in ("um", "wdk", "netadaptercx/2") for arg in ("-I", os.path.join(TOP, "include", folder))]
FLAGS = ["-Wall", "-Wextra", "-Werror", "-fshort-wchar", "-fms-extensions", "-DUMDF_VERSION_MAJOR=2", *INCLUDES]
HEADERS = "".join("#include <%s>\n" % name for name in (
    "windows.h", "wdf.h", "netadaptercx.h", "net/checksum.h", "net/databuffer.h", "net/gso.h", "net/ieee8021q.h",
    "net/packethash.h", "net/returncontext.h", "net/rsc.h", "net/virtualaddress.h"))
# By the kit's own headers.
HAS = """
DbgPrintEx RtlAppendUnicodeStringToString RtlAppendUnicodeToString RtlCompareUnicodeString RtlCopyUnicodeString
RtlEqualUnicodeString RtlInitUnicodeString RtlIntegerToUnicodeString RtlUnicodeStringToInteger
WdfCmResourceListGetCount WdfCmResourceListGetDescriptor WdfCollectionAdd WdfCollectionCreate WdfCollectionGetCount
WdfCollectionGetFirstItem WdfCollectionGetItem WdfCollectionGetLastItem WdfCollectionRemove WdfCollectionRemoveItem
WdfDeviceAssignS0IdleSettings WdfDeviceAssignSxWakeSettings WdfDeviceCreate WdfDeviceCreateDeviceInterface
WdfDeviceGetDriver WdfDeviceGetSystemPowerAction WdfDeviceInitSetIoType WdfDeviceInitSetPnpPowerEventCallbacks
WdfDeviceInitSetPowerPolicyEventCallbacks WdfDeviceInitSetPowerPolicyOwnership
WdfDeviceInitSetReleaseHardwareOrderOnFailure WdfDeviceOpenRegistryKey WdfDeviceRetrieveDeviceInterfaceString
WdfDeviceSetDeviceInterfaceState WdfDeviceSetDeviceInterfaceStateEx WdfDeviceSetFailed WdfDriverCreate
WdfDriverGetRegistryPath WdfDriverOpenParametersRegistryKey WdfGetTriageInfo WdfInterruptAcquireLock
WdfInterruptCreate WdfInterruptDisable WdfInterruptEnable WdfInterruptGetDevice WdfInterruptGetInfo
WdfInterruptQueueDpcForIsr WdfInterruptQueueWorkItemForIsr WdfInterruptReleaseLock WdfInterruptSynchronize
WdfMemoryCopyFromBuffer WdfMemoryCopyToBuffer WdfMemoryCreate WdfMemoryCreatePreallocated WdfMemoryGetBuffer
WdfObjectAllocateContext WdfObjectContextGetObject WdfObjectCreate WdfObjectDelete WdfObjectDereferenceActual
WdfObjectGetTypedContextWorker WdfObjectReferenceActual WdfRegistryAssignString WdfRegistryAssignULong
WdfRegistryAssignUnicodeString WdfRegistryAssignValue WdfRegistryClose WdfRegistryCreateKey WdfRegistryOpenKey
WdfRegistryQueryMultiString WdfRegistryQueryString WdfRegistryQueryULong WdfRegistryQueryUnicodeString
WdfRegistryQueryValue WdfRegistryRemoveKey WdfRegistryRemoveValue WdfSpinLockAcquire WdfSpinLockCreate
WdfSpinLockRelease WdfStringCreate WdfStringGetUnicodeString WdfTimerCreate WdfTimerGetParentObject WdfTimerStart
WdfTimerStop WdfWaitLockAcquire WdfWaitLockCreate WdfWaitLockRelease WdfWorkItemCreate WdfWorkItemEnqueue
WdfWorkItemFlush WdfWorkItemGetParentObject WdfRequestComplete WdfRequestCompleteWithInformation
WdfRequestGetInformation WdfRequestGetStatus WdfRequestSetInformation
WdfDeviceMapIoSpace WdfDeviceUnmapIoSpace WdfDeviceGetHardwareRegisterMappedAddress WdfDeviceReadFromHardware
WdfDeviceWriteToHardware READ_REGISTER_ULONG64 WRITE_REGISTER_BUFFER_USHORT WDF_READ_PORT_ULONG WDF_WRITE_REGISTER_BUFFER_ULONG64
""".split()
LACKS = """
WdfDeviceInitFree WdfRequestCompleteWithPriorityBoost
WdfCommonBufferCreate WdfCommonBufferCreateWithConfig WdfCommonBufferGetAlignedLogicalAddress
WdfCommonBufferGetAlignedVirtualAddress WdfCommonBufferGetLength WdfDeviceGetAlignmentRequirement
WdfDeviceInitSetCharacteristics WdfDeviceInitSetDeviceType WdfDeviceInitSetExclusive WdfDeviceInitSetPowerNotPageable
WdfDeviceInitSetPowerPageable WdfDeviceSetAlignmentRequirement 
WdfDeviceWdmGetDeviceObject WdfDeviceWdmGetPhysicalDevice WdfDmaEnablerCreate WdfDmaEnablerGetMaximumLength
WdfDmaEnablerGetMaximumScatterGatherElements WdfDmaEnablerSetMaximumScatterGatherElements WdfDriverWdmGetDriverObject
WdfFdoQueryForInterface 
ExAllocatePool2 ExFreePool IoAllocateMdl KeAcquireSpinLockRaiseToDpc KeGetCurrentIrql KeSetEvent KeSetTimer
KeWaitForSingleObject KSPIN_LOCK KEVENT MDL MmGetPhysicalAddress NdisWriteErrorLogEntry PAGED_CODE PDEVICE_OBJECT PIRP
PsCreateSystemThread RtlRandomEx RtlInitializeBitMap PASSIVE_LEVEL KMDF_VERSION_MAJOR
""".split()
# What a user-mode driver must not be given at all, and what is said of it.
REFUSED = (("wdm.h", "a UMDF driver includes windows.h"), ("ntddk.h", "a UMDF driver includes windows.h"),
           ("ntifs.h", "a UMDF driver includes windows.h"), ("wdfdmaenabler.h", "UMDF has no DMA"),
           ("wdfcommonbuffer.h", "UMDF has no common buffers"), ("wdffdo.h", "UMDF has no interfaces of a bus"),
           ("net/mdl.h", "memory descriptor lists are not for user-mode drivers"))


def compiled(compiler, language, source, *flags):
    with tempfile.NamedTemporaryFile("w", suffix=".c") as file:
        file.write(source)
        file.flush()
        return subprocess.run([compiler, "-x", language, *FLAGS, *flags, file.name], capture_output=True, text=True,
                              check=False)


def check(true, *what):
    if not true:
        sys.exit(" ".join(str(w) for w in what))


def main():
    uses = "extern const void *Used[];\nconst void *Used[] = { %s };\n" % ", ".join("(const void *)&" + n for n in HAS)
    for compiler in ("gcc", "clang"):
        for language in ("c", "c++"):
            done = compiled(compiler, language, HEADERS + uses, "-fsyntax-only")
            check(done.returncode == 0, compiler, language, done.stderr)
        text = compiled(compiler, "c", HEADERS, "-E", "-dD").stdout
        words = set(re.findall(r"\w+", text))
        check(len(words) > 1000, "nothing was preprocessed")
        for name in LACKS:
            check(name not in words, compiler, name, "is there in user mode")
        for header, says in REFUSED:
            done = compiled(compiler, "c", "#include <%s>\n" % header, "-fsyntax-only")
            check(done.returncode and says in done.stderr, compiler, header, done.stderr)
        for flags, says in ((("-D_KERNEL_MODE",), "both are set"), (("-DNETADAPTER_VERSION_MAJOR=2", "-DNETADAPTER_VERSION_MINOR=4"),
                            "user-mode drivers (UMDF) exist from NetAdapterCx 2.5 on")):
            done = compiled(compiler, "c", HEADERS, "-fsyntax-only", *flags)
            check(done.returncode and says in done.stderr, compiler, flags, done.stderr)


main()
