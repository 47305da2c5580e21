/* SPDX-License-Identifier: MIT */
/*
 * A driver of the tiny device (tiny.h): several regions and messages through WDF's resource lists,
 * configuration space, DMA with a device that sees memory only as it was told of it.
 */
#include <ntddk.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <wdf.h>
#include <wdmguid.h>

#include "device/rtl8168/model.h"
#include "nt/irql.h"
#include "stage/stage.h"
#include "tiny.h"

/* What the driver has found and seen. There is one device at a time. */
static struct {
	bool at_add; /* interrupts are made in EvtDriverDeviceAdd, not by descriptor */
	bool backwards;
	bool chip; /* it is not the tiny device, but an RTL8168: one region and a line */
	WDFDEVICE device;
	WDFDMAENABLER enabler;
	unsigned regions;
	CM_PARTIAL_RESOURCE_DESCRIPTOR memory[2];
	unsigned char *control, *store;
	unsigned interrupts;
	WDFINTERRUPT interrupt[TINY_MESSAGES + 1];
	CM_PARTIAL_RESOURCE_DESCRIPTOR raw[TINY_MESSAGES], translated[TINY_MESSAGES];
	_Atomic unsigned isr[TINY_MESSAGES + 1], by_message[TINY_MESSAGES];
	KEVENT done;
} seen;

static unsigned number_of(WDFINTERRUPT interrupt)
{
	unsigned n = 0;

	while (n < seen.interrupts && seen.interrupt[n] != interrupt)
		n++;
	return n;
}

static BOOLEAN isr(WDFINTERRUPT interrupt, ULONG message)
{
	seen.isr[number_of(interrupt)]++;
	assert_true(message < TINY_MESSAGES);
	seen.by_message[message]++;
	WdfInterruptQueueDpcForIsr(interrupt);
	return TRUE;
}

static VOID dpc(WDFINTERRUPT interrupt, WDFOBJECT device)
{
	WDF_INTERRUPT_INFO info;

	assert_ptr_equal(device, seen.device);
	WDF_INTERRUPT_INFO_INIT(&info);
	WdfInterruptGetInfo(interrupt, &info);
	if (info.MessageNumber == TINY_DONE)
		KeSetEvent(&seen.done, 0, FALSE);
}

static NTSTATUS make_interrupt(CM_PARTIAL_RESOURCE_DESCRIPTOR *raw,
			       CM_PARTIAL_RESOURCE_DESCRIPTOR *translated)
{
	WDF_INTERRUPT_CONFIG config;

	WDF_INTERRUPT_CONFIG_INIT(&config, isr, dpc);
	config.InterruptRaw = raw;
	config.InterruptTranslated = translated;
	return WdfInterruptCreate(seen.device, &config, WDF_NO_OBJECT_ATTRIBUTES,
				  &seen.interrupt[seen.interrupts++]);
}

static NTSTATUS take_interrupts(WDFCMRESLIST raw, WDFCMRESLIST translated)
{
	ULONG count = WdfCmResourceListGetCount(translated);
	NTSTATUS status = STATUS_SUCCESS;
	unsigned found = 0;

	for (ULONG n = 0; n < count && NT_SUCCESS(status); n++) {
		ULONG i = seen.backwards ? count - 1 - n : n;
		CM_PARTIAL_RESOURCE_DESCRIPTOR *one = WdfCmResourceListGetDescriptor(translated, i);

		if (one->Type != CmResourceTypeInterrupt)
			continue;
		seen.translated[found] = *one;
		seen.raw[found++] = *WdfCmResourceListGetDescriptor(raw, i);
		if (!seen.at_add)
			status = make_interrupt(WdfCmResourceListGetDescriptor(raw, i), one);
	}
	return status;
}

static NTSTATUS prepare(WDFDEVICE device, WDFCMRESLIST raw, WDFCMRESLIST translated)
{
	for (ULONG i = 0; i < WdfCmResourceListGetCount(translated); i++) {
		CM_PARTIAL_RESOURCE_DESCRIPTOR *one = WdfCmResourceListGetDescriptor(translated, i);

		if (one->Type == CmResourceTypeMemory)
			seen.memory[seen.regions++] = *one;
	}
	if (seen.regions != (seen.chip ? 1 : 2))
		return STATUS_DEVICE_CONFIGURATION_ERROR;
	seen.control = MmMapIoSpaceEx(seen.memory[0].u.Memory.Start, seen.memory[0].u.Memory.Length,
				      PAGE_READWRITE | PAGE_NOCACHE);
	if (seen.chip)
		return take_interrupts(raw, translated);
	seen.store = MmMapIoSpaceEx(seen.memory[1].u.Memory.Start, seen.memory[1].u.Memory.Length,
				    PAGE_READWRITE | PAGE_NOCACHE);
	return take_interrupts(raw, translated);
}

