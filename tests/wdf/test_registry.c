/* SPDX-License-Identifier: MIT */
/* WDFKEY and WDFSTRING. */
#include "test_driver.h"

static UNICODE_STRING counted(const WCHAR *text)
{
	UNICODE_STRING string;

	RtlInitUnicodeString(&string, text);
	return string;
}

static WDFKEY parameters(void **state)
{
	WDFKEY key;

	test_driver_add(*state);
	assert_int_equal(WdfDriverOpenParametersRegistryKey(test_driver->driver_handle, KEY_READ,
							    NULL, &key),
			 STATUS_SUCCESS);
	return key;
}

static void numbers_are_assigned_and_queried(void **state)
{
	UNICODE_STRING name = counted(u"Speed"), none = counted(u"None"), text = counted(u"Text");
	WDFKEY key = parameters(state);
	ULONG value = 0, type, length;

	assert_int_equal(WdfRegistryQueryULong(key, &name, &value), STATUS_OBJECT_NAME_NOT_FOUND);
	assert_int_equal(WdfRegistryAssignULong(key, &name, 1000), STATUS_SUCCESS);
	assert_int_equal(WdfRegistryQueryULong(key, &name, &value), STATUS_SUCCESS);
	assert_int_equal(value, 1000);
	assert_int_equal(WdfRegistryAssignUnicodeString(key, &text, &none), STATUS_SUCCESS);
	assert_int_equal(WdfRegistryQueryULong(key, &text, &value), STATUS_OBJECT_TYPE_MISMATCH);
	assert_int_equal(WdfRegistryQueryValue(key, &name, 2, &value, &length, &type),
			 STATUS_BUFFER_OVERFLOW);
	assert_int_equal(length, 4);
	assert_int_equal(type, REG_DWORD);
	assert_int_equal(WdfRegistryQueryValue(key, &name, 4, &value, NULL, NULL), STATUS_SUCCESS);
	assert_int_equal(WdfRegistryRemoveValue(key, &name), STATUS_SUCCESS);
	assert_int_equal(WdfRegistryQueryULong(key, &name, &value), STATUS_OBJECT_NAME_NOT_FOUND);
	name.Length = 0;
	assert_int_equal(WdfRegistryQueryULong(key, &name, &value), STATUS_INVALID_PARAMETER);
	WdfRegistryClose(key);
}

static void texts_are_assigned_and_queried(void **state)
{
	UNICODE_STRING name = counted(u"Text"), value = counted(u"r\u00e9seau"), copy;
	WDFKEY key = parameters(state);
	WDFSTRING string;
	WCHAR buffer[8];
	USHORT length;

	assert_int_equal(WdfRegistryAssignUnicodeString(key, &name, &value), STATUS_SUCCESS);
	RtlInitEmptyUnicodeString(&copy, buffer, sizeof(buffer));
	assert_int_equal(WdfRegistryQueryUnicodeString(key, &name, &length, &copy), STATUS_SUCCESS);
	assert_true(RtlEqualUnicodeString(&copy, &value, FALSE));
	assert_int_equal(length, 14);
	copy.MaximumLength = 10;
	assert_int_equal(WdfRegistryQueryUnicodeString(key, &name, &length, &copy),
			 STATUS_BUFFER_OVERFLOW);
	assert_int_equal(WdfRegistryQueryUnicodeString(key, &name, &length, NULL), STATUS_SUCCESS);
	assert_int_equal(WdfStringCreate(NULL, NULL, &string), STATUS_SUCCESS);
	WdfStringGetUnicodeString(string, &copy);
	assert_int_equal(copy.Length, 0);
	assert_int_equal(WdfRegistryQueryString(key, &name, string), STATUS_SUCCESS);
	WdfStringGetUnicodeString(string, &copy);
	assert_true(RtlEqualUnicodeString(&copy, &value, FALSE));
	name = counted(u"Other");
	assert_int_equal(WdfRegistryAssignString(key, &name, string), STATUS_SUCCESS);
	assert_int_equal(WdfRegistryQueryUnicodeString(key, &name, &length, NULL), STATUS_SUCCESS);
	assert_int_equal(length, 14);
	WdfObjectDelete(string);
}

