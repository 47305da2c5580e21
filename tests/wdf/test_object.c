/* SPDX-License-Identifier: MIT */
/* Objects: contexts, the tree, references, and what ends a driver. */
#include <dlfcn.h>
#include <stdio.h>

#include "nt/guard.h"
#include "test_driver.h"

typedef struct FIRST {
	int number;
	char room[60];
} FIRST;

typedef struct SECOND {
	void *pointer;
	char name[8];
} SECOND;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(FIRST, GetFirst)
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(SECOND, GetSecond)

static void cleanup(WDFOBJECT object)
{
	char text[16];

	snprintf(text, sizeof(text), "c:%s", GetSecond(object)->name);
	test_driver_call(text);
}

static void destroy(WDFOBJECT object)
{
	char text[16];

	snprintf(text, sizeof(text), "d:%s", GetSecond(object)->name);
	test_driver_call(text);
}

/* An object that tells of its end; its parent is the driver's when none is given. */
static WDFOBJECT make(const char *name, WDFOBJECT parent)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFOBJECT object;

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, SECOND);
	attributes.EvtCleanupCallback = cleanup;
	attributes.EvtDestroyCallback = destroy;
	attributes.ParentObject = parent;
	assert_int_equal(WdfObjectCreate(&attributes, &object), STATUS_SUCCESS);
	strcpy(GetSecond(object)->name, name);
	return object;
}

static struct test_driver *with_driver(void **state)
{
	test_driver_add(*state);
	return *state;
}

static void a_context_is_zeroed_and_found_by_type(void **state)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFOBJECT object;
	SECOND *second;

	with_driver(state);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, FIRST);
	assert_int_equal(WdfObjectCreate(&attributes, &object), STATUS_SUCCESS);
	assert_non_null(GetFirst(object));
	assert_int_equal(GetFirst(object)->number, 0);
	assert_int_equal((uintptr_t)GetFirst(object) % 16, 0);
	memset(GetFirst(object), 1, sizeof(FIRST));
	assert_null(GetSecond(object));
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, SECOND);
	assert_int_equal(WdfObjectAllocateContext(object, &attributes, (PVOID *)&second),
			 STATUS_SUCCESS);
	assert_ptr_equal(GetSecond(object), second);
	assert_int_equal(WdfObjectAllocateContext(object, &attributes, (PVOID *)&second),
			 STATUS_OBJECT_NAME_EXISTS);
	assert_ptr_equal(GetSecond(object), second);
	assert_ptr_equal(WdfObjectContextGetObject(second), object);
	assert_ptr_equal(WdfObjectContextGetObject(GetFirst(object)), object);
}

static void another_file_may_name_the_same_type(void **state)
{
	const WDF_OBJECT_CONTEXT_TYPE_INFO twin = { .Size = sizeof(twin),
						    .ContextName = "FIRST",
						    .ContextSize = sizeof(FIRST) };
	const WDF_OBJECT_CONTEXT_TYPE_INFO other = { .Size = sizeof(other),
						     .ContextName = "FIRST",
						     .ContextSize = sizeof(FIRST) + 1 };
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFOBJECT object;

	with_driver(state);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, FIRST);
	assert_int_equal(WdfObjectCreate(&attributes, &object), STATUS_SUCCESS);
	assert_ptr_equal(WdfObjectGetTypedContextWorker(object, &twin), GetFirst(object));
	assert_null(WdfObjectGetTypedContextWorker(object, &other));
}

static void bad_attributes_are_refused(void **state)
{
	WDF_OBJECT_CONTEXT_TYPE_INFO type = *WDF_GET_CONTEXT_TYPE_INFO(FIRST);
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFOBJECT object;

	with_driver(state);
	memset(&attributes, 0, sizeof(attributes));
	assert_int_equal(WdfObjectCreate(&attributes, &object), STATUS_INFO_LENGTH_MISMATCH);
	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, FIRST);
	attributes.ContextSizeOverride = sizeof(FIRST) - 1;
	assert_int_equal(WdfObjectCreate(&attributes, &object),
			 STATUS_WDF_OBJECT_ATTRIBUTES_INVALID);
	attributes.ContextSizeOverride = (size_t)-1;
	assert_int_equal(WdfObjectCreate(&attributes, &object), STATUS_INSUFFICIENT_RESOURCES);
	attributes.ContextSizeOverride = sizeof(FIRST) + 100;
	assert_int_equal(WdfObjectCreate(&attributes, &object), STATUS_SUCCESS);
	memset(GetFirst(object), 1, sizeof(FIRST) + 100);
	attributes.ContextSizeOverride = 0;
	type.ContextName = NULL;
	attributes.ContextTypeInfo = &type;
	assert_int_equal(WdfObjectCreate(&attributes, &object), STATUS_OBJECT_NAME_INVALID);
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ExecutionLevel = WdfExecutionLevelInvalid;
	assert_int_equal(WdfObjectCreate(&attributes, &object), STATUS_WDF_EXECUTION_LEVEL_INVALID);
	attributes.ExecutionLevel = WdfExecutionLevelPassive;
	attributes.SynchronizationScope = (WDF_SYNCHRONIZATION_SCOPE)9;
	assert_int_equal(WdfObjectCreate(&attributes, &object),
			 STATUS_WDF_SYNCHRONIZATION_SCOPE_INVALID);
	assert_true(journal_tells(&((struct test_driver *)*state)->nt->journal,
				  "was its INIT function called?"));
}