static NTSTATUS release(WDFDEVICE device, WDFCMRESLIST translated)
{
	MmUnmapIoSpace(seen.control, seen.memory[0].u.Memory.Length);
	if (seen.store)
		MmUnmapIoSpace(seen.store, seen.memory[1].u.Memory.Length);
	return STATUS_SUCCESS;
}

static NTSTATUS device_add(WDFDRIVER driver, PWDFDEVICE_INIT init)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
	WDF_DMA_ENABLER_CONFIG dma;
	NTSTATUS status;

	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = prepare;
	callbacks.EvtDeviceReleaseHardware = release;
	WdfDeviceInitSetPnpPowerEventCallbacks(init, &callbacks);
	status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &seen.device);
	if (!NT_SUCCESS(status))
		return status;
	for (unsigned i = 0; seen.at_add && i <= TINY_MESSAGES && NT_SUCCESS(status); i++)
		status = make_interrupt(NULL, NULL);
	if (!NT_SUCCESS(status))
		return status;
	WDF_DMA_ENABLER_CONFIG_INIT(&dma, WdfDmaProfileScatterGather64, 65536);
	return WdfDmaEnablerCreate(seen.device, &dma, WDF_NO_OBJECT_ATTRIBUTES, &seen.enabler);
}

static NTSTATUS entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	WDF_DRIVER_CONFIG config;

	WDF_DRIVER_CONFIG_INIT(&config, device_add);
	return WdfDriverCreate(driver, path, WDF_NO_OBJECT_ATTRIBUTES, &config, WDF_NO_HANDLE);
}

static struct stage *set(const struct device_ops *ops)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct stage *s = stage_new("tiny", entry);

	KeInitializeEvent(&seen.done, SynchronizationEvent, FALSE);
	stage_enter(s);
	stage_use_model(s, ops, mac);
	return s;
}

static struct stage *start(bool at_add, bool backwards)
{
	struct stage *s;

	memset(&seen, 0, sizeof(seen));
	seen.at_add = at_add;
	seen.backwards = backwards;
	s = set(&tiny_ops);
	stage_up(s);
	return s;
}

static void each_region_is_a_resource(void **state)
{
	struct stage *s = start(false, false);

	assert_int_equal(seen.memory[0].u.Memory.Length, TINY_CONTROL_LENGTH);
	assert_int_equal(seen.memory[1].u.Memory.Length, TINY_MEMORY_LENGTH);
	assert_int_equal(seen.memory[0].u.Memory.Start.QuadPart,
			 s->card->bus.physical[TINY_CONTROL]);
	assert_int_equal(seen.memory[1].u.Memory.Start.QuadPart,
			 s->card->bus.physical[TINY_MEMORY]);
	assert_int_equal(seen.memory[1].u.Memory.Start.QuadPart % TINY_MEMORY_LENGTH, 0);

	assert_int_equal(READ_REGISTER_ULONG((ULONG *)(seen.control + TINY_ID)), TINY_IS);
	WRITE_REGISTER_ULONG((ULONG *)(seen.store + TINY_MEMORY_LENGTH - 4), 0x12345678);
	assert_int_equal(READ_REGISTER_USHORT((USHORT *)(seen.store + TINY_MEMORY_LENGTH - 2)),
			 0x1234);
	stage_free(s);
}

