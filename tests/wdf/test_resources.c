/* SPDX-License-Identifier: MIT */
/* Hardware resources, DMA enablers, common buffers, memory, strings, collections, power policy. */
#include "nt/guard.h"
#include "test_driver.h"

static NTSTATUS look_at_resources(WDFDEVICE device, WDFCMRESLIST raw, WDFCMRESLIST translated)
{
	const CM_PARTIAL_RESOURCE_DESCRIPTOR *memory, *interrupt;

	assert_int_equal(WdfCmResourceListGetCount(raw), 2);
	assert_int_equal(WdfCmResourceListGetCount(translated), 2);
	memory = WdfCmResourceListGetDescriptor(translated, 0);
	interrupt = WdfCmResourceListGetDescriptor(translated, 1);
	assert_int_equal(memory->Type, CmResourceTypeMemory);
	assert_int_equal(memory->u.Memory.Start.QuadPart, 0xFE000000);
	assert_int_equal(memory->u.Memory.Length, 0x100);
	assert_int_equal(interrupt->Type, CmResourceTypeInterrupt);
	assert_int_equal(interrupt->u.Interrupt.Level, NT_DIRQL);
	assert_null(WdfCmResourceListGetDescriptor(translated, 2));
	return test_driver_call("Prepare");
}

static NTSTATUS add(struct test_driver *d, PWDFDEVICE_INIT init)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;

	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = look_at_resources;
	WdfDeviceInitSetPnpPowerEventCallbacks(init, &callbacks);
	WdfDeviceInitSetIoType(init, WdfDeviceIoDirect);
	WdfDeviceInitSetPowerPolicyOwnership(init, TRUE);
	return STATUS_SUCCESS;
}

static WDFDEVICE device_of(void **state)
{
	struct test_driver *d = *state;

	d->device_add = add;
	test_driver_add(d);
	return d->device_handle;
}

static void a_driver_sees_memory_and_interrupt(void **state)
{
	device_of(state);
	assert_int_equal(wdf_device_start(test_driver->device), STATUS_SUCCESS);
	assert_string_equal(test_driver_calls(test_driver), "Prepare");
}

static WDFDMAENABLER enabler_of(WDFDEVICE device, WDF_DMA_PROFILE profile)
{
	WDF_DMA_ENABLER_CONFIG config;
	WDFDMAENABLER enabler;

	WDF_DMA_ENABLER_CONFIG_INIT(&config, profile, 65536);
	assert_int_equal(WdfDmaEnablerCreate(device, &config, NULL, &enabler), STATUS_SUCCESS);
	assert_int_equal(WdfDmaEnablerGetMaximumLength(enabler), 65536);
	return enabler;
}

static void enablers_check_what_they_are_told(void **state)
{
	WDFDEVICE device = device_of(state);
	WDF_DMA_ENABLER_CONFIG config;
	WDFDMAENABLER enabler;

	WDF_DMA_ENABLER_CONFIG_INIT(&config, WdfDmaProfileSystem, 65536);
	assert_int_equal(WdfDmaEnablerCreate(device, &config, NULL, &enabler),
			 STATUS_INVALID_PARAMETER);
	WDF_DMA_ENABLER_CONFIG_INIT(&config, WdfDmaProfilePacket, 0);
	assert_int_equal(WdfDmaEnablerCreate(device, &config, NULL, &enabler),
			 STATUS_INVALID_PARAMETER);
	config.Size++;
	assert_int_equal(WdfDmaEnablerCreate(device, &config, NULL, &enabler),
			 STATUS_INFO_LENGTH_MISMATCH);
	enabler = enabler_of(device, WdfDmaProfileScatterGather);
	WdfDmaEnablerSetMaximumScatterGatherElements(enabler, 17);
	assert_int_equal(WdfDmaEnablerGetMaximumScatterGatherElements(enabler), 17);
}

