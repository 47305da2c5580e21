/* SPDX-License-Identifier: MIT */
/*
 * lso_parse() and lso_verify() on any bytes: nothing is read outside them, the layout lies within
 * them, and a frame cut in two anywhere parses as the whole one does.
 */
#include <netcx/lso.h>
#include <stdlib.h>
#include <string.h>

static void check(int condition)
{
	if (!condition)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct iovec whole = { (uint8_t *)(uintptr_t)data, size };
	size_t split = size ? (data[0] * 257u + data[size - 1]) % (size + 1) : 0;
	struct iovec halves[2] = { { whole.iov_base, split },
				   { (uint8_t *)whole.iov_base + split, size - split } };
	struct lso_verdicts verdicts, same_verdicts;
	struct lso_layout layout, same;
	enum lso_status status;

	status = lso_parse(&whole, 1, &layout);
	check(layout.l3_offset <= size && layout.l4_offset <= size &&
	      layout.payload_offset <= size);
	check(layout.l4_offset == 0 || layout.l4_offset >= layout.l3_offset);
	check(status != LSO_OK || (layout.payload_offset > layout.l4_offset && layout.l4_offset &&
				   layout.ip_version && !layout.ip_fragment));
	check(!!lso_reason(status));

	check(lso_parse(halves, 2, &same) == status);
	check(!memcmp(&same, &layout, sizeof(same)));

	verdicts = lso_verify(data, size);
	same_verdicts = lso_verify_iov(halves, 2);
	check(verdicts.ipv4 == same_verdicts.ipv4 && verdicts.l4 == same_verdicts.l4);
	return 0;
}