static void each_message_is_a_resource(void **state)
{
	struct stage *s = start(false, false);

	for (unsigned i = 0; i < TINY_MESSAGES; i++) {
		const CM_PARTIAL_RESOURCE_DESCRIPTOR *raw = &seen.raw[i], *t = &seen.translated[i];

		assert_int_equal(raw->Flags,
				 CM_RESOURCE_INTERRUPT_LATCHED | CM_RESOURCE_INTERRUPT_MESSAGE);
		assert_int_equal(t->Flags, raw->Flags);
		assert_int_equal(t->ShareDisposition, CmResourceShareDeviceExclusive);
		assert_int_equal(raw->u.MessageInterrupt.Raw.MessageCount, 1);
		assert_int_equal(t->u.MessageInterrupt.Translated.Level, NT_DIRQL);
		assert_int_equal(t->u.MessageInterrupt.Translated.Vector,
				 raw->u.MessageInterrupt.Raw.Vector);
		assert_int_equal(t->u.MessageInterrupt.Translated.Vector,
				 seen.translated[0].u.MessageInterrupt.Translated.Vector + i);
	}
	stage_free(s);
}

static void tell_to_send(unsigned message)
{
	WRITE_REGISTER_ULONG((ULONG *)(seen.control + TINY_SEND), message);
}

/* Each object hears its own message, and is told its number. */
static void check_messages(const unsigned message_of[TINY_MESSAGES])
{
	for (unsigned i = 0; i < TINY_MESSAGES; i++) {
		unsigned message = message_of[i], before = seen.isr[i];
		WDF_INTERRUPT_INFO info;

		tell_to_send(message);
		assert_int_equal(seen.isr[i], before + 1);
		assert_int_equal(seen.by_message[message], 1);
		WDF_INTERRUPT_INFO_INIT(&info);
		WdfInterruptGetInfo(seen.interrupt[i], &info);
		assert_true(info.MessageSignaled);
		assert_int_equal(info.MessageNumber, message);
		assert_int_equal(info.Mode, Latched);
		assert_int_equal(info.Irql, NT_DIRQL);
	}
}

static void a_message_reaches_the_object_made_for_it(void **state)
{
	struct stage *s = start(false, true);

	check_messages((const unsigned[]){ 2, 1, 0 });
	stage_free(s);
}

static void without_descriptors_objects_take_messages_in_order(void **state)
{
	struct stage *s = start(true, false);
	WDF_INTERRUPT_INFO info;

	check_messages((const unsigned[]){ 0, 1, 2 });
	/* One more object than there are messages: it has none. */
	WDF_INTERRUPT_INFO_INIT(&info);
	WdfInterruptGetInfo(seen.interrupt[TINY_MESSAGES], &info);
	assert_int_equal(info.Vector, 0);
	assert_int_equal(seen.isr[TINY_MESSAGES], 0);
	stage_free(s);
}

static void messages_wait_while_the_interrupt_is_disabled(void **state)
{
	struct stage *s = start(false, false);

	WdfInterruptDisable(seen.interrupt[1]);
	tell_to_send(1);
	tell_to_send(1);
	tell_to_send(0);
	assert_int_equal(seen.isr[0], 1);
	assert_int_equal(seen.isr[1], 0);
	WdfInterruptEnable(seen.interrupt[1]);
	assert_int_equal(seen.isr[1], 1);
	stage_free(s);
}

static ULONG config(const BUS_INTERFACE_STANDARD *bus, ULONG offset, ULONG length)
{
	ULONG value = 0;

	assert_int_equal(
		bus->GetBusData(bus->Context, PCI_WHICHSPACE_CONFIG, &value, offset, length),
		length);
	return value;
}

static void get_bus(BUS_INTERFACE_STANDARD *bus)
{
	assert_int_equal(WdfFdoQueryForInterface(seen.device, &GUID_BUS_INTERFACE_STANDARD,
						 (PINTERFACE)bus, sizeof(*bus), 1, NULL),
			 STATUS_SUCCESS);
}

