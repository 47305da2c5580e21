/* SPDX-License-Identifier: MIT */
//
// Pch.hpp - what every file of this driver includes first.
//
// Like ../habits, this driver exists to be compiled, and tells which habits of drivers for 2.x came
// out as Microsoft's compiler has them: iterators over rings that it carries itself, extensions
// from a table, classes in contexts, memory descriptor lists, pasted tokens that are none.
//
#pragma once

// The kit's stddef.h has no nullptr_t, and an offsetof that static_assert does not take.
namespace std
{
typedef decltype(__nullptr) nullptr_t;
}
#include <stddef.h>
#undef offsetof
#define offsetof(s, m) __builtin_offsetof(s, m)

#include <NtDdk.h>
#include <Wdf.h>
#include <NetAdapterCx.h>
#include <Net/Checksum.h>
#include <Net\Gso.h>
#include <net/IEEE8021Q.h>
#include <net/logicaladdress.h>
#include <net/mdl.h>
#include <net/returncontext.h>
#include <net/rsc.h>
#include <net/virtualaddress.h>
#include <initguid.h>
#include <new.h>

#define CODE_SEG(Segment) __declspec(code_seg(Segment))
#define PAGED             CODE_SEG("PAGE") _IRQL_always_function_max_(PASSIVE_LEVEL)
#define PAGEDX            CODE_SEG("PAGE")

#define HABITS_TAG        '2baH'

// What came out as expected; the test wants all of them.
#define HABIT(What, Holds) DbgPrint("%s: %s\n", (Holds) ? "holds" : "fails", What)

void *__cdecl operator new(size_t Size, POOL_FLAGS Flags) noexcept;
void __cdecl operator delete(void *Memory) noexcept;
void __cdecl operator delete(void *Memory, size_t Size) noexcept;

PAGED void HabitsCheckLanguage(void);
PAGED void HabitsCheckMdl(void);
