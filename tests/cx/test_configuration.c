/* SPDX-License-Identifier: MIT */
/*
 * NETCONFIGURATION: numbers, strings, lists, binary, the address keyword, subkeys, writing.
 * Compiled for 1.3 and, with SHAPE_2, for 2.x: both do the same.
 */
#include <string.h>

#ifdef SHAPE_2
#include "../cx2/recorder.h"
#define STAGE     stage_with(5)
#define HANDLE(s) cx2_adapter_handle((s)->adapter)
#else
#include "recorder.h"
#define STAGE     stage_with("recorder")
#define HANDLE(s) cx13_adapter_handle((s)->adapter)
#endif

#define NAME(variable, literal) \
	UNICODE_STRING variable = { sizeof(literal) - 2, sizeof(literal), (PWCH)(literal) }

/* A stage with the device up, the calling thread the machine's, and the configuration open. */
struct open {
	struct stage *stage;
	NETCONFIGURATION configuration;
};

static struct open open_configuration(void)
{
	struct open o = { .stage = STAGE };

	stage_up(o.stage);
	nt_thread_enter(&o.stage->machine);
	assert_int_equal(NetAdapterOpenConfiguration(HANDLE(o.stage), WDF_NO_OBJECT_ATTRIBUTES,
						     &o.configuration),
			 STATUS_SUCCESS);
	return o;
}

static void close_configuration(struct open *o)
{
	NetConfigurationClose(o->configuration);
	nt_thread_leave();
	stage_free(o->stage);
}

static void numbers(void **state)
{
	static const struct {
		const char *text;
		NTSTATUS decimal;
		ULONG decimal_value;
		NTSTATUS hex;
		ULONG hex_value;
	} cases[] = {
		{ "0", STATUS_SUCCESS, 0, STATUS_SUCCESS, 0 },
		{ "17", STATUS_SUCCESS, 17, STATUS_SUCCESS, 0x17 },
		{ "ff", STATUS_INVALID_PARAMETER, 0, STATUS_SUCCESS, 0xff },
		{ "0x1F", STATUS_INVALID_PARAMETER, 0, STATUS_SUCCESS, 0x1f },
		{ " 42\t", STATUS_SUCCESS, 42, STATUS_SUCCESS, 0x42 },
		{ "4294967295", STATUS_SUCCESS, 4294967295u, STATUS_INVALID_PARAMETER, 0 },
		{ "4294967296", STATUS_INVALID_PARAMETER, 0, STATUS_INVALID_PARAMETER, 0 },
		{ "ffffffff", STATUS_INVALID_PARAMETER, 0, STATUS_SUCCESS, 0xffffffff },
		{ "", STATUS_INVALID_PARAMETER, 0, STATUS_INVALID_PARAMETER, 0 },
		{ "0x", STATUS_INVALID_PARAMETER, 0, STATUS_INVALID_PARAMETER, 0 },
		{ "12 apples", STATUS_INVALID_PARAMETER, 0, STATUS_INVALID_PARAMETER, 0 },
		{ "-1", STATUS_INVALID_PARAMETER, 0, STATUS_INVALID_PARAMETER, 0 },
	};
	struct open o = open_configuration();
	NAME(name, u"*Speed");
	ULONG value, dword = 0x1234;

	assert_int_equal(NetConfigurationQueryUlong(o.configuration, 0, &name, &value),
			 STATUS_OBJECT_NAME_NOT_FOUND);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		stage_keyword(o.stage, "*speed", cases[i].text);
		assert_int_equal(NetConfigurationQueryUlong(o.configuration, 0, &name, &value),
				 cases[i].decimal);
		if (NT_SUCCESS(cases[i].decimal))
			assert_int_equal(value, cases[i].decimal_value);
		assert_int_equal(NetConfigurationQueryUlong(
					 o.configuration,
					 NET_CONFIGURATION_QUERY_ULONG_MAY_BE_STORED_AS_HEX_STRING,
					 &name, &value),
				 cases[i].hex);
		if (NT_SUCCESS(cases[i].hex))
			assert_int_equal(value, cases[i].hex_value);
	}
	nt_reg_set(o.stage->software_key, "*Speed", NT_REG_DWORD, &dword, sizeof(dword));
	assert_int_equal(NetConfigurationQueryUlong(o.configuration, 0, &name, &value),
			 STATUS_SUCCESS);
	assert_int_equal(value, dword);
	nt_reg_set(o.stage->software_key, "*Speed", NT_REG_BINARY, &dword, sizeof(dword));
	assert_int_equal(NetConfigurationQueryUlong(o.configuration, 0, &name, &value),
			 STATUS_OBJECT_TYPE_MISMATCH);
	close_configuration(&o);
}

