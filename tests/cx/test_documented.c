/* SPDX-License-Identifier: MIT */
/* The example of the 1809 page runs unmodified, and hears what an administrator changes. */
#include <dlfcn.h>

#include "recorder.h"

/* MY_ADAPTER_CONTEXT of drivers/documented.c. */
struct my_context {
	BOOLEAN v4, v6;
	SIZE_T maximum, minimum;
	ULONG updates;
};

static void example_of_1809(void **state)
{
	NDIS_OFFLOAD_PARAMETERS off4 = { .LsoV1 = 1, .LsoV2IPv4 = 1 }, on4 = { .LsoV2IPv4 = 2 };
	struct stage *s = stage_with("documented");
	struct my_context *context;

	stage_up(s);
	context = *(struct my_context **)dlsym(s->module, "MyContext");
	assert_true(context->v4 && context->v6);
	assert_int_equal(context->maximum, 60000);
	assert_int_equal(context->minimum, 3);
	assert_int_equal(context->updates, 1);

	assert_int_equal(stage_offload(s, &off4), STATUS_SUCCESS);
	assert_false(context->v4);
	assert_true(context->v6);
	assert_int_equal(stage_offload(s, &on4), STATUS_SUCCESS);
	assert_true(context->v4);
	assert_int_equal(context->updates, 3);
	assert_int_equal(context->maximum, 60000);
	/* It makes no queues: an adapter without datapath callbacks has none. */
	assert_null(s->tx);
	stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(example_of_1809),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