static void a_common_buffer_is_memory_for_both_sides(void **state)
{
	WDFDEVICE device = device_of(state);
	WDFDMAENABLER enabler = enabler_of(device, WdfDmaProfileScatterGather);
	struct nt_dma *dma = &test_driver->nt->machine.dma;
	WDFCOMMONBUFFER buffer, other;
	PHYSICAL_ADDRESS logical;
	unsigned char *va;

	WdfDeviceSetAlignmentRequirement(device, FILE_256_BYTE_ALIGNMENT);
	assert_int_equal(WdfDeviceGetAlignmentRequirement(device), 255);
	assert_int_equal(WdfCommonBufferCreate(enabler, 1000, NULL, &buffer), STATUS_SUCCESS);
	assert_int_equal(WdfCommonBufferCreate(enabler, 0, NULL, &other), STATUS_INVALID_PARAMETER);
	va = WdfCommonBufferGetAlignedVirtualAddress(buffer);
	logical = WdfCommonBufferGetAlignedLogicalAddress(buffer);
	assert_int_equal(WdfCommonBufferGetLength(buffer), 1000);
	assert_int_equal((uintptr_t)va % 256, 0);
	assert_int_equal(logical.QuadPart % 256, 0);
	assert_true(logical.QuadPart > 0 && logical.QuadPart <= 0xFFFFFFFF);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(va[i], 0);
	assert_ptr_equal(nt_dma_at(dma, (uint64_t)logical.QuadPart, 1000), va);
	assert_null(nt_dma_at(dma, (uint64_t)logical.QuadPart, 1001));
	WdfObjectDelete(buffer);
	assert_null(nt_dma_at(dma, (uint64_t)logical.QuadPart, 1));
}

static WDFCOMMONBUFFER buffer_to_overrun;

/* @context: where, from its start */
static void write_at(void *context)
{
	unsigned char *va = WdfCommonBufferGetAlignedVirtualAddress(buffer_to_overrun);

	va[*(volatile intptr_t *)&(intptr_t){ (intptr_t)context }] = 1;
	WdfObjectDelete(buffer_to_overrun);
}

static void is_named(intptr_t at, const char *text)
{
	static struct child_end end;

	if (!nt_guard_poisons()) {
		child_violates(write_at, (void *)at, "SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION",
			       "in the end of a WDFCOMMONBUFFER", text, NULL);
		return;
	}
	child_run(&end, write_at, (void *)at);
	assert_int_not_equal(end.exit_code, 0);
	assert_non_null(strstr(end.text, "use-after-poison"));
	assert_non_null(strstr(end.text, text));
}

static void what_is_written_beside_a_common_buffer_is_named(void **state)
{
	WDFDMAENABLER enabler = enabler_of(device_of(state), WdfDmaProfileScatterGather64);
	WDF_COMMON_BUFFER_CONFIG config;

	assert_int_equal(WdfCommonBufferCreate(enabler, 1000, NULL, &buffer_to_overrun),
			 STATUS_SUCCESS);
	is_named(1000, "0 bytes behind the end of a common buffer of 1000 bytes");
	is_named(PAGE_SIZE - 1, "3095 bytes behind the end of a common buffer of 1000 bytes");
	WDF_COMMON_BUFFER_CONFIG_INIT(&config, 0x1FFFF);
	assert_int_equal(
		WdfCommonBufferCreateWithConfig(enabler, 64, &config, NULL, &buffer_to_overrun),
		STATUS_SUCCESS);
	is_named(64, "0 bytes behind the end of a common buffer of 64 bytes");
}

static void alignment_may_be_wider_than_a_page(void **state)
{
	WDFDMAENABLER enabler = enabler_of(device_of(state), WdfDmaProfileScatterGather64);
	WDF_COMMON_BUFFER_CONFIG config;
	WDFCOMMONBUFFER buffer;

	WDF_COMMON_BUFFER_CONFIG_INIT(&config, 0xFFFF);
	assert_int_equal(WdfCommonBufferCreateWithConfig(enabler, 100, &config, NULL, &buffer),
			 STATUS_SUCCESS);
	assert_int_equal((uintptr_t)WdfCommonBufferGetAlignedVirtualAddress(buffer) % 0x10000, 0);
	config.AlignmentRequirement = 100;
	assert_int_equal(WdfCommonBufferCreateWithConfig(enabler, 100, &config, NULL, &buffer),
			 STATUS_INVALID_PARAMETER);
}