static void bad_names(void **state)
{
	struct open o = open_configuration();
	static WCHAR letters[400];
	UNICODE_STRING empty = { 0 }, hollow = { 8, 8, NULL };
	UNICODE_STRING endless = { sizeof(letters), sizeof(letters), letters };
	ULONG value;

	for (size_t i = 0; i < 400; i++)
		letters[i] = 'a';
	assert_int_equal(NetConfigurationQueryUlong(o.configuration, 0, &empty, &value),
			 STATUS_OBJECT_NAME_INVALID);
	assert_int_equal(NetConfigurationQueryUlong(o.configuration, 0, &hollow, &value),
			 STATUS_OBJECT_NAME_INVALID);
	assert_int_equal(NetConfigurationQueryUlong(o.configuration, 0, &endless, &value),
			 STATUS_OBJECT_NAME_INVALID);
	assert_int_equal(NetConfigurationQueryUlong(o.configuration, 0, NULL, &value),
			 STATUS_OBJECT_NAME_INVALID);
	close_configuration(&o);
}

static void addresses(void **state)
{
	static const struct {
		const char *text;
		NTSTATUS status;
		int length;
	} cases[] = {
		{ "02AbCd000001", STATUS_SUCCESS, 6 },
		{ "02-ab-cd-00-00-01", STATUS_SUCCESS, 6 },
		{ "02:ab:cd:00:00:01", STATUS_SUCCESS, 6 },
		{ "02", STATUS_SUCCESS, 1 },
		{ "", STATUS_INVALID_PARAMETER, 0 },
		{ "02abcd00000", STATUS_INVALID_PARAMETER, 0 },
		{ "-02", STATUS_INVALID_PARAMETER, 0 },
		{ "02-", STATUS_INVALID_PARAMETER, 0 },
		{ "02abcd00000g", STATUS_INVALID_PARAMETER, 0 },
		{ "0123456789012345678901234567890123456789012345678901234567890123",
		  STATUS_SUCCESS, 32 },
		{ "012345678901234567890123456789012345678901234567890123456789012345",
		  STATUS_INVALID_PARAMETER, 0 },
	};
	struct open o = open_configuration();
	NET_ADAPTER_LINK_LAYER_ADDRESS address;

	assert_int_equal(NetConfigurationQueryLinkLayerAddress(o.configuration, &address),
			 STATUS_OBJECT_NAME_NOT_FOUND);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		stage_keyword(o.stage, "NetworkAddress", cases[i].text);
		assert_int_equal(NetConfigurationQueryLinkLayerAddress(o.configuration, &address),
				 cases[i].status);
		if (NT_SUCCESS(cases[i].status))
			assert_int_equal(address.Length, cases[i].length);
	}
	stage_keyword(o.stage, "NetworkAddress", "02-ab-cd-00-00-01");
	NetConfigurationQueryLinkLayerAddress(o.configuration, &address);
	assert_memory_equal(address.Address, "\x02\xab\xcd\x00\x00\x01", 6);
	close_configuration(&o);
}