static void the_driver_reads_its_configuration_space(void **state)
{
	struct stage *s = start(false, false);
	BUS_INTERFACE_STANDARD bus;
	ULONG command = 0x0406, value = 0xFFFFFFFF;

	get_bus(&bus);
	assert_int_equal(config(&bus, 0x00, 4), TINY_DEVICE << 16 | TINY_VENDOR);
	assert_int_equal(config(&bus, 0x08, 4), 0x02000007);
	assert_int_equal(config(&bus, 0x10 + 4 * TINY_CONTROL, 4),
			 s->card->bus.physical[TINY_CONTROL]);
	assert_int_equal(config(&bus, 0x14, 4), 0);
	assert_int_equal(config(&bus, 0x10 + 4 * TINY_MEMORY, 4),
			 s->card->bus.physical[TINY_MEMORY]);
	assert_int_equal(config(&bus, 0x3D, 1), 0); /* no pin: it has messages */
	assert_int_equal(config(&bus, 6, 2), 0);    /* and no capabilities */
	assert_int_equal(config(&bus, 0x34, 1), 0);
	assert_int_equal(bus.GetBusData(bus.Context, PCI_WHICHSPACE_CONFIG, &value, 0xFE, 4), 2);
	assert_int_equal(bus.GetBusData(bus.Context, PCI_WHICHSPACE_CONFIG, &value, 0x100, 1), 0);
	assert_int_equal(bus.GetBusData(bus.Context, 1, &value, 0, 4), 0);

	/* Only what PCI lets a driver write. */
	assert_int_equal(bus.SetBusData(bus.Context, PCI_WHICHSPACE_CONFIG, &command, 4, 2), 2);
	assert_int_equal(config(&bus, 4, 2), 0x0406);
	assert_int_equal(bus.SetBusData(bus.Context, PCI_WHICHSPACE_CONFIG, &command, 0, 4), 4);
	assert_int_equal(config(&bus, 0x00, 4), TINY_DEVICE << 16 | TINY_VENDOR);
	bus.InterfaceDereference(bus.Context);
	assert_int_equal(WdfFdoQueryForInterface(seen.device, &GUID_PCI_BUS_INTERFACE_STANDARD,
						 (PINTERFACE)&bus, sizeof(bus), 1, NULL),
			 STATUS_NOT_SUPPORTED);
	stage_free(s);
}

static ULONG find(const BUS_INTERFACE_STANDARD *bus, UCHAR id, void *capability, ULONG length)
{
	PCI_CAPABILITIES_HEADER header;
	unsigned seen_headers = 0;

	for (UCHAR at = (UCHAR)config(bus, 0x34, 1); at; at = header.Next) {
		assert_true(at >= 0x40 && at % 4 == 0 && ++seen_headers < 48);
		bus->GetBusData(bus->Context, PCI_WHICHSPACE_CONFIG, &header, at, sizeof(header));
		if (header.CapabilityID != id)
			continue;
		assert_int_equal(bus->GetBusData(bus->Context, PCI_WHICHSPACE_CONFIG, capability,
						 at, length),
				 length);
		return at;
	}
	return 0;
}

static void check_power_management(const BUS_INTERFACE_STANDARD *bus)
{
	PCI_PM_CAPABILITY power;

	assert_int_equal(find(bus, PCI_CAPABILITY_ID_POWER_MANAGEMENT, &power, sizeof(power)),
			 0x40);
	assert_int_equal(power.PMC.Capabilities.Version, 3);
	assert_true(power.PMC.Capabilities.Support.D1 && power.PMC.Capabilities.Support.D2);
	assert_true(power.PMC.Capabilities.Support.PMED0);
	assert_true(power.PMC.Capabilities.Support.PMED3Hot);
	assert_true(power.PMC.Capabilities.Support.PMED3Cold);
	assert_false(power.PMC.Capabilities.PMEClock);
	assert_int_equal(power.PMCSR.AsUSHORT, 0);
}

static void check_express(const BUS_INTERFACE_STANDARD *bus)
{
	PCI_EXPRESS_CAPABILITY express;

	assert_int_equal(find(bus, PCI_CAPABILITY_ID_PCI_EXPRESS, &express, sizeof(express)), 0x70);
	assert_int_equal(express.ExpressCapabilities.CapabilityVersion, 2);
	assert_int_equal(express.ExpressCapabilities.DeviceType, PciExpressEndpoint);
	assert_int_equal(express.ExpressCapabilities.InterruptMessageNumber, 1);
	assert_int_equal(express.DeviceCapabilities.MaxPayloadSizeSupported, MaxPayload256Bytes);
	assert_int_equal(express.DeviceCapabilities.L0sAcceptableLatency, L0s_256ns_512ns);
	assert_int_equal(express.DeviceCapabilities.L1AcceptableLatency, L1_32us_64us);
	assert_true(express.DeviceCapabilities.RoleBasedErrorReporting);
	assert_int_equal(express.DeviceControl.MaxPayloadSize, MaxPayload128Bytes);
	assert_int_equal(express.DeviceControl.MaxReadRequestSize, MaxPayload512Bytes);
	assert_true(express.DeviceControl.EnableRelaxedOrder);
	assert_true(express.DeviceControl.NoSnoopEnable);
	assert_int_equal(express.DeviceStatus.AsUSHORT, 0x10);
	assert_int_equal(express.LinkCapabilities.MaximumLinkSpeed, 1);
	assert_int_equal(express.LinkCapabilities.MaximumLinkWidth, 1);
	assert_int_equal(express.LinkCapabilities.ActiveStatePMSupport, L0sAndL1EntrySupport);
	assert_int_equal(express.LinkCapabilities.L0sExitLatency, L0s_256ns_512ns);
	assert_int_equal(express.LinkCapabilities.L1ExitLatency, L1_32us_64us);
	assert_true(express.LinkCapabilities.ClockPowerManagement);
	assert_int_equal(express.LinkControl.AsUSHORT, 0);
	assert_int_equal(express.LinkStatus.LinkSpeed, 1);
	assert_int_equal(express.LinkStatus.LinkWidth, 1);
	assert_true(express.LinkStatus.SlotClockConfig);
	assert_int_equal(express.DeviceCapabilities2.AsULONG, 0x10);
	assert_int_equal(express.LinkControl2.TargetLinkSpeed, 1);
}

