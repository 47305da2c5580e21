/* SPDX-License-Identifier: MIT */
//
// Precomp.h - what every file of this driver includes first.
//
// This driver exists to be compiled: it has every habit of Windows drivers that Linux compilers
// stumble over, and tells at run time which of them came out as Microsoft's compiler has it. It is
// included as "precomp.h", and so are others, in the wrong letter case and with backslashes.
//
#pragma once

#include <Ntddk.h>
#include <WDF.h>
#include <NetAdapterCx.h>
#include <NtIntSafe.h>
#include <NtStrSafe.h>
#include <NetIoDef.h>
#include <New.h>
#include <intrin.h>

#include "Forward.h"
#include "INC\layout.h"
