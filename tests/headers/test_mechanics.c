/* SPDX-License-Identifier: MIT */
/*
 * What the headers put into a driver: versioned symbols, context types, the note for the loader.
 * The two DDIs that the example needs are played by this program.
 */
#define NETCX_HOST
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <netadaptercx.h>

struct example {
	BOOLEAN ipv4, ipv6;
	SIZE_T maximum, minimum;
	ULONG updates;
};

static struct example context;
static char type_name[64];
static size_t type_size;
static NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES declared;
static PFN_NET_ADAPTER_OFFLOAD_SET_LSO callback;

__attribute__((visibility("default"))) PVOID WdfObjectGetTypedContextWorker(
	WDFOBJECT handle, PCWDF_OBJECT_CONTEXT_TYPE_INFO type)
{
	(void)handle;
	strncpy(type_name, type->ContextName, sizeof(type_name) - 1);
	type_size = type->ContextSize;
	return &context;
}

/* The name is the public one: the header has made netcx_1_3_... of it. */
__attribute__((visibility("default"))) VOID NetAdapterOffloadSetLsoCapabilities(
	NETADAPTER adapter, PNET_ADAPTER_OFFLOAD_LSO_CAPABILITIES capabilities,
	PFN_NET_ADAPTER_OFFLOAD_SET_LSO set)
{
	(void)adapter;
	declared = *capabilities;
	callback = set;
}

/* The example, in the language it was compiled in. */
static void run_example(const char *path)
{
	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES active;
	void *driver = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	VOID (*set_offloads)(NETADAPTER);

	if (!driver)
		fail_msg("%s", dlerror());
	*(void **)&set_offloads = dlsym(driver, "MyAdapterSetOffloads");
	assert_non_null(set_offloads);
	memset(&context, 0, sizeof(context));
	set_offloads((NETADAPTER)&context);
	assert_true(declared.IPv4 && declared.IPv6);
	assert_int_equal(declared.MaximumOffloadSize, 64000);
	assert_int_equal(declared.Size, sizeof(declared));

	NET_ADAPTER_OFFLOAD_LSO_CAPABILITIES_INIT(&active, FALSE, TRUE, 64000, 2);
	callback((NETADAPTER)&context, &active);
	assert_string_equal(type_name, "MY_ADAPTER_CONTEXT");
	assert_int_equal(type_size, sizeof(context));
	assert_false(context.ipv4);
	assert_true(context.ipv6);
	assert_int_equal(context.maximum, 64000);
	assert_int_equal(context.minimum, 2);
	assert_int_equal(context.updates, 1);
	dlclose(driver);
}

static void lso_page_in_c(void **state)
{
	(void)state;
	run_example(LSO_PAGE_C);
}

static void lso_page_in_cxx(void **state)
{
	(void)state;
	run_example(LSO_PAGE_CXX);
}

static void loader_note(void **state)
{
	void *driver = dlopen(API_DRIVER, RTLD_NOW | RTLD_LOCAL);
	const struct netcx_driver_api *api;

	(void)state;
	if (!driver)
		fail_msg("%s", dlerror());
	api = dlsym(driver, "netcx_driver_api");
	assert_non_null(api);
	assert_int_equal(api->magic, NETCX_DRIVER_API_MAGIC);
	assert_int_equal(api->size, sizeof(*api));
	assert_int_equal(api->net_major, 1);
	assert_int_equal(api->net_minor, 3);
	assert_int_equal(api->kmdf_major, 1);
	assert_non_null(dlsym(driver, "DriverEntry"));
	assert_null(dlsym(RTLD_DEFAULT, "netcx_driver_api"));
	dlclose(driver);
}

/* However many files declare a context type, and in whatever language, a driver has one of it. */
static void context_type_is_one_per_driver(void **state)
{
	void *driver = dlopen(API_DRIVER, RTLD_NOW | RTLD_LOCAL);
	PCWDF_OBJECT_CONTEXT_TYPE_INFO (*of_c)(VOID), (*of_cxx)(VOID);

	(void)state;
	if (!driver)
		fail_msg("%s", dlerror());
	*(void **)&of_c = dlsym(driver, "TypeInfoOfC");
	*(void **)&of_cxx = dlsym(driver, "TypeInfoOfCxx");
	assert_ptr_equal(of_c(), of_cxx());
	assert_ptr_equal(of_c()->UniqueType, of_c());
	assert_int_equal(of_c()->ContextSize, sizeof(void *));
	dlclose(driver);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lso_page_in_c),
		cmocka_unit_test(lso_page_in_cxx),
		cmocka_unit_test(loader_note),
		cmocka_unit_test(context_type_is_one_per_driver),
	};

	return cmocka_run_group_tests_name("headers in a driver", tests, NULL, NULL);
}