/* Neither kind of message is on: the model has a line. */
static void check_message_capabilities(const BUS_INTERFACE_STANDARD *bus)
{
	ULONG words[3];

	assert_int_equal(find(bus, PCI_CAPABILITY_ID_MSI, words, sizeof(words)), 0x50);
	assert_int_equal(words[0] >> 16, 0x0080);
	assert_int_equal(words[1] | words[2], 0);
	assert_int_equal(find(bus, PCI_CAPABILITY_ID_MSIX, words, sizeof(words)), 0xAC);
	assert_int_equal(words[0] >> 16, 3);
	assert_int_equal(words[1], 0x0004);
	assert_int_equal(words[2], 0x0804);
}

static void a_driver_finds_the_capabilities_of_the_rtl8168(void **state)
{
	USHORT d3 = 0x0103;
	BUS_INTERFACE_STANDARD bus;
	PCI_PM_CAPABILITY power;
	struct stage *s;

	memset(&seen, 0, sizeof(seen));
	seen.chip = true;
	s = set(&rtl8168_ops);
	stage_up(s);
	get_bus(&bus);
	assert_true(config(&bus, 6, 2) & PCI_STATUS_CAPABILITIES_LIST);
	check_power_management(&bus);
	check_express(&bus);
	check_message_capabilities(&bus);
	assert_int_equal(find(&bus, PCI_CAPABILITY_ID_VPD, &power, sizeof(power)), 0);

	/* What is written there changes nothing. */
	assert_int_equal(bus.SetBusData(bus.Context, PCI_WHICHSPACE_CONFIG, &d3, 0x44, 2), 2);
	check_power_management(&bus);
	stage_free(s);
}

static void read_own(void *context, unsigned offset, void *to, unsigned length)
{
	memset(to, (int)(0xA0 + offset), length);
}

static uint8_t written[BUS_CONFIG_SIZE];

static void write_own(void *context, unsigned offset, const void *from, unsigned length)
{
	memcpy(written + offset, from, length);
}

static void a_device_may_have_a_configuration_space_of_its_own(void **state)
{
	struct device_ops ops = tiny_ops;
	BUS_INTERFACE_STANDARD bus;
	struct stage *s;
	ULONG value = 0x11223344;

	memset(&seen, 0, sizeof(seen));
	ops.bus.config_read = read_own;
	ops.bus.config_write = write_own;
	s = set(&ops);
	stage_up(s);
	get_bus(&bus);
	assert_int_equal(config(&bus, 2, 2), 0xA2A2);
	assert_int_equal(bus.SetBusData(bus.Context, PCI_WHICHSPACE_CONFIG, &value, 0xFE, 4), 2);
	assert_int_equal(written[0xFE], 0x44);
	assert_int_equal(written[0xFF], 0x33);
	stage_free(s);
}

static void invert(uint64_t logical, ULONG length)
{
	WRITE_REGISTER_ULONG64((ULONG64 *)(seen.control + TINY_ADDRESS), logical);
	WRITE_REGISTER_ULONG((ULONG *)(seen.control + TINY_LENGTH), length);
	WRITE_REGISTER_ULONG((ULONG *)(seen.control + TINY_INVERT), 1);
	assert_int_equal(KeWaitForSingleObject(&seen.done, Executive, KernelMode, FALSE, NULL),
			 STATUS_SUCCESS);
}