static void children_go_before_their_parent(void **state)
{
	struct test_driver *d = with_driver(state);
	WDFOBJECT root = make("root", NULL), a = make("a", root), b = make("b", root);

	make("a1", a);
	make("b1", b);
	WdfObjectDelete(root);
	assert_string_equal(test_driver_calls(d),
			    "c:a1 c:a c:b1 c:b c:root d:a1 d:a d:b1 d:b d:root");
}

static void a_child_deleted_early_is_not_deleted_again(void **state)
{
	struct test_driver *d = with_driver(state);
	WDFOBJECT root = make("root", NULL), a = make("a", root);

	make("b", root);
	make("c", root);
	WdfObjectDelete(a);
	assert_string_equal(test_driver_calls(d), "c:a d:a");
	WdfObjectDelete(root);
	assert_string_equal(test_driver_calls(d), "c:b c:c c:root d:b d:c d:root");
}

static void a_reference_keeps_the_object_not_its_life(void **state)
{
	struct test_driver *d = with_driver(state);
	WDFOBJECT root = make("root", NULL), a = make("a", root);

	WdfObjectReferenceWithTag(a, (PVOID)1);
	WdfObjectDelete(root);
	assert_string_equal(test_driver_calls(d), "c:a c:root d:root");
	assert_string_equal(GetSecond(a)->name, "a");
	WdfObjectDereferenceWithTag(a, (PVOID)1);
	assert_string_equal(test_driver_calls(d), "d:a");
}

static void the_device_and_the_driver_take_what_is_theirs(void **state)
{
	struct test_driver *d = with_driver(state);

	make("dev", d->device_handle);
	make("drv", NULL);
	test_driver_remove(d);
	assert_string_equal(test_driver_calls(d), "c:dev d:dev");
	test_driver_unload(d);
	assert_string_equal(test_driver_calls(d), "Unload c:drv d:drv");
}

static VOID wait_for_ever(PVOID context)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
}

static void unload_with_a_thread(void *context)
{
	HANDLE handle;

	test_driver_add(context);
	PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, wait_for_ever, NULL);
	test_driver_remove(context);
	test_driver_unload(context);
}

static void a_thread_that_outlives_its_driver_is_named(void **state)
{
	child_violates(unload_with_a_thread, *state,
		       "0xCE DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS",
		       "(driver \"test\")", "the system thread wait_for_ever", NULL);
}

static void a_leaked_reference_is_told_at_unload(void **state)
{
	struct test_driver *d = with_driver(state);
	WDFOBJECT object = make("leak", NULL);

	WdfObjectReference(object);
	test_driver_remove(d);
	test_driver_unload(d);
	assert_true(journal_tells(&d->nt->journal, "test Log text=object leak: WDFOBJECT"));
	assert_true(journal_tells(&d->nt->journal, "still has 1 reference at unload"));
}

static void no_children_for_the_dying(void **state)
{
	struct test_driver *d = with_driver(state);
	WDFOBJECT root = make("root", NULL), child;
	WDF_OBJECT_ATTRIBUTES attributes;

	WdfObjectReference(root);
	WdfObjectDelete(root);
	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.ParentObject = root;
	assert_int_equal(WdfObjectCreate(&attributes, &child), STATUS_DELETE_PENDING);
	WdfObjectDereference(root);
	test_driver_calls(d);
}

static void handles_of_drivers_know_each_other(void **state)
{
	struct test_driver *d = with_driver(state);

	assert_ptr_equal(WdfDeviceGetDriver(d->device_handle), d->driver_handle);
	assert_ptr_equal(WdfGetDriver(), d->driver_handle);
	assert_non_null(WdfDriverWdmGetDriverObject(d->driver_handle));
	assert_memory_equal(WdfDriverGetRegistryPath(d->driver_handle), u"\\Registry\\Machine", 34);
}