static void logical_addresses_run_out_with_a_status(void **state)
{
	WDFDMAENABLER enabler = enabler_of(device_of(state), WdfDmaProfileScatterGather);
	WDFCOMMONBUFFER buffer;
	unsigned count = 0;

	while (NT_SUCCESS(WdfCommonBufferCreate(enabler, PAGE_SIZE, NULL, &buffer)))
		count++;
	assert_int_equal(count, 63);
	WdfObjectDelete(buffer);
	assert_int_equal(WdfCommonBufferCreate(enabler, PAGE_SIZE, NULL, &buffer), STATUS_SUCCESS);
}

static void memory_is_copied_within_its_bounds(void **state)
{
	unsigned char own[16] = "own", *va, copy[16];
	WDFMEMORY memory, preallocated;
	size_t size;

	device_of(state);
	assert_int_equal(
		WdfMemoryCreate(NULL, NonPagedPoolNx, 0x31323334, 10, &memory, (PVOID *)&va),
		STATUS_SUCCESS);
	memcpy(va, "0123456789", 10);
	assert_ptr_equal(WdfMemoryGetBuffer(memory, &size), va);
	assert_int_equal(size, 10);
	assert_int_equal(WdfMemoryCopyToBuffer(memory, 8, copy, 2), STATUS_SUCCESS);
	assert_memory_equal(copy, "89", 2);
	assert_int_equal(WdfMemoryCopyToBuffer(memory, 8, copy, 3), STATUS_BUFFER_TOO_SMALL);
	assert_int_equal(WdfMemoryCopyToBuffer(memory, (size_t)-1, copy, 2),
			 STATUS_BUFFER_TOO_SMALL);
	assert_int_equal(WdfMemoryCopyFromBuffer(memory, 0, (PVOID) "ab", 2), STATUS_SUCCESS);
	assert_memory_equal(va, "ab23456789", 10);
	assert_int_equal(WdfMemoryCreate(NULL, NonPagedPoolNx, 0, 0, &preallocated, NULL),
			 STATUS_INVALID_PARAMETER);
	assert_int_equal(WdfMemoryCreatePreallocated(NULL, own, 16, &preallocated), STATUS_SUCCESS);
	assert_ptr_equal(WdfMemoryGetBuffer(preallocated, NULL), own);
	WdfObjectDelete(preallocated);
	WdfObjectDelete(memory);
}

static void collections_keep_order_and_references(void **state)
{
	WDFCOLLECTION collection;
	WDFOBJECT objects[20];

	device_of(state);
	assert_int_equal(WdfCollectionCreate(NULL, &collection), STATUS_SUCCESS);
	assert_null(WdfCollectionGetFirstItem(collection));
	for (int i = 0; i < 20; i++) {
		assert_int_equal(WdfObjectCreate(NULL, &objects[i]), STATUS_SUCCESS);
		assert_int_equal(WdfCollectionAdd(collection, objects[i]), STATUS_SUCCESS);
		/* The collection's reference keeps it. */
		WdfObjectDelete(objects[i]);
	}
	assert_int_equal(WdfCollectionGetCount(collection), 20);
	WdfCollectionRemove(collection, objects[1]);
	WdfCollectionRemoveItem(collection, 0);
	assert_ptr_equal(WdfCollectionGetFirstItem(collection), objects[2]);
	assert_ptr_equal(WdfCollectionGetItem(collection, 1), objects[3]);
	assert_ptr_equal(WdfCollectionGetLastItem(collection), objects[19]);
	assert_null(WdfCollectionGetItem(collection, 18));
	WdfObjectDelete(collection);
}