/* The driver's memory and the device's are the same pages, in two mappings. */
static void a_common_buffer_is_shared_with_the_device(void **state)
{
	struct stage *s = start(false, false);
	WDF_COMMON_BUFFER_CONFIG aligned;
	WDFCOMMONBUFFER buffer, other;
	unsigned char *va;
	uint64_t logical;

	assert_int_equal(tiny_mappings(s->card), 0);
	assert_int_equal(WdfCommonBufferCreate(seen.enabler, 10000, NULL, &buffer), STATUS_SUCCESS);
	/* Aligned wider than a page: it begins behind the allocation's start. */
	WDF_COMMON_BUFFER_CONFIG_INIT(&aligned, 0xFFFF);
	assert_int_equal(WdfCommonBufferCreateWithConfig(seen.enabler, 100, &aligned, NULL, &other),
			 STATUS_SUCCESS);
	assert_int_equal(tiny_mappings(s->card), 2);

	va = WdfCommonBufferGetAlignedVirtualAddress(buffer);
	logical = (uint64_t)WdfCommonBufferGetAlignedLogicalAddress(buffer).QuadPart;
	memset(va, 0x5A, 10000);
	invert(logical + 100, 9900);
	assert_int_equal(va[99], 0x5A);
	assert_int_equal(va[100], 0xA5);
	assert_int_equal(va[9999], 0xA5);
	assert_int_equal(seen.by_message[TINY_DONE], 1);

	va = WdfCommonBufferGetAlignedVirtualAddress(other);
	invert((uint64_t)WdfCommonBufferGetAlignedLogicalAddress(other).QuadPart, 100);
	assert_int_equal(va[0], 0xFF);
	assert_int_equal(va[99], 0xFF);

	WdfObjectDelete(other);
	assert_int_equal(tiny_mappings(s->card), 1);
	stage_remove(s);
	assert_int_equal(tiny_mappings(s->card), 0);
	assert_int_equal(tiny_told(s->card), 2);
	stage_free(s);
}

/* The wire is where the device is: what the host asks of a card finds nothing to do. */
static void a_device_elsewhere_has_no_wire_here(void **state)
{
	struct stage *s = start(false, false);

	assert_int_equal(device_pump(s->card, 64), 0);
	assert_true(device_receive_ready(s->card));
	device_set_link(s->card, false);
	stage_free(s);
}

static void the_rtl8168_has_one_region_and_a_line(void **state)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct stage *s = stage_new("none", entry);
	struct bus *bus;
	uint32_t value;

	stage_use_card(s, "rtl8168", mac);
	bus = &s->card->bus;
	assert_int_equal(bus->interrupt_count, 1);
	assert_int_equal(bus->interrupts[0].kind, NT_INTERRUPT_LINE);
	assert_ptr_equal(bus->dma, &s->machine.dma);
	assert_int_equal(bus_config_read(bus, 0, &value, 4), 4);
	assert_int_equal(value, 0x816810EC);
	assert_int_equal(bus_config_read(bus, 0x10 + 4 * RTL_BAR, &value, 4), 4);
	assert_int_equal(value, bus->physical[RTL_BAR]);
	assert_int_equal(bus_config_read(bus, 0x3D, &value, 1), 1);
	assert_int_equal(value & 0xFF, 1);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_region_is_a_resource),
		cmocka_unit_test(each_message_is_a_resource),
		cmocka_unit_test(a_message_reaches_the_object_made_for_it),
		cmocka_unit_test(without_descriptors_objects_take_messages_in_order),
		cmocka_unit_test(messages_wait_while_the_interrupt_is_disabled),
		cmocka_unit_test(the_driver_reads_its_configuration_space),
		cmocka_unit_test(a_driver_finds_the_capabilities_of_the_rtl8168),
		cmocka_unit_test(a_device_may_have_a_configuration_space_of_its_own),
		cmocka_unit_test(a_common_buffer_is_shared_with_the_device),
		cmocka_unit_test(a_device_elsewhere_has_no_wire_here),
		cmocka_unit_test(the_rtl8168_has_one_region_and_a_line),
	};

	return cmocka_run_group_tests_name("device bus", tests, NULL, NULL);
}
