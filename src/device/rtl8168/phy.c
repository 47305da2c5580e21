/* SPDX-License-Identifier: MIT */
/*
 * The PHY behind PHYAR (IEEE 802.3 clause 22 registers) and what PhyStatus shows of it. The
 * partner offers everything up to 1000BASE-T full duplex.
 *
 * A computer at rest keeps its network card under standby power, so the link is there when the
 * driver comes. Any write of BMCR negotiates anew, as does a cable that is plugged in: the link is
 * lost at once and comes back later, first in PhyStatus, then with the partner's answers in BMSR
 * and the registers behind it. Both are changes of the link to the MAC.
 */
#include <string.h>

#include "device/rtl8168/model.h"

enum phy_register {
	PHY_BMCR = 0,
	PHY_BMSR = 1,
	PHY_ID1 = 2,
	PHY_ID2 = 3,
	PHY_ANAR = 4,
	PHY_ANLPAR = 5,
	PHY_ANER = 6,
	PHY_GBCR = 9,
	PHY_GBSR = 10,
	PHY_PAGE = 31,
};

enum bmcr {
	BMCR_SPEED_1000 = 0x0040,
	BMCR_FULL = 0x0100,
	BMCR_RESTART = 0x0200,
	BMCR_ISOLATE = 0x0400,
	BMCR_POWER_DOWN = 0x0800,
	BMCR_AUTONEG = 0x1000,
	BMCR_SPEED_100 = 0x2000,
	BMCR_RESET = 0x8000,
};

#define BMSR_ABLE     0x7949 /* 10 and 100 both ways, extended status, autonegotiation */
#define BMSR_COMPLETE 0x0020
#define BMSR_LINK     0x0004

static uint8_t forced_speed(uint16_t bmcr)
{
	uint8_t duplex = bmcr & BMCR_FULL ? RTL_PHYSTATUS_FULL : 0;

	if (bmcr & BMCR_SPEED_100)
		return duplex | RTL_PHYSTATUS_100;
	if (bmcr & BMCR_SPEED_1000)
		return RTL_PHYSTATUS_FULL | RTL_PHYSTATUS_1000;
	return duplex | RTL_PHYSTATUS_10;
}

/* The best of what we advertise (802.3 annex 28B); 0 when that is nothing. */
static uint8_t negotiated_speed(uint16_t anar, uint16_t gbcr)
{
	if (gbcr & 0x0300)
		return RTL_PHYSTATUS_FULL | RTL_PHYSTATUS_1000;
	if (anar & 0x0180)
		return RTL_PHYSTATUS_100 | (anar & 0x0100 ? RTL_PHYSTATUS_FULL : 0);
	if (anar & 0x0060)
		return RTL_PHYSTATUS_10 | (anar & 0x0040 ? RTL_PHYSTATUS_FULL : 0);
	return 0;
}

/* What PhyStatus will show once the link is there; 0: there will be none. */
static uint8_t prospect(const struct rtl_phy *phy)
{
	const uint16_t *page = phy->pages[0];
	uint16_t bmcr = page[PHY_BMCR];
	uint8_t speed;

	if (!phy->cable || bmcr & (BMCR_POWER_DOWN | BMCR_ISOLATE))
		return 0;
	if (bmcr & BMCR_AUTONEG)
		speed = negotiated_speed(page[PHY_ANAR], page[PHY_GBCR]);
	else
		speed = forced_speed(bmcr);
	return speed ? speed | RTL_PHYSTATUS_LINK : 0;
}

static void negotiate(struct rtl_phy *phy)
{
	phy->status = 0;
	phy->step = prospect(phy) ? RTL_PHY_LINK : RTL_PHY_SETTLED;
}

