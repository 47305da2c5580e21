/* SPDX-License-Identifier: MIT */
/* Fuzz target: any bytes as an INF. It is refused with a reason, or installs. */
#include <stdint.h>
#include <stdlib.h>

#include "inf/install.h"
#include "nt/registry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct nt_reg_key *root = nt_reg_create();
	const struct inf_keys keys = { .software = root, .hardware = root, .service = root };
	const struct inf_os os = inf_os_of_api(1, 3);
	struct inf_install install;
	struct inf_error error;
	struct inf *inf = inf_parse(data, size, &error);

	if (!inf && error.text[0] == '\0')
		abort();
	if (inf && inf_install(inf, &os, "PCI\\VEN_10EC&DEV_8168", &install, &error))
		inf_apply(inf, &install, &keys, &error);
	inf_free(inf);
	nt_reg_destroy(root);
	return 0;
}