static void pass_null(void *context)
{
	WdfDeviceGetDriver(NULL);
}

static void pass_garbage(void *context)
{
	WdfDeviceGetDriver((WDFDEVICE)0x1234567);
}

static void pass_wrong_type(void *context)
{
	WdfDeviceGetDriver((WDFDEVICE)test_driver->driver_handle);
}

static void pass_stale(void *context)
{
	WDFOBJECT object = make("x", NULL);

	WdfObjectDelete(object);
	GetSecond(object);
}

static void delete_device(void *context)
{
	WdfObjectDelete(test_driver->device_handle);
}

static void delete_in_cleanup(WDFOBJECT object)
{
	WdfObjectDelete(object);
}

static void delete_twice(void *context)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFOBJECT object;

	WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
	attributes.EvtCleanupCallback = delete_in_cleanup;
	WdfObjectCreate(&attributes, &object);
	WdfObjectDelete(object);
}

static void dereference_too_often(void *context)
{
	WdfObjectDereference(make("x", NULL));
}

static void get_object_of_garbage(void *context)
{
	WdfObjectContextGetObject((char *)GetSecond(make("x", NULL)) + 16);
}

typedef struct TIMED {
	KTIMER timer;
} TIMED;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(TIMED, GetTimed)

static void set_for_long(KTIMER *timer)
{
	LARGE_INTEGER due = { .QuadPart = -1000000000 };

	KeInitializeTimer(timer);
	KeSetTimer(timer, due, NULL);
}

static void delete_with_timer(void *context)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFOBJECT object;

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, TIMED);
	WdfObjectCreate(&attributes, &object);
	set_for_long(&GetTimed(object)->timer);
	WdfObjectDelete(object);
}

static void delete_memory_with_timer(void *context)
{
	WDFMEMORY memory;
	void *buffer;

	WdfMemoryCreate(WDF_NO_OBJECT_ATTRIBUTES, NonPagedPoolNx, 1, sizeof(KTIMER), &memory,
			&buffer);
	set_for_long(buffer);
	WdfObjectDelete(memory);
}

static void write_behind_memory(void *context)
{
	WDFMEMORY memory;
	void *buffer;

	WdfMemoryCreate(WDF_NO_OBJECT_ATTRIBUTES, NonPagedPoolNx, 1, 40, &memory, &buffer);
	memset(buffer, 1, *(volatile size_t *)&(size_t){ 42 });
	WdfObjectDelete(memory);
}

static void write_behind_context(void *context)
{
	WDF_OBJECT_ATTRIBUTES attributes;
	WDFOBJECT object;

	WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, TIMED);
	WdfObjectCreate(&attributes, &object);
	((unsigned char *)GetTimed(object))[*(volatile size_t *)&(size_t){ sizeof(TIMED) + 4 }] = 1;
	WdfObjectDelete(object);
}

static void overruns(void (*act)(void *context), const char *text)
{
	static struct child_end end;

	if (!nt_guard_poisons()) {
		child_violates(act, NULL,
			       "SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION in the end of an", text,
			       NULL);
		return;
	}
	child_run(&end, act, NULL);
	assert_int_not_equal(end.exit_code, 0);
	assert_non_null(strstr(end.text, "heap-buffer-overflow"));
}

static void what_is_written_behind_memory_is_named(void **state)
{
	with_driver(state);
	overruns(
		write_behind_memory,
		"2 bytes were written, the first lies 0 bytes behind the end of a WDFMEMORY of 40 bytes.");
	overruns(
		write_behind_context,
		"1 byte was written, the first lies 4 bytes behind the end of a context of a WDFOBJECT.");
}

static KTIMER lasting;

static void unload_with_timer(void *context)
{
	set_for_long(&lasting);
	test_driver_remove(context);
	test_driver_unload(context);
}

static void timers_that_outlive_their_memory_end_the_driver(void **state)
{
	struct test_driver *d = with_driver(state);

	child_violates(delete_with_timer, NULL, "0xC7 TIMER_OR_DPC_INVALID in",
		       "lies in the context of a WDFOBJECT that is freed", NULL);
	child_violates(delete_memory_with_timer, NULL, "0xC7 TIMER_OR_DPC_INVALID in",
		       "lies in the buffer of a WDFMEMORY that is freed", NULL);
	child_violates(unload_with_timer, d, "violation 0xCE DRIVER_UNLOADED_WITHOUT",
		       "in EvtDriverUnload (driver \"test\")", "is still set", NULL);
}

