/* SPDX-License-Identifier: MIT */
#include "nt/event.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "nt/machine.h"

void nt_emit(enum nt_event_kind kind, const char *object, const char *name,
	     const struct nt_field *fields, size_t count)
{
	struct nt_machine *machine = nt_machine();
	const struct nt_event event = {
		.kind = kind,
		.time_ns = clock_ns(),
		.object = object ? object : "",
		.name = name,
		.fields = fields,
		.field_count = count,
	};

	if (machine && machine->sink.emit)
		machine->sink.emit(machine->sink.context, &event);
}

void nt_log(const char *object, const char *format, ...)
{
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	NT_EMIT(NT_EVENT_LOG, object, "Log", NT_TEXT("text", text));
}
