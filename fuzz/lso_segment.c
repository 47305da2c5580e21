/* SPDX-License-Identifier: MIT */
/*
 * Segmentation of any packet with any options. The first 8 bytes of input say how: MSS, modes,
 * path, where the packet is split. What comes out is whole, in order, good by lso_verify(), and the
 * same copied as referred to, on each path.
 */
#include <netcx/lso.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_MAX (65535 + LSO_MAX_HEADERS)

static void check(int condition)
{
	if (!condition)
		abort();
}

/* cut() - segment by copies and by references, both must agree. Return: a sum over all bytes */
static uint64_t cut(const struct iovec *iov, int count, const uint8_t *packet, size_t size,
		    const struct lso_options *options)
{
	struct lso_segmenter copies, references;
	static uint8_t frame[FRAME_MAX];
	uint8_t header[LSO_MAX_HEADERS];
	struct lso_layout layout;
	struct iovec out[5];
	enum lso_status parsed = lso_parse(iov, count, &layout);
	uint64_t hash = 1;
	size_t at, headers;

	check(lso_begin(&copies, iov, count, options) == LSO_OK);
	check(lso_begin(&references, iov, count, options) == LSO_OK);
	at = layout.payload_offset;
	headers = at - (parsed == LSO_JUMBOGRAM ? LSO_JUMBO_HEADER : 0);
	check(lso_header_size(&copies) == headers);
	for (uint32_t left = lso_segments(&copies); left > 0; left--) {
		size_t n = lso_next(&copies, frame);
		int entries = lso_next_iov(&references, header, out, 5);
		struct lso_verdicts verdicts = lso_verify(frame, n);
		size_t seen = 0;

		check(n > headers && n <= lso_frame_size(&copies));
		check(!memcmp(frame + headers, packet + at, n - headers));
		at += n - headers;
		check(verdicts.ipv4 != LSO_SUM_BAD && verdicts.l4 != LSO_SUM_BAD);
		check(entries >= 2);
		for (int i = 0; i < entries; i++) {
			check(seen + out[i].iov_len <= n);
			check(!memcmp(frame + seen, out[i].iov_base, out[i].iov_len));
			seen += out[i].iov_len;
		}
		check(seen == n);
		for (size_t i = 0; i < headers; i++)
			hash = (hash ^ frame[i]) * 0x100000001b3u;
	}
	check(at == size && lso_next(&copies, frame) == 0);
	check(lso_next_iov(&references, header, out, 5) == 0);
	return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lso_options options = { 0 };
	const uint8_t *packet = data + 8;
	struct lso_segmenter s;
	struct iovec iov[3];
	size_t first, second;
	uint64_t hash = 0;

	if (size < 8)
		return 0;
	size -= 8;
	/* Few segments of large packets: the time goes into many inputs, not into long ones. */
	options.mss = (uint32_t)(data[0] | data[1] << 8);
	if (options.mss && size / options.mss > 64)
		options.mss = (uint32_t)(size / 64);
	options.ip_id = (enum lso_ip_id)(data[2] % 3);
	options.udp_zero_checksum = data[3] & 1;
	first = (data[4] | (size_t)data[5] << 8) % (size + 1);
	second = first + (data[6] | (size_t)data[7] << 8) % (size - first + 1);
	iov[0] = (struct iovec){ (uint8_t *)(uintptr_t)packet, first };
	iov[1] = (struct iovec){ (uint8_t *)(uintptr_t)packet + first, second - first };
	iov[2] = (struct iovec){ (uint8_t *)(uintptr_t)packet + second, size - second };

	if (lso_begin(&s, iov, 3, &options))
		return 0;
	for (options.path = LSO_PATH_PORTABLE; options.path <= LSO_PATH_NEON; options.path++) {
		uint64_t here;

		if (lso_path_find(options.path) != options.path)
			continue;
		here = cut(iov, 3, packet, size, &options);
		check(hash == 0 || hash == here);
		hash = here;
	}
	return 0;
}
