/* SPDX-License-Identifier: MIT */
/*
 * Segmentation of any packet with any options. The first 8 bytes of input say how: MSS, modes,
 * path, where the packet is split. What comes out is whole, in order, good by lso_verify(), and the
 * same copied as referred to, with the layout known or not, on each path.
 *
 * With the uppermost bit of the fourth byte, the input's last bytes are a layout, as true as they
 * are: then what comes out is only whole and in order.
 */
#include <netcx/lso.h>
#include <stdlib.h>
#include <string.h>

#define FRAME_MAX    (65535 + LSO_MAX_HEADERS)
#define HAS_LAYOUT   0x80
#define ACCURATE_ECN 0x40
#define LAYOUT       14 /* bytes of input */

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

/* layout_of() - what the fuzzer makes of a layout's fields */
static struct lso_layout layout_of(const uint8_t *in)
{
	return (struct lso_layout){
		.l2_type = in[0],
		.vlan_tags = in[1],
		.ip_version = in[2],
		.l4_protocol = in[3],
		.ip_options = in[4] & 1,
		.ip_fragment = in[5] & 1,
		.l3_offset = (uint16_t)(in[6] | in[7] << 8),
		.l4_offset = (uint16_t)(in[8] | in[9] << 8),
		.payload_offset = (uint16_t)(in[10] | in[11] << 8),
		.final_destination = (uint16_t)(in[12] | in[13] << 8),
	};
}

/* cut_as() - by a layout that may be none of the packet's, into rooms of exactly the size asked for
 */
static void cut_as(const struct iovec *iov, int count, const uint8_t *packet, size_t size,
		   const struct lso_options *options)
{
	size_t at = options->layout->payload_offset, headers = at;
	struct lso_segmenter copies, references;
	uint8_t *frame, *header;
	struct iovec out[5];

	if (lso_begin(&copies, iov, count, options))
		return;
	check(lso_begin(&references, iov, count, options) == LSO_OK);
	check(headers < size && lso_header_size(&copies) == headers);
	frame = malloc(lso_frame_size(&copies));
	header = malloc(headers);
	check(frame && header);
	for (uint32_t left = lso_segments(&copies); left > 0; left--) {
		size_t n = lso_next(&copies, frame) - headers;

		check(n <= size - at && n + headers <= lso_frame_size(&copies));
		check(!memcmp(frame + headers, packet + at, n));
		at += n;
		check(lso_next_iov(&references, header, out, 5) >= 2);
		check(out[0].iov_len == headers && !memcmp(frame, header, headers));
	}
	check(at == size && lso_next(&copies, frame) == 0);
	free(frame);
	free(header);
}

/* cut_known() - as cut(), with the layout that the packet has */
static uint64_t cut_known(const struct iovec *iov, int count, const uint8_t *packet, size_t size,
			  const struct lso_options *options)
{
	struct lso_options known = *options;
	struct lso_layout layout;

	if (lso_parse(iov, count, &layout) == LSO_OK)
		known.layout = &layout;
	return cut(iov, count, packet, size, &known);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lso_options options = { 0 };
	const uint8_t *packet = data + 8;
	struct lso_layout layout;
	struct lso_segmenter s;
	struct iovec iov[3];
	size_t first, second;
	uint64_t hash = 0;

	if (size < 8)
		return 0;
	size -= 8;
	if (data[3] & HAS_LAYOUT && size >= LAYOUT) {
		size -= LAYOUT;
		layout = layout_of(packet + size);
		options.layout = &layout;
	}
	/* Few segments of large packets: the time goes into many inputs, not into long ones. */
	options.mss = (uint32_t)(data[0] | data[1] << 8);
	if (options.mss && size / options.mss > 64)
		options.mss = (uint32_t)(size / 64);
	options.ip_id = (enum lso_ip_id)(data[2] % 3);
	options.udp_zero_checksum = data[3] & 1;
	options.accurate_ecn = data[3] & ACCURATE_ECN;
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
		if (options.layout) {
			cut_as(iov, 3, packet, size, &options);
			continue;
		}
		here = cut(iov, 3, packet, size, &options);
		check(hash == 0 || hash == here);
		check(cut_known(iov, 3, packet, size, &options) == here);
		hash = here;
	}
	return 0;
}