bool rtl_phy_advance(struct rtl_phy *phy)
{
	bool autoneg = phy->pages[0][PHY_BMCR] & BMCR_AUTONEG;

	switch (phy->step) {
	case RTL_PHY_LINK:
		phy->status = prospect(phy);
		phy->step = phy->status && autoneg ? RTL_PHY_COMPLETION : RTL_PHY_SETTLED;
		return phy->status;
	case RTL_PHY_COMPLETION:
		phy->step = RTL_PHY_SETTLED;
		return true;
	default:
		return false;
	}
}

static void registers_reset(struct rtl_phy *phy)
{
	memset(phy->pages, 0, sizeof(phy->pages));
	phy->pages[0][PHY_BMCR] = BMCR_AUTONEG;
	phy->pages[0][PHY_ID1] = 0x001C; /* RTL8211B, inside the 8168D */
	phy->pages[0][PHY_ID2] = 0xC912;
	phy->pages[0][PHY_ANAR] = 0x0DE1;
	phy->pages[0][PHY_GBCR] = 0x0200;
	phy->page = 0;
}

void rtl_phy_reset(struct rtl_phy *phy)
{
	registers_reset(phy);
	phy->status = prospect(phy);
	phy->step = RTL_PHY_SETTLED;
}

bool rtl_phy_cable(struct rtl_phy *phy, bool in)
{
	if (phy->cable == in)
		return false;
	phy->cable = in;
	negotiate(phy);
	return true;
}

static uint16_t read_register(const struct rtl_phy *phy, unsigned n)
{
	uint16_t bmcr = phy->pages[0][PHY_BMCR];
	bool link = phy->status & RTL_PHYSTATUS_LINK;
	bool partner = link && bmcr & BMCR_AUTONEG && phy->step == RTL_PHY_SETTLED;

	if (n == PHY_PAGE)
		return phy->page;
	if (phy->page)
		return phy->pages[phy->page][n];
	switch (n) {
	case PHY_BMSR:
		return BMSR_ABLE | (partner ? BMSR_COMPLETE : 0) | (link ? BMSR_LINK : 0);
	case PHY_ANLPAR:
		return partner ? 0xC5E1 : 0;
	case PHY_ANER:
		return partner ? 1 : 0;
	case PHY_GBSR:
		return partner ? 0x7C00 : 0;
	default:
		return phy->pages[0][n];
	}
}

static void write_bmcr(struct rtl_phy *phy, uint16_t value)
{
	uint16_t anar = phy->pages[0][PHY_ANAR], gbcr = phy->pages[0][PHY_GBCR];

	if (value & BMCR_RESET) {
		registers_reset(phy);
		/* What is advertised survives: drivers write 9 and 4 before they reset. */
		phy->pages[0][PHY_ANAR] = anar;
		phy->pages[0][PHY_GBCR] = gbcr;
	}
	phy->pages[0][PHY_BMCR] = value & (uint16_t) ~(BMCR_RESET | BMCR_RESTART);
	negotiate(phy);
}

/* Return: the link is negotiated anew. */
static bool write_register(struct rtl_phy *phy, unsigned n, uint16_t value)
{
	if (n == PHY_PAGE) {
		phy->page = value & 7;
		return false;
	}
	if (phy->page) {
		phy->pages[phy->page][n] = value;
		return false;
	}
	switch (n) {
	case PHY_BMCR:
		write_bmcr(phy, value);
		return true;
	case PHY_BMSR:
	case PHY_ID1:
	case PHY_ID2:
	case PHY_ANLPAR:
	case PHY_ANER:
	case PHY_GBSR:
		return false;
	default:
		phy->pages[0][n] = value;
		return false;
	}
}

uint32_t rtl_phy_access(struct rtl_phy *phy, uint32_t phyar, bool *anew)
{
	unsigned n = phyar >> 16 & 31;

	if (phyar & RTL_ACCESS_FLAG) {
		*anew = write_register(phy, n, (uint16_t)phyar);
		return phyar & ~RTL_ACCESS_FLAG;
	}
	return RTL_ACCESS_FLAG | n << 16 | read_register(phy, n);
}
