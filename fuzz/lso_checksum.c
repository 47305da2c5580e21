/* SPDX-License-Identifier: MIT */
/*
 * The checksum calls on any bytes at any alignment and split: all ways to sum agree with a sum of
 * bytes, and what lso_fill_checksums() fills is good by lso_verify().
 */
#include <arpa/inet.h>
#include <netcx/lso.h>
#include <stdlib.h>
#include <string.h>

static void check(int condition)
{
	if (!condition)
		abort();
}

static uint16_t sum_bytes(const uint8_t *p, size_t n, uint16_t start)
{
	uint32_t sum = ntohs(start);

	for (size_t i = 0; i < n; i++) {
		sum += i % 2 ? p[i] : p[i] * 256u;
		sum = sum > 65535 ? sum - 65535 : sum;
	}
	return htons((uint16_t)sum);
}

static void fill(uint8_t *frame, size_t size)
{
	struct iovec iov = { frame, size };
	struct lso_verdicts verdicts;
	struct lso_layout layout;

	if (lso_parse(&iov, 1, &layout) || size - layout.l3_offset > 65535)
		return;
	if (layout.ip_version == 4) { /* lengths that agree with the frame */
		frame[layout.l3_offset + 2] = (uint8_t)((size - layout.l3_offset) >> 8);
		frame[layout.l3_offset + 3] = (uint8_t)(size - layout.l3_offset);
	} else {
		frame[layout.l3_offset + 4] = (uint8_t)((size - layout.l3_offset - 40) >> 8);
		frame[layout.l3_offset + 5] = (uint8_t)(size - layout.l3_offset - 40);
	}
	if (layout.l4_protocol == 17) {
		frame[layout.l4_offset + 4] = (uint8_t)((size - layout.l4_offset) >> 8);
		frame[layout.l4_offset + 5] = (uint8_t)(size - layout.l4_offset);
	}
	lso_fill_checksums(frame, size, &layout, true, true);
	verdicts = lso_verify(frame, size);
	check(verdicts.ipv4 == (layout.ip_version == 4 ? LSO_SUM_GOOD : LSO_SUM_ABSENT));
	check(verdicts.l4 == LSO_SUM_GOOD);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 64);
	uint16_t start, sum;
	struct iovec iov[2];
	size_t split;

	if (!copy || size < 4) {
		free(copy);
		return 0;
	}
	start = (uint16_t)(data[0] | data[1] << 8);
	split = (data[2] | (size_t)data[3] << 8) % (size + 1);
	sum = sum_bytes(data, size, start);
	iov[0] = (struct iovec){ (uint8_t *)(uintptr_t)data, split };
	iov[1] = (struct iovec){ (uint8_t *)(uintptr_t)data + split, size - split };

	check(lso_checksum(data, size, start) == sum);
	check(lso_checksum_iov(iov, 2, 0, size, start) == sum);
	check(lso_checksum_iov(iov, 2, split, size, 0) == sum_bytes(data + split, size - split, 0));
	check(lso_copy_checksum(copy + data[0] % 64, data, size, start) == sum);
	check(!memcmp(copy + data[0] % 64, data, size));

	memcpy(copy, data, size);
	iov[0].iov_base = copy;
	iov[1].iov_base = copy + split;
	lso_fill_partial(iov, 2, data[0], data[1]);
	memcpy(copy, data, size);
	fill(copy, size);
	free(copy);
	return 0;
}
