/* SPDX-License-Identifier: MIT */
/* Offloads in NDIS' structures, where one comes in or goes out. Pure functions. */
#ifndef NDIS_OFFLOAD_PARAMETERS_H
#define NDIS_OFFLOAD_PARAMETERS_H

#include <ndis.h>

#include "cx/offload.h"

/*
 * ndis_read_parameters() - what an OID_TCP_OFFLOAD_PARAMETERS asks for
 * @buffer, @length: its NDIS_OFFLOAD_PARAMETERS, in bytes; as in 1809 the header's type and
 * revision are not looked at, and a setting out of its range is no error
 * Return: STATUS_SUCCESS, or STATUS_INVALID_PARAMETER (short: below revision 3).
 */
NTSTATUS ndis_read_parameters(const void *buffer, size_t length,
			      struct cx_offload_request *request);

/* ndis_setting_code(), ndis_checksum_code() - a setting as NDIS_OFFLOAD_PARAMETERS has it */
UCHAR ndis_setting_code(enum cx_setting setting);
UCHAR ndis_checksum_code(struct cx_checksum_setting setting);

/*
 * ndis_report_offloads() - a set of capabilities as the framework reports it to NDIS
 * @state:    NULL: nothing at all, as while offloads are paused
 * @revision: of NDIS_OFFLOAD: 5 has LSO and RSC, 6 USO as well, 8 RSC of UDP. What a revision does
 *            not have is 0
 * Return: bytes of the structure that the revision has.
 */
size_t ndis_report_offloads(const struct cx_offload_state *state, unsigned revision,
			    NDIS_OFFLOAD *offload);

#endif