static void set_callbacks_of_wrong_size(void *context)
{
	WDF_PNPPOWER_EVENT_CALLBACKS callbacks = { 0 };

	WdfDeviceInitSetPnpPowerEventCallbacks(context, &callbacks);
}

static void free_init(void *init)
{
	WdfDeviceInitFree(init);
}

static void complete_nothing(void *context)
{
	WdfRequestComplete((WDFREQUEST)context, STATUS_SUCCESS);
}

static void complete_no_request(void *context)
{
	WdfRequestCompleteWithInformation((WDFREQUEST)(uintptr_t)0x1234567, STATUS_SUCCESS, 1);
}

static void complete_a_driver(void *context)
{
	WdfRequestCompleteWithPriorityBoost((WDFREQUEST)WdfGetDriver(), STATUS_SUCCESS, 1);
}

static void set_information_of_nothing(void *context)
{
	WdfRequestSetInformation((WDFREQUEST)context, 1);
}

static void ask_information_of_nothing(void *context)
{
	WdfRequestGetInformation((WDFREQUEST)context);
}

static void ask_status_of_nothing(void *context)
{
	WdfRequestGetStatus((WDFREQUEST)context);
}

/* Nobody is given a request. */
static void what_is_no_request_is_named(void **state)
{
	with_driver(state);
	child_violates(complete_nothing, NULL, "IS_NULL in WdfRequestComplete", NULL);
	child_violates(complete_no_request, NULL,
		       "WDF_INVALID_HANDLE in WdfRequestCompleteWithInformation",
		       "is no WDFREQUEST handle", NULL);
	child_violates(complete_a_driver, NULL, "in WdfRequestCompleteWithPriorityBoost",
		       "is a WDFDRIVER, and a WDFREQUEST is needed", NULL);
	child_violates(set_information_of_nothing, NULL, "in WdfRequestSetInformation", NULL);
	child_violates(ask_information_of_nothing, NULL, "in WdfRequestGetInformation", NULL);
	child_violates(ask_status_of_nothing, NULL, "in WdfRequestGetStatus", NULL);
}

static NTSTATUS add_with_wrong_size(struct test_driver *d, PWDFDEVICE_INIT init)
{
	child_violates(free_init, init, "WDF_VERIFIER_FATAL_ERROR in WdfDeviceInitFree",
		       "is EvtDriverDeviceAdd's WDFDEVICE_INIT", NULL);
	child_violates(set_callbacks_of_wrong_size, init,
		       "WDF_VERIFIER_FATAL_ERROR in WdfDeviceInitSetPnpPowerEventCallbacks",
		       "Size of WDF_PNPPOWER_EVENT_CALLBACKS is 0 and should be", NULL);
	return STATUS_SUCCESS;
}

static void broken_object_rules_end_the_driver(void **state)
{
	((struct test_driver *)*state)->device_add = add_with_wrong_size;
	with_driver(state);
	child_violates(pass_null, NULL,
		       "violation 0x10D WDF_REQUIRED_PARAMETER_IS_NULL in WdfDeviceGetDriver",
		       "the WDFDEVICE handle is NULL", "bug check 0x10D, 4", NULL);
	child_violates(pass_garbage, NULL, "WDF_INVALID_HANDLE in WdfDeviceGetDriver",
		       "0x1234567 is no WDFDEVICE handle", "bug check 0x10D, 5, 1234567", NULL);
	child_violates(pass_wrong_type, NULL, "WDF_INVALID_HANDLE in WdfDeviceGetDriver",
		       "(driver \"test\")", "is a WDFDRIVER, and a WDFDEVICE is needed", NULL);
	child_violates(pass_stale, NULL, "WDF_INVALID_HANDLE in WdfObjectGetTypedContext",
		       "was a WDFOBJECT that has been deleted", NULL);
	child_violates(delete_device, NULL, "WDF_OBJECT_ERROR in WdfObjectDelete",
		       "is a WDFDEVICE, which a driver cannot delete", NULL);
	child_violates(delete_twice, NULL, "WDF_OBJECT_ERROR in WdfObjectDelete",
		       "is being deleted already", NULL);
	child_violates(dereference_too_often, NULL, "WDF_OBJECT_ERROR in WdfObjectDereference",
		       "no reference left but the framework's own (", NULL);
	child_violates(get_object_of_garbage, NULL, "in WdfObjectContextGetObject",
		       "is no object's context", NULL);
}

static WDF_DRIVER_CONFIG entry_config;
static NTSTATUS entry_result;