static void strings_go_round(void **state)
{
	struct open o = open_configuration();
	NAME(name, u"Remark");
	NAME(list, u"Remarks");
	NAME(value, u"grüß Gott");
	UNICODE_STRING read;
	WDFCOLLECTION collection;
	WDFSTRING string;

	assert_int_equal(NetConfigurationQueryString(o.configuration, &name, NULL, &string),
			 STATUS_OBJECT_NAME_NOT_FOUND);
	assert_int_equal(NetConfigurationAssignUnicodeString(o.configuration, &name, &value),
			 STATUS_SUCCESS);
	assert_int_equal(NetConfigurationQueryString(o.configuration, &name, NULL, &string),
			 STATUS_SUCCESS);
	WdfStringGetUnicodeString(string, &read);
	assert_int_equal(read.Length, value.Length);
	assert_memory_equal(read.Buffer, value.Buffer, value.Length);

	assert_int_equal(WdfCollectionCreate(WDF_NO_OBJECT_ATTRIBUTES, &collection),
			 STATUS_SUCCESS);
	assert_int_equal(WdfCollectionAdd(collection, string), STATUS_SUCCESS);
	assert_int_equal(WdfCollectionAdd(collection, string), STATUS_SUCCESS);
	assert_int_equal(NetConfigurationAssignMultiString(o.configuration, &list, collection),
			 STATUS_SUCCESS);
	assert_int_equal(NetConfigurationQueryString(o.configuration, &list, NULL, &string),
			 STATUS_OBJECT_TYPE_MISMATCH);
	assert_int_equal(NetConfigurationQueryMultiString(o.configuration, &list, NULL, collection),
			 STATUS_SUCCESS);
	assert_int_equal(WdfCollectionGetCount(collection), 4);
	WdfStringGetUnicodeString((WDFSTRING)WdfCollectionGetItem(collection, 3), &read);
	assert_int_equal(read.Length, value.Length);
	WdfObjectDelete(collection);
	/* A string outlives the configuration it was read from. */
	close_configuration(&o);
}

static void binary_goes_round(void **state)
{
	struct open o = open_configuration();
	NAME(name, u"Key");
	NAME(number, u"Number");
	UCHAR bytes[40] = { 1, 2, 3 };
	WDFMEMORY memory;
	ULONG value;
	size_t size;

	assert_int_equal(
		NetConfigurationQueryBinary(o.configuration, &name, NonPagedPoolNx, NULL, &memory),
		STATUS_OBJECT_NAME_NOT_FOUND);
	assert_int_equal(NetConfigurationAssignBinary(o.configuration, &name, bytes, 40),
			 STATUS_SUCCESS);
	assert_int_equal(
		NetConfigurationQueryBinary(o.configuration, &name, NonPagedPoolNx, NULL, &memory),
		STATUS_SUCCESS);
	assert_memory_equal(WdfMemoryGetBuffer(memory, &size), bytes, 40);
	assert_int_equal(size, 40);
	WdfObjectDelete(memory);

	assert_int_equal(NetConfigurationAssignUlong(o.configuration, &number, 77), STATUS_SUCCESS);
	assert_int_equal(NetConfigurationQueryUlong(o.configuration, 0, &number, &value),
			 STATUS_SUCCESS);
	assert_int_equal(value, 77);
	close_configuration(&o);
}

static void subkeys(void **state)
{
	struct open o = open_configuration();
	struct nt_reg_key *key = nt_reg_subkey(o.stage->software_key, "Profiles", true);
	NAME(name, u"profiles");
	NAME(missing, u"nothing");
	NAME(value_name, u"Depth");
	NETCONFIGURATION sub;
	ULONG value;

	nt_reg_set_string(key, "Depth", "3");
	assert_int_equal(
		NetConfigurationOpenSubConfiguration(o.configuration, &missing, NULL, &sub),
		STATUS_OBJECT_NAME_NOT_FOUND);
	assert_int_equal(NetConfigurationOpenSubConfiguration(o.configuration, &name, NULL, &sub),
			 STATUS_SUCCESS);
	assert_int_equal(NetConfigurationQueryUlong(sub, 0, &value_name, &value), STATUS_SUCCESS);
	assert_int_equal(value, 3);
	NetConfigurationClose(sub);
	/* The device's configuration is the adapter's. */
	assert_int_equal(NetDeviceOpenConfiguration(options->Device, NULL, &sub), STATUS_SUCCESS);
	assert_int_equal(NetConfigurationQueryUlong(sub, 0, &value_name, &value),
			 STATUS_OBJECT_NAME_NOT_FOUND);
	NetConfigurationClose(sub);
	close_configuration(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),           cmocka_unit_test(bad_names),
		cmocka_unit_test(addresses),         cmocka_unit_test(strings_go_round),
		cmocka_unit_test(binary_goes_round), cmocka_unit_test(subkeys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
