/* SPDX-License-Identifier: MIT */
#include "build/object.h"

bool object_open(struct object *object, const char *path)
{
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
	};

	*object = (struct object){ .dwfl = dwfl_begin(&callbacks) };
	if (!object->dwfl)
		return false;
	object->module = dwfl_report_offline(object->dwfl, path, path, -1);
	dwfl_report_end(object->dwfl, NULL, NULL);
	if (object->module)
		object->elf = dwfl_module_getelf(object->module, &object->bias);
	if (!object->elf)
		object_close(object);
	return object->elf;
}

void object_close(struct object *object)
{
	dwfl_end(object->dwfl);
	*object = (struct object){ 0 };
}