static NTSTATUS entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	NTSTATUS status = WdfDriverCreate(driver, path, NULL, &entry_config, NULL);

	return NT_SUCCESS(status) ? entry_result : status;
}

static NTSTATUS empty_entry(PDRIVER_OBJECT driver, PUNICODE_STRING path)
{
	return STATUS_SUCCESS;
}

static NTSTATUS no_device(WDFDRIVER driver, PWDFDEVICE_INIT init)
{
	return STATUS_SUCCESS;
}

static void drivers_that_do_not_come_up(void **state)
{
	struct test_driver *d = *state;
	struct nt_machine *machine = &d->nt->machine;
	struct wdf_driver *driver;
	struct wdf_device *device;

	assert_int_equal(wdf_driver_load(machine, "empty", empty_entry, NULL, &driver),
			 STATUS_UNSUCCESSFUL);
	assert_null(driver);
	assert_true(journal_tells(&d->nt->journal, "success without WdfDriverCreate"));
	assert_int_equal(wdf_driver_load(machine, "size", entry, NULL, &driver),
			 STATUS_INFO_LENGTH_MISMATCH);
	WDF_DRIVER_CONFIG_INIT(&entry_config, NULL);
	assert_int_equal(wdf_driver_load(machine, "none", entry, NULL, &driver),
			 STATUS_INVALID_PARAMETER);
	WDF_DRIVER_CONFIG_INIT(&entry_config, no_device);
	entry_result = STATUS_DEVICE_CONFIGURATION_ERROR;
	assert_int_equal(wdf_driver_load(machine, "fails", entry, NULL, &driver),
			 STATUS_DEVICE_CONFIGURATION_ERROR);
	assert_true(journal_tells(&d->nt->journal, "fails DriverLoadFailed status=c0000182"));
	entry_result = STATUS_SUCCESS;
	assert_int_equal(wdf_driver_load(machine, "idle", entry, NULL, &driver), STATUS_SUCCESS);
	assert_int_equal(wdf_device_add(driver, &d->config, &device), STATUS_UNSUCCESSFUL);
	assert_null(device);
	assert_true(journal_tells(&d->nt->journal, "success without WdfDeviceCreate"));
	wdf_driver_unload(driver);
}

static struct wdf_driver *load_twin(const char *path, const char *name, void **module)
{
	struct wdf_driver *driver;
	wdf_driver_entry *twin_entry;

	*module = dlopen(path, RTLD_NOW);
	assert_non_null(*module);
	twin_entry = (wdf_driver_entry *)dlsym(*module, "DriverEntry");
	assert_int_equal(wdf_driver_load(nt_machine(), name, twin_entry, NULL, &driver),
			 STATUS_SUCCESS);
	return driver;
}

static void objects_belong_to_the_driver_that_made_them(void **state)
{
	struct test_driver *d = *state;
	struct wdf_driver *a, *b;
	void *module_a, *module_b;

	a = load_twin(TWIN_A, "a", &module_a);
	b = load_twin(TWIN_B, "b", &module_b);
	wdf_driver_unload(a);
	assert_true(journal_tells(&d->nt->journal, "a EvtCleanupCallback"));
	assert_false(journal_tells(&d->nt->journal, "b EvtCleanupCallback"));
	wdf_driver_unload(b);
	assert_true(journal_tells(&d->nt->journal, "b EvtCleanupCallback"));
	dlclose(module_a);
	dlclose(module_b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WDF_TEST(a_context_is_zeroed_and_found_by_type),
		WDF_TEST(another_file_may_name_the_same_type),
		WDF_TEST(bad_attributes_are_refused),
		WDF_TEST(children_go_before_their_parent),
		WDF_TEST(a_child_deleted_early_is_not_deleted_again),
		WDF_TEST(a_reference_keeps_the_object_not_its_life),
		WDF_TEST(the_device_and_the_driver_take_what_is_theirs),
		WDF_TEST(a_leaked_reference_is_told_at_unload),
		WDF_TEST(a_thread_that_outlives_its_driver_is_named),
		WDF_TEST(no_children_for_the_dying),
		WDF_TEST(handles_of_drivers_know_each_other),
		WDF_TEST(what_is_no_request_is_named),
		WDF_TEST(broken_object_rules_end_the_driver),
		WDF_TEST(timers_that_outlive_their_memory_end_the_driver),
		WDF_TEST(what_is_written_behind_memory_is_named),
		WDF_TEST(drivers_that_do_not_come_up),
		WDF_TEST(objects_belong_to_the_driver_that_made_them),
	};

	return cmocka_run_group_tests_name("wdf object", tests, NULL, NULL);
}
