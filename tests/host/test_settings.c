/* SPDX-License-Identifier: MIT */
/* The file that settings are kept in, and the decoding of OIDs' answers. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/oid_value.h"
#include "inf/settings_file.h"
#include "stage/files.h"
#include "test.h"

static char folder[FOLDER_ROOM];

static int make_folder(void **state)
{
	(void)state;
	return folder_make(folder);
}

static int remove_folder(void **state)
{
	(void)state;
	return folder_remove(folder);
}

static void paths_stay_in_their_folder(void **state)
{
	static const struct {
		const char *driver, *adapter, *path;
	} cases[] = {
		{ "rtl8168", "Ethernet", "/f/rtl8168/Ethernet.conf" },
		{ "rtl8168", "Ethernet 2", "/f/rtl8168/Ethernet 2.conf" },
		{ "..", "../../etc/passwd", "/f/_./_._.._etc_passwd.conf" },
		{ "a/b", "/", "/f/a_b/_.conf" },
		{ ".x", ".", "/f/_x/_.conf" },
	};
	char path[64], longest[64];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(
			settings_path("/f", cases[i].driver, cases[i].adapter, path, sizeof(path)));
		assert_string_equal(path, cases[i].path);
	}
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	assert_false(settings_path("/f", longest, longest, path, sizeof(path)));
}

struct seen {
	char text[512];
	unsigned last;
	bool stop;
};

static bool note(void *context, unsigned number, const char *line)
{
	struct seen *seen = context;

	snprintf(seen->text + strlen(seen->text), sizeof(seen->text) - strlen(seen->text), "%u:%s|",
		 number, line);
	return !seen->stop;
}

static void comments_are_no_settings(void **state)
{
	struct seen seen = { .text = "" };
	char path[128];

	(void)state;
	snprintf(path, sizeof(path), "%s/read.conf", folder);
	assert_int_equal(settings_each(path, note, &seen), 0);
	assert_string_equal(seen.text, "");
	file_put_text(path, "# one\n\n  # two\nA=1\r\n\t\nB=2");
	assert_int_equal(settings_each(path, note, &seen), 0);
	assert_string_equal(seen.text, "4:A=1|6:B=2|");
	seen = (struct seen){ .stop = true };
	assert_int_equal(settings_each(path, note, &seen), -ECANCELED);
	assert_string_equal(seen.text, "4:A=1|");
	/* A folder is no file. */
	assert_true(settings_each(folder, note, &seen) < 0);
}

static void one_keyword_is_put_and_the_rest_stays(void **state)
{
	struct seen seen = { .text = "" };
	char path[128];
	struct stat st;

	(void)state;
	assert_true(settings_path(folder, "driver", "Nic", path, sizeof(path)));
	assert_int_equal(settings_put(path, "*A", "1"), 0);
	assert_int_equal(settings_put(path, "*AB", "2"), 0);
	assert_int_equal(settings_put(path, "*a", "3"), 0);
	assert_int_equal(settings_each(path, note, &seen), 0);
	assert_string_equal(seen.text, "2:*a=3|3:*AB=2|");
	assert_int_equal(settings_put(path, "*A", NULL), 0);
	assert_int_equal(settings_put(path, "never", NULL), 0);
	seen = (struct seen){ .text = "" };
	assert_int_equal(settings_each(path, note, &seen), 0);
	assert_string_equal(seen.text, "2:*AB=2|");
	strcat(path, ".new");
	assert_int_equal(stat(path, &st), -1);
	/* What somebody has put where a new file might be written is left alone. */
	assert_int_equal(symlink("victim", path), 0);
	*strrchr(path, '.') = '\0';
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(settings_put(path, "*C", "4"), 0);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
	snprintf(path, sizeof(path), "%s/driver/victim", folder);
	assert_int_equal(stat(path, &st), -1);
	/* Where a folder should be there is a file. */
	snprintf(path, sizeof(path), "%s/driver/Nic.conf/x/y.conf", folder);
	assert_int_equal(settings_put(path, "A", "1"), -ENOTDIR);
}

static void assert_value(NDIS_OID oid, const void *data, size_t length, const char *text)
{
	json_t *value = oid_value(oid_by_number(oid)->kind, data, length);
	char *dump = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;

	if (text)
		assert_string_equal(dump, text);
	else
		assert_null(dump);
	free(dump);
	json_decref(value);
}

static void oids_are_known_by_name_and_number(void **state)
{
	(void)state;
	assert_int_equal(oid_by_name("OID_GEN_STATISTICS")->oid, 0x00020106);
	assert_int_equal(oid_by_name("gen_statistics")->oid, 0x00020106);
	assert_null(oid_by_name("OID_"));
	assert_null(oid_by_name(""));
	assert_string_equal(oid_by_number(0x01010103)->name, "OID_802_3_MULTICAST_LIST");
	assert_null(oid_by_number(0x12345678)->name);
	assert_true(oid_by_number(0x12345678)->length > 0);
}