static void a_multi_string_becomes_a_collection(void **state)
{
	static const WCHAR data[] = u"one\0two\0three\0";
	UNICODE_STRING name = counted(u"List"), text;
	WDFKEY key = parameters(state);
	WDFCOLLECTION collection;

	assert_int_equal(
		WdfRegistryAssignValue(key, &name, REG_MULTI_SZ, sizeof(data), (PVOID)data),
		STATUS_SUCCESS);
	assert_int_equal(WdfCollectionCreate(NULL, &collection), STATUS_SUCCESS);
	assert_int_equal(WdfRegistryQueryMultiString(key, &name, NULL, collection), STATUS_SUCCESS);
	assert_int_equal(WdfCollectionGetCount(collection), 3);
	WdfStringGetUnicodeString(WdfCollectionGetLastItem(collection), &text);
	assert_int_equal(text.Length, 10);
	assert_memory_equal(text.Buffer, u"three", 12);
	/* unterminated, as a broken INF leaves it */
	assert_int_equal(WdfRegistryAssignValue(key, &name, REG_MULTI_SZ, 7, (PVOID)data),
			 STATUS_SUCCESS);
	assert_int_equal(WdfRegistryQueryMultiString(key, &name, NULL, collection), STATUS_SUCCESS);
	assert_int_equal(WdfCollectionGetCount(collection), 4);
}

static void keys_open_below_each_other(void **state)
{
	UNICODE_STRING name = counted(u"A\\B"), absolute, below;
	WDFKEY key = parameters(state), child, again;
	ULONG disposition, value;

	assert_int_equal(WdfRegistryOpenKey(key, &name, KEY_READ, NULL, &child),
			 STATUS_OBJECT_NAME_NOT_FOUND);
	assert_int_equal(WdfRegistryCreateKey(key, &name, KEY_WRITE, 0, &disposition, NULL, &child),
			 STATUS_SUCCESS);
	assert_int_equal(disposition, 1);
	assert_int_equal(WdfRegistryCreateKey(key, &name, KEY_WRITE, 0, &disposition, NULL, &again),
			 STATUS_SUCCESS);
	assert_int_equal(disposition, 2);
	assert_int_equal(WdfRegistryAssignULong(child, &name, 7), STATUS_SUCCESS);
	assert_int_equal(WdfRegistryQueryULong(again, &name, &value), STATUS_SUCCESS);
	assert_int_equal(value, 7);
	absolute = counted(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\test\\"
			   u"parameters\\a");
	assert_int_equal(WdfRegistryOpenKey(NULL, &absolute, KEY_READ, NULL, &again),
			 STATUS_SUCCESS);
	below = counted(u"b");
	assert_int_equal(WdfRegistryOpenKey(again, &below, KEY_READ, NULL, &again), STATUS_SUCCESS);
	assert_int_equal(WdfRegistryQueryULong(again, &name, &value), STATUS_SUCCESS);
	absolute = counted(u"\\Registry\\Machine\\SAM");
	assert_int_equal(WdfRegistryOpenKey(NULL, &absolute, KEY_READ, NULL, &again),
			 STATUS_OBJECT_NAME_NOT_FOUND);
}

static void a_device_has_two_keys(void **state)
{
	UNICODE_STRING name = counted(u"*LsoV2IPv4");
	struct test_driver *d = *state;
	ULONG value = 2;
	WDFKEY key;

	test_driver_add(d);
	nt_reg_set(d->config.software_key, "*LsoV2IPv4", NT_REG_DWORD, &value, sizeof(value));
	assert_int_equal(WdfDeviceOpenRegistryKey(d->device_handle, PLUGPLAY_REGKEY_DRIVER,
						  KEY_READ, NULL, &key),
			 STATUS_SUCCESS);
	assert_int_equal(WdfRegistryQueryULong(key, &name, &value), STATUS_SUCCESS);
	assert_int_equal(value, 2);
	assert_int_equal(WdfDeviceOpenRegistryKey(d->device_handle, PLUGPLAY_REGKEY_DEVICE,
						  KEY_READ, NULL, &key),
			 STATUS_SUCCESS);
	assert_int_equal(WdfRegistryQueryULong(key, &name, &value), STATUS_OBJECT_NAME_NOT_FOUND);
	assert_int_equal(WdfDeviceOpenRegistryKey(d->device_handle, 9, KEY_READ, NULL, &key),
			 STATUS_INVALID_PARAMETER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WDF_TEST(numbers_are_assigned_and_queried),
		WDF_TEST(texts_are_assigned_and_queried),
		WDF_TEST(a_multi_string_becomes_a_collection),
		WDF_TEST(keys_open_below_each_other),
		WDF_TEST(a_device_has_two_keys),
	};

	return cmocka_run_group_tests_name("wdf registry", tests, NULL, NULL);
}
