/* SPDX-License-Identifier: MIT */
/*
 * The chip's PCI capabilities, where a driver finds them that walks the list. What the fields mean:
 * PCI Bus Power Management 1.2, 3.2; PCI Local Bus 3.0, 6.8 (MSI, MSI-X); PCI Express
 * Base 2.0, 7.8. Where they lie and what the hardware has put there: RTL8168D, revision 3, as
 * `lspci -vv` shows it of boards by several makers, which agree.
 *
 * What software sets is as after a reset, with neither MSI nor MSI-X on, for the model interrupts
 * by its line. Two things of the chip's are missing. The table of MSI-X lies in a region that the
 * model has not; it is the system that would look for it, to switch MSI-X on. The list ends before
 * vital product data, which is read by a write and a wait.
 */
#include "device/rtl8168/model.h"

#define POWER_MANAGEMENT          0x01
#define MSI                       0x05
#define EXPRESS                   0x10
#define MSI_X                     0x11

#define HEADER(id, next, control) ((uint32_t)(control) << 16 | (uint32_t)(next) << 8 | (id))

const struct bus_config_word rtl_capabilities[] = {
	/* Version 3, 375 mA, D1, D2, PME from D0 to D3cold. The word behind it: in D0. */
	{ 0x40, HEADER(POWER_MANAGEMENT, 0x50, 0xFFC3) },

	/* One message, 64-bit address. */
	{ 0x50, HEADER(MSI, 0x70, 0x0080) },

	/* Version 2, endpoint, message 1. */
	{ 0x70, HEADER(EXPRESS, 0xAC, 0x0202) },
	/* Payload of 256 bytes, accepts 512 ns of L0s and 64 us of L1, role-based errors. */
	{ 0x74, 0x00008CC1 },
	/* Control: relaxed order, no snoop, reads of 512 bytes. Status: auxiliary power. */
	{ 0x78, 0x00102810 },
	/* 2.5 GT/s, one lane, leaves L0s within 512 ns and L1 within 64 us, clock management. */
	{ 0x7C, 0x00073C11 },
	/* Status: 2.5 GT/s, one lane, the slot's clock. */
	{ 0x80, 0x10110000 },
	/* Completion timeouts can be switched off. */
	{ 0x94, 0x00000010 },
	/* Target: 2.5 GT/s. */
	{ 0xA0, 0x00000001 },

	/* Four messages; table and pending bits in region 4. */
	{ 0xAC, HEADER(MSI_X, 0, 0x0003) },
	{ 0xB0, 0x00000004 },
	{ 0xB4, 0x00000804 },
	{ 0 },
};
