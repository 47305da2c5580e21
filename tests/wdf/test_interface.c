/* SPDX-License-Identifier: MIT */
/* Device interfaces, the device under the driver's own, what a debugger asks for. */
#include "base/utf.h"
#include "test_driver.h"

static const GUID net_class = {
	0xCAC88484, 0x7515, 0x4C03, { 0x82, 0xE6, 0x71, 0xA8, 0x7A, 0xBA, 0xC3, 0x61 }
};
static const GUID own_class = {
	0x7A1D2C3B, 0x4E5F, 0x4A6B, { 0x8C, 0x9D, 0x0E, 0x1F, 0x2A, 0x3B, 0x4C, 0x5D }
};

static WDFDEVICE device_of(void **state)
{
	test_driver_add(*state);
	return ((struct test_driver *)*state)->device_handle;
}

static UNICODE_STRING text(WCHAR *literal)
{
	UNICODE_STRING string;

	RtlInitUnicodeString(&string, literal);
	return string;
}

static WDFSTRING empty_string(void)
{
	WDFSTRING string;

	assert_int_equal(WdfStringCreate(NULL, NULL, &string), STATUS_SUCCESS);
	return string;
}

static const char *text_of(WDFSTRING string)
{
	static char narrow[300];
	UNICODE_STRING wide;

	WdfStringGetUnicodeString(string, &wide);
	utf8_from_utf16(narrow, sizeof(narrow), wide.Buffer, wide.Length / sizeof(WCHAR));
	return narrow;
}

static bool told(const char *event)
{
	return journal_tells(&test_driver->nt->journal, event);
}

static void an_interface_has_a_name(void **state)
{
	WDFDEVICE device = device_of(state);
	UNICODE_STRING reference = text(u"queue0");
	WDFSTRING string = empty_string();

	assert_int_equal(WdfDeviceCreateDeviceInterface(device, &net_class, NULL), STATUS_SUCCESS);
	assert_int_equal(WdfDeviceCreateDeviceInterface(device, &own_class, &reference),
			 STATUS_SUCCESS);
	assert_true(told(
		"Ethernet DeviceInterfaceCreated class={cac88484-7515-4c03-82e6-71a87abac361}"));
	assert_int_equal(WdfDeviceRetrieveDeviceInterfaceString(device, &net_class, NULL, string),
			 STATUS_INVALID_DEVICE_STATE);
	assert_int_equal(wdf_device_start(test_driver->device), STATUS_SUCCESS);
	assert_int_equal(WdfDeviceRetrieveDeviceInterfaceString(device, &net_class, NULL, string),
			 STATUS_SUCCESS);
	assert_string_equal(text_of(string),
			    "\\??\\NETCX#Ethernet#{cac88484-7515-4c03-82e6-71a87abac361}");
	assert_int_equal(
		WdfDeviceRetrieveDeviceInterfaceString(device, &own_class, &reference, string),
		STATUS_SUCCESS);
	assert_string_equal(text_of(string),
			    "\\??\\NETCX#Ethernet#{7a1d2c3b-4e5f-4a6b-8c9d-0e1f2a3b4c5d}\\queue0");
	/* The class alone is another interface, and there is none. */
	assert_int_equal(WdfDeviceRetrieveDeviceInterfaceString(device, &own_class, NULL, string),
			 STATUS_OBJECT_NAME_NOT_FOUND);
	WdfObjectDelete(string);
}

static void its_state_is_the_drivers(void **state)
{
	WDFDEVICE device = device_of(state);
	UNICODE_STRING other = text(u"other");

	assert_int_equal(WdfDeviceCreateDeviceInterface(device, &net_class, NULL), STATUS_SUCCESS);
	WdfDeviceSetDeviceInterfaceStateEx(device, &net_class, NULL, TRUE); /* as it was */
	assert_false(told("DeviceInterfaceState"));
	WdfDeviceSetDeviceInterfaceStateEx(device, &net_class, NULL, FALSE);
	assert_true(
		told("DeviceInterfaceState class={cac88484-7515-4c03-82e6-71a87abac361} enabled="));
	journal_forget(&test_driver->nt->journal);
	WdfDeviceSetDeviceInterfaceState(device, &net_class, NULL, TRUE);
	assert_true(told("DeviceInterfaceState"));
	WdfDeviceSetDeviceInterfaceState(device, &net_class, &other, TRUE);
	assert_true(told(
		"WdfDeviceSetDeviceInterfaceState: the driver has not created that interface"));
}

static void a_reference_has_no_separators(void **state)
{
	WDFDEVICE device = device_of(state);
	UNICODE_STRING path = text(u"a\\b"), slash = text(u"a/b");

	assert_int_equal(WdfDeviceCreateDeviceInterface(device, &net_class, &path),
			 STATUS_INVALID_PARAMETER);
	assert_int_equal(WdfDeviceCreateDeviceInterface(device, &net_class, &slash),
			 STATUS_INVALID_PARAMETER);
}

static void creates_one_at_dispatch(void *context)
{
	KeRaiseIrqlToDpcLevel();
	WdfDeviceCreateDeviceInterface(test_driver->device_handle, &net_class, NULL);
}

static void creates_one_of_no_class(void *context)
{
	WdfDeviceCreateDeviceInterface(test_driver->device_handle, NULL, NULL);
}

static void misuse_is_named(void **state)
{
	device_of(state);
	child_violates(creates_one_at_dispatch, NULL, "in WdfDeviceCreateDeviceInterface", "IRQL 2",
		       NULL);
	child_violates(creates_one_of_no_class, NULL, "in WdfDeviceCreateDeviceInterface",
		       "InterfaceClassGUID", NULL);
}

static void the_device_below_is_another(void **state)
{
	WDFDEVICE device = device_of(state);

	assert_non_null(WdfDeviceWdmGetPhysicalDevice(device));
	assert_ptr_not_equal(WdfDeviceWdmGetPhysicalDevice(device),
			     WdfDeviceWdmGetDeviceObject(device));
	assert_null(WdfGetTriageInfo());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WDF_TEST(an_interface_has_a_name),       WDF_TEST(its_state_is_the_drivers),
		WDF_TEST(a_reference_has_no_separators), WDF_TEST(misuse_is_named),
		WDF_TEST(the_device_below_is_another),
	};

	return cmocka_run_group_tests_name("wdf: interfaces", tests, NULL, NULL);
}
