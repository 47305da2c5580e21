/* SPDX-License-Identifier: MIT */
/* Fuzz target: any bytes as an INF. It is refused with a reason, or installs. */
#include <stdint.h>
#include <stdlib.h>

#include "inf/addreg.h"
#include "inf/install.h"
#include "nt/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void install_for(struct inf *inf, const struct inf_os *os)
{
	struct nt_reg_key *root = nt_reg_create();
	const struct inf_keys keys = { .software = root, .hardware = root, .service = root };
	struct inf_install install;
	struct inf_error error = { .text = "" };
	char room[64];
	struct text notes = text_in(room, sizeof(room));
	bool ok = inf_install(inf, os, "PCI\\VEN_10EC&DEV_8168", &install, &error);

	if (ok)
		inf_notes(inf, install.section, &notes);
	ok = ok && inf_apply(inf, &install, &keys, &error);
	if (!ok && error.text[0] == '\0')
		abort();
	nt_reg_destroy(root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct inf_os client = inf_os_of_api(1, 3), server = { 10, 0, 20348, 3, 0x110 };
	struct inf_error error;
	struct inf *inf = inf_parse(data, size, &error);

	if (!inf && error.text[0] == '\0')
		abort();
	if (inf) {
		install_for(inf, &client);
		install_for(inf, &server);
	}
	inf_free(inf);
	return 0;
}