static void answers_are_decoded(void **state)
{
	static const uint32_t filter = 0x8000002B, big = 0xFFFFFFFF, vendor = 0x00112233;
	static const uint64_t count = 1ull << 40;
	static const NDIS_OID list[] = { OID_GEN_STATISTICS, 0x00001234 };
	static const uint8_t macs[13] = { 1, 0, 0x5E, 0, 0, 0xFB, 0x33, 0x33, 0, 0, 0, 1, 9 };
	NDIS_STATISTICS_INFO info = { .SupportedStatistics =
					      NDIS_STATISTICS_FLAGS_VALID_BYTES_RCV |
					      NDIS_STATISTICS_FLAGS_VALID_XMIT_DISCARDS,
				      .ifHCInOctets = 5,
				      .ifInErrors = 6,
				      .ifOutDiscards = 7 };
	NDIS_INTERRUPT_MODERATION_PARAMETERS moderation = {
		.InterruptModeration = NdisInterruptModerationEnabled
	};

	(void)state;
	assert_value(OID_GEN_CURRENT_PACKET_FILTER, &filter, 4,
		     "[\"directed\",\"multicast\",\"broadcast\",\"promiscuous\",\"0x80000000\"]");
	assert_value(OID_GEN_MAXIMUM_FRAME_SIZE, &big, 4, "4294967295");
	assert_value(OID_GEN_XMIT_OK, &count, 8, "1099511627776");
	assert_value(OID_GEN_XMIT_OK, &count, 4, "0");
	assert_value(OID_GEN_VENDOR_ID, &vendor, 4, "\"0x112233\"");
	assert_value(OID_GEN_VENDOR_DESCRIPTION, "Text\0more", 9, "\"Text\"");
	assert_value(OID_GEN_VENDOR_DESCRIPTION, "no end", 6, "\"no end\"");
	assert_value(OID_GEN_VENDOR_DESCRIPTION, "\xFF\xFE", 2, "\"(not UTF-8)\"");
	assert_value(OID_GEN_SUPPORTED_LIST, list, sizeof(list),
		     "[\"OID_GEN_STATISTICS\",\"0x00001234\"]");
	assert_value(OID_802_3_MULTICAST_LIST, macs, sizeof(macs),
		     "[\"01:00:5e:00:00:fb\",\"33:33:00:00:00:01\"]");
	assert_value(OID_GEN_STATISTICS, &info, sizeof(info),
		     "{\"ifHCInOctets\":5,\"ifOutDiscards\":7}");
	assert_value(OID_GEN_STATISTICS, &info, sizeof(info) - 1, NULL);
	assert_value(OID_GEN_INTERRUPT_MODERATION, &moderation, sizeof(moderation), "\"enabled\"");
	moderation.InterruptModeration = 77;
	assert_value(OID_GEN_INTERRUPT_MODERATION, &moderation, sizeof(moderation), NULL);
	assert_value(OID_GEN_LINK_STATE, &info, 8, NULL);
	assert_value(OID_GEN_MAXIMUM_FRAME_SIZE, "", 0, NULL);
}

/* NDIS_OFFLOAD, as far as its revision goes. */
static void a_report_of_offloads_is_decoded(void **state)
{
	NDIS_OFFLOAD o = { .Header.Revision = NDIS_OFFLOAD_REVISION_5,
			   .Checksum = { .IPv4Transmit = { .IpChecksum = 1, .UdpChecksum = 1 },
					 .IPv6Receive = { .IpExtensionHeadersSupported = 1 } },
			   .LsoV2.IPv4 = { .MaxOffLoadSize = 64000, .MinSegmentCount = 2 },
			   .UdpSegmentation.IPv6 = { .MaxOffLoadSize = 9000, .MinSegmentCount = 3 },
			   .Rsc.IPv6.Enabled = 1,
			   .UdpRsc.Enabled = 1 };
	const NDIS_OID oid = OID_TCP_OFFLOAD_CURRENT_CONFIG;

	(void)state;
	assert_value(
		oid, &o, NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_5,
		"{\"revision\":5,\"checksum\":{\"ipv4_transmit\":[\"ip\",\"udp\"],\"ipv4_receive\":[],\"ipv6_transmit\":[],\"ipv6_receive\":[\"ip extensions\"]},\"lso_v1\":{\"ipv4\":{\"maximum_offload_size\":0,\"minimum_segment_count\":0}},\"lso_v2\":{\"ipv4\":{\"maximum_offload_size\":64000,\"minimum_segment_count\":2},\"ipv6\":{\"maximum_offload_size\":0,\"minimum_segment_count\":0}},\"rsc\":{\"ipv4\":false,\"ipv6\":true}}");
	assert_value(oid, &o, NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_5 - 1, NULL);
	o.Header.Revision = NDIS_OFFLOAD_REVISION_8;
	assert_value(
		oid, &o, NDIS_SIZEOF_NDIS_OFFLOAD_REVISION_8,
		"{\"revision\":8,\"checksum\":{\"ipv4_transmit\":[\"ip\",\"udp\"],\"ipv4_receive\":[],\"ipv6_transmit\":[],\"ipv6_receive\":[\"ip extensions\"]},\"lso_v1\":{\"ipv4\":{\"maximum_offload_size\":0,\"minimum_segment_count\":0}},\"lso_v2\":{\"ipv4\":{\"maximum_offload_size\":64000,\"minimum_segment_count\":2},\"ipv6\":{\"maximum_offload_size\":0,\"minimum_segment_count\":0}},\"rsc\":{\"ipv4\":false,\"ipv6\":true},\"uso\":{\"ipv4\":{\"maximum_offload_size\":0,\"minimum_segment_count\":0},\"ipv6\":{\"maximum_offload_size\":9000,\"minimum_segment_count\":3}},\"udp_rsc\":true}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_stay_in_their_folder),
		cmocka_unit_test(comments_are_no_settings),
		cmocka_unit_test(one_keyword_is_put_and_the_rest_stays),
		cmocka_unit_test(oids_are_known_by_name_and_number),
		cmocka_unit_test(answers_are_decoded),
		cmocka_unit_test(a_report_of_offloads_is_decoded),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
