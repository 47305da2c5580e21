/* SPDX-License-Identifier: MIT */
#include "cx/configuration.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"

NTSTATUS cx_configuration_value(struct nt_reg_key *key, const char *name, enum nt_reg_type type,
				void **data, size_t *length)
{
	enum nt_reg_type found;
	unsigned char *buffer = NULL, *larger;
	size_t size = 0;
	NTSTATUS status;

	if (!key)
		return STATUS_OBJECT_NAME_NOT_FOUND;
	/* Once for the length, and again when another thread made the value longer meanwhile. */
	for (;;) {
		status = nt_reg_query(key, name, &found, buffer, size, length);
		if (NT_SUCCESS(status) && found != type)
			status = STATUS_OBJECT_TYPE_MISMATCH;
		if (status != STATUS_BUFFER_OVERFLOW && (buffer || !NT_SUCCESS(status)))
			break;
		size = *length;
		larger = realloc(buffer, size + 2);
		if (!larger) {
			status = STATUS_INSUFFICIENT_RESOURCES;
			break;
		}
		buffer = larger;
	}
	if (!NT_SUCCESS(status)) {
		free(buffer);
		return status;
	}
	memset(buffer + *length, 0, 2);
	*data = buffer;
	return STATUS_SUCCESS;
}

static NTSTATUS parse_number(const WCHAR *text, unsigned base, ULONG *value)
{
	uint64_t number = 0;
	bool any = false;

	while (*text == ' ' || *text == '\t')
		text++;
	if (base == 16 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		text += 2;
	for (; hex_digit(*text) < base; text++) {
		number = number * base + hex_digit(*text);
		any = true;
		if (number > MAXULONG)
			return STATUS_INVALID_PARAMETER;
	}
	while (*text == ' ' || *text == '\t')
		text++;
	if (!any || *text)
		return STATUS_INVALID_PARAMETER;
	*value = (ULONG)number;
	return STATUS_SUCCESS;
}

NTSTATUS cx_configuration_number(struct nt_reg_key *key, const char *name, unsigned base,
				 ULONG *value)
{
	void *data;
	size_t length;
	NTSTATUS status;

	status = cx_configuration_value(key, name, NT_REG_DWORD, &data, &length);
	if (NT_SUCCESS(status)) {
		if (length == sizeof(*value))
			memcpy(value, data, sizeof(*value));
		else
			status = STATUS_INVALID_PARAMETER;
		free(data);
		return status;
	}
	if (status != STATUS_OBJECT_TYPE_MISMATCH)
		return status;
	status = cx_configuration_value(key, name, NT_REG_SZ, &data, &length);
	if (!NT_SUCCESS(status))
		return status;
	status = parse_number(data, base, value);
	free(data);
	return status;
}

NTSTATUS cx_configuration_keyword(struct nt_reg_key *key, const char *name, ULONG *value)
{
	return cx_configuration_number(key, name, 10, value);
}

static NTSTATUS parse_address(const WCHAR *text, struct cx_address *address)
{
	memset(address, 0, sizeof(*address));
	while (*text) {
		int high, low;

		if ((*text == '-' || *text == ':') && address->length)
			text++;
		high = hex_digit(text[0]);
		low = high < 16 ? hex_digit(text[1]) : 16;
		if (high > 15 || low > 15 || address->length == CX_ADDRESS_BYTES)
			return STATUS_INVALID_PARAMETER;
		address->bytes[address->length++] = (uint8_t)(high << 4 | low);
		text += 2;
	}
	return STATUS_SUCCESS;
}

NTSTATUS cx_configuration_address(struct nt_reg_key *key, struct cx_address *address)
{
	void *data;
	size_t length;
	NTSTATUS status;

	status = cx_configuration_value(key, "NetworkAddress", NT_REG_SZ, &data, &length);
	if (!NT_SUCCESS(status))
		return status;
	status = parse_address(data, address);
	free(data);
	return status;
}