static void settings_are_checked_and_kept(void **state)
{
	WDFDEVICE device = device_of(state);
	WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS idle;
	WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS wake;

	WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&idle, IdleCannotWakeFromS0);
	assert_int_equal(WdfDeviceAssignS0IdleSettings(device, &idle), STATUS_SUCCESS);
	idle.DxState = PowerDeviceD0;
	assert_int_equal(WdfDeviceAssignS0IdleSettings(device, &idle), STATUS_INVALID_PARAMETER);
	idle.Size = 4;
	assert_int_equal(WdfDeviceAssignS0IdleSettings(device, &idle), STATUS_INFO_LENGTH_MISMATCH);
	WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(&wake);
	assert_int_equal(WdfDeviceAssignSxWakeSettings(device, &wake), STATUS_SUCCESS);
	wake.Enabled = (WDF_TRI_STATE)7;
	assert_int_equal(WdfDeviceAssignSxWakeSettings(device, &wake), STATUS_INVALID_PARAMETER);
	assert_int_equal(WdfDeviceStopIdle(device, TRUE), STATUS_SUCCESS);
	WdfDeviceResumeIdle(device);
	assert_int_equal(WdfDeviceGetSystemPowerAction(device), PowerActionNone);
}

static NTSTATUS add_without_policy(struct test_driver *d, PWDFDEVICE_INIT init)
{
	WdfDeviceInitSetPowerPolicyOwnership(init, FALSE);
	return STATUS_SUCCESS;
}

static void settings_belong_to_the_policy_owner(void **state)
{
	WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS wake;
	struct test_driver *d = *state;

	d->device_add = add_without_policy;
	test_driver_add(d);
	WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(&wake);
	assert_int_equal(WdfDeviceAssignSxWakeSettings(d->device_handle, &wake),
			 STATUS_INVALID_DEVICE_REQUEST);
}

static void odd_alignment(void *context)
{
	WdfDeviceSetAlignmentRequirement(test_driver->device_handle, 256);
}

static void delete_resources(void *context)
{
	WdfObjectDelete(context);
}

static NTSTATUS delete_list(WDFDEVICE device, WDFCMRESLIST raw, WDFCMRESLIST translated)
{
	child_violates(delete_resources, raw, "is a WDFCMRESLIST, which a driver cannot delete",
		       NULL);
	return STATUS_SUCCESS;
}

static NTSTATUS add_deleter(struct test_driver *d, PWDFDEVICE_INIT init)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks;

	WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
	callbacks.EvtDevicePrepareHardware = delete_list;
	WdfDeviceInitSetPnpPowerEventCallbacks(init, &callbacks);
	return STATUS_SUCCESS;
}

static void broken_rules_end_the_driver(void **state)
{
	struct test_driver *d = *state;

	d->device_add = add_deleter;
	test_driver_add(d);
	assert_int_equal(wdf_device_start(d->device), STATUS_SUCCESS);
	child_violates(odd_alignment, NULL, "in WdfDeviceSetAlignmentRequirement",
		       "a power of two less one", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WDF_TEST(a_driver_sees_memory_and_interrupt),
		WDF_TEST(enablers_check_what_they_are_told),
		WDF_TEST(a_common_buffer_is_memory_for_both_sides),
		WDF_TEST(what_is_written_beside_a_common_buffer_is_named),
		WDF_TEST(alignment_may_be_wider_than_a_page),
		WDF_TEST(logical_addresses_run_out_with_a_status),
		WDF_TEST(memory_is_copied_within_its_bounds),
		WDF_TEST(collections_keep_order_and_references),
		WDF_TEST(settings_are_checked_and_kept),
		WDF_TEST(settings_belong_to_the_policy_owner),
		WDF_TEST(broken_rules_end_the_driver),
	};

	return cmocka_run_group_tests_name("wdf resources", tests, NULL, NULL);
}
