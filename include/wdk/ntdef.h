/* SPDX-License-Identifier: MIT */
/*
 * ntdef.h - the basic types and macros of a Windows driver, on LP64 Linux.
 *
 * LONG and ULONG are 32 bits here as there; what is as wide as a pointer has _PTR or SIZE in its
 * name. WCHAR is 16 bits: wchar_t when the unit is compiled with -fshort-wchar (drivers), else
 * unsigned short, which is what u"..." literals are made of in C (host code).
 */
#ifndef NETCX_NTDEF_H
#define NETCX_NTDEF_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <parts/umdf.h>
#include <sal.h>
#include <guiddef.h>
#include <winapifamily.h>
#include <excpt.h>

#ifdef __cplusplus
#define EXTERN_C       extern "C"
#define EXTERN_C_START extern "C" {
#define EXTERN_C_END   }
#define NETCX_NOTHROW  noexcept
#else
#define EXTERN_C extern
#define EXTERN_C_START
#define EXTERN_C_END
#define NETCX_NOTHROW
#endif

/* ---- the compiler ---- */
#define NTAPI
#define NTSYSAPI
#define NTKERNELAPI
#define NTHALAPI
#define FASTCALL
#define DECLSPEC_IMPORT
#define DECLSPEC_EXPORT
#define DECLSPEC_NORETURN           __attribute__((noreturn))
#define DECLSPEC_NOINLINE           __attribute__((noinline))
#define DECLSPEC_ALIGN(bytes)       __attribute__((aligned(bytes)))
#define DECLSPEC_SELECTANY          __attribute__((weak))
#define SYSTEM_CACHE_ALIGNMENT_SIZE 64
#define DECLSPEC_CACHEALIGN         DECLSPEC_ALIGN(SYSTEM_CACHE_ALIGNMENT_SIZE)
#define MEMORY_ALLOCATION_ALIGNMENT 16
#define DECLSPEC_DEPRECATED_DDK
/* clang knows the qualifier where Microsoft's extensions are on; elsewhere x86-64 does not mind. */
#if defined(__clang__)
#if !__is_identifier(__unaligned)
#define UNALIGNED __unaligned
#endif
#endif
#ifndef UNALIGNED
#define UNALIGNED
#endif
/* An enumeration is an int there, whatever its values; C needs Microsoft's extensions for it. */
#if defined(__cplusplus)
#define NETCX_INT_ENUM : int
#elif defined(__clang__)
#if !__is_identifier(__unaligned)
#define NETCX_INT_ENUM : int
#endif
#endif
#ifndef NETCX_INT_ENUM
#define NETCX_INT_ENUM
#endif
#define RESTRICTED_POINTER
#define NOTHING
#define MAXULONG_PTR (~(ULONG_PTR)0)
#ifndef CONST
#define CONST const
#endif
#ifndef FORCEINLINE
#define FORCEINLINE inline __attribute__((always_inline))
#endif
#ifndef __forceinline
#define __forceinline inline __attribute__((always_inline))
#endif
#ifndef CFORCEINLINE
#define CFORCEINLINE FORCEINLINE
#endif
#ifndef __fallthrough
#define __fallthrough __attribute__((fallthrough))
#endif
#ifndef INLINE
#define INLINE inline
#endif
/* MSVC knows it; clang knows this spelling of it under -fms-extensions. */
#if defined(__clang__) && !defined(__FUNCTIONW__)
#define __FUNCTIONW__ L__FUNCTION__
#endif

/* A 16-bit string literal in the spelling this unit's WCHAR wants. */
#if __SIZEOF_WCHAR_T__ == 2
#define NETCX_WIDE(literal) L##literal
#else
#define NETCX_WIDE(literal) u##literal
#endif

/* ---- types ---- */
#ifndef VOID
#define VOID void
#endif

typedef char CHAR, *PCHAR, *LPCH, *PCH, *PSTR, *LPSTR, *PSZ;
typedef const char *PCSTR, *LPCSTR, *LPCCH, *PCCH, *PCSZ;
typedef signed char SCHAR, *PSCHAR, INT8, *PINT8;
typedef unsigned char UCHAR, *PUCHAR, BYTE, *PBYTE, UINT8, *PUINT8, BOOLEAN, *PBOOLEAN;
typedef short SHORT, *PSHORT, CSHORT, INT16, *PINT16;
typedef unsigned short USHORT, *PUSHORT, WORD, *PWORD, UINT16, *PUINT16;
typedef int INT, *PINT, LONG, *PLONG, BOOL, *PBOOL, INT32, *PINT32, LONG32, *PLONG32;
typedef unsigned int UINT, *PUINT, ULONG, *PULONG, DWORD, *PDWORD, UINT32, *PUINT32;
typedef unsigned int ULONG32, *PULONG32, DWORD32, *PDWORD32;
typedef long long LONGLONG, *PLONGLONG, LONG64, *PLONG64, INT64, *PINT64;
typedef unsigned long long ULONGLONG, *PULONGLONG, ULONG64, *PULONG64, UINT64, *PUINT64;
typedef unsigned long long DWORD64, *PDWORD64, DWORDLONG;
typedef __PTRDIFF_TYPE__ LONG_PTR, *PLONG_PTR, INT_PTR, *PINT_PTR, SSIZE_T, *PSSIZE_T;
typedef __SIZE_TYPE__ ULONG_PTR, *PULONG_PTR, UINT_PTR, *PUINT_PTR, SIZE_T, *PSIZE_T;
typedef __SIZE_TYPE__ DWORD_PTR, KAFFINITY, *PKAFFINITY;
typedef void *PVOID, *LPVOID, *HANDLE, **PHANDLE;
typedef const void *PCVOID, *LPCVOID;
typedef UCHAR KIRQL, *PKIRQL;
typedef LONG NTSTATUS, *PNTSTATUS, HRESULT;
typedef CHAR CCHAR, *PCCHAR;
typedef ULONG CLONG, *PCLONG;
typedef const UCHAR *PCUCHAR;
typedef const USHORT *PCUSHORT;
typedef const ULONG *PCULONG;
typedef ULONG ACCESS_MASK, *PACCESS_MASK, DEVICE_TYPE;
typedef ULONG LCID;

#if __SIZEOF_WCHAR_T__ == 2
typedef wchar_t WCHAR;
#else
typedef unsigned short WCHAR;
#endif
typedef WCHAR *PWCHAR, *LPWCH, *PWCH, *PWSTR, *LPWSTR, *NWPSTR;
typedef const WCHAR *LPCWCH, *PCWCH, *PCWSTR, *LPCWSTR, *PCWCHAR;
typedef WCHAR *PZZWSTR;
typedef const WCHAR *PCZZWSTR;
/* Counted: they need not end with a zero. */
typedef CHAR *PNZCH;
typedef const CHAR *PCNZCH;
typedef WCHAR *PNZWCH;
typedef const WCHAR *PCNZWCH;

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#define ANYSIZE_ARRAY            1
#define MAXUCHAR                 0xff
#define MAXUSHORT                0xffff
#define MAXULONG                 0xffffffffU
#define MAXLONG                  0x7fffffff
#define MINLONG                  0x80000000 /* unsigned, as there */
#define MAXLONGLONG              0x7fffffffffffffffLL
#define MAXULONGLONG             0xffffffffffffffffULL
#define UNICODE_NULL             ((WCHAR)0)
#define ANSI_NULL                ((CHAR)0)
#define UNICODE_STRING_MAX_BYTES ((USHORT)65534)
#define UNICODE_STRING_MAX_CHARS 32767

/* ---- the four functions every driver expects of its run-time library ---- */
EXTERN_C_START
void *memcpy(void *__restrict destination, const void *__restrict source,
	     size_t size) NETCX_NOTHROW;
void *memmove(void *destination, const void *source, size_t size) NETCX_NOTHROW;
void *memset(void *destination, int value, size_t size) NETCX_NOTHROW;
int memcmp(const void *a, const void *b, size_t size) NETCX_NOTHROW;
EXTERN_C_END

/* ---- structures ---- */
typedef union _LARGE_INTEGER {
	__extension__ struct {
		ULONG LowPart;
		LONG HighPart;
	};
	struct {
		ULONG LowPart;
		LONG HighPart;
	} u;
	LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER, PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef union _ULARGE_INTEGER {
	__extension__ struct {
		ULONG LowPart;
		ULONG HighPart;
	};
	struct {
		ULONG LowPart;
		ULONG HighPart;
	} u;
	ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

/* A set of processors: those of one group. */
typedef struct _GROUP_AFFINITY {
	KAFFINITY Mask;
	USHORT Group;
	USHORT Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;

typedef struct _PROCESSOR_NUMBER {
	USHORT Group;
	UCHAR Number;
	UCHAR Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

typedef struct _LIST_ENTRY {
	struct _LIST_ENTRY *Flink;
	struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
	struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

/* Lengths are in bytes and leave out a terminating zero, which need not be there. */
typedef struct _UNICODE_STRING {
	USHORT Length;
	USHORT MaximumLength;
	PWCH Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _STRING {
	USHORT Length;
	USHORT MaximumLength;
	PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING;
typedef PSTRING PCANSI_STRING; /* not const there either */

/* What a typed handle is: a pointer to a structure nobody defines, so that the compiler tells them
 * apart. */
#ifndef DECLARE_HANDLE
#define DECLARE_HANDLE(name) \
	struct name##__ {    \
		int unused;  \
	};                   \
	typedef struct name##__ *name
#endif

/* ---- macros ---- */
#define NT_SUCCESS(status)                    (((NTSTATUS)(status)) >= 0)
#define NT_INFORMATION(status)                ((((ULONG)(status)) >> 30) == 1)
#define NT_WARNING(status)                    ((((ULONG)(status)) >> 30) == 2)
#define NT_ERROR(status)                      ((((ULONG)(status)) >> 30) == 3)

#define FIELD_OFFSET(type, field)             ((LONG)offsetof(type, field))
#define RTL_FIELD_SIZE(type, field)           (sizeof(((type *)0)->field))
#define RTL_NUMBER_OF(array)                  (sizeof(array) / sizeof((array)[0]))
#define RTL_SIZEOF_THROUGH_FIELD(type, field) (offsetof(type, field) + RTL_FIELD_SIZE(type, field))
#define RTL_CONTAINS_FIELD(structure, size, field)                        \
	((((PCHAR)(&(structure)->field)) + sizeof((structure)->field)) <= \
	 (((PCHAR)(structure)) + (size)))
#define TYPE_ALIGNMENT(type) __alignof__(type)
#ifndef CONTAINING_RECORD
#define CONTAINING_RECORD(address, type, field) ((type *)((PCHAR)(address)-offsetof(type, field)))
#endif
#ifndef ARRAYSIZE
#define ARRAYSIZE(array) RTL_NUMBER_OF(array)
#endif

#define UNREFERENCED_PARAMETER(parameter)  ((void)(parameter))
#define DBG_UNREFERENCED_PARAMETER(p)      ((void)(p))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(v) ((void)(v))
#define UNREFERENCED_LOCAL_VARIABLE(v)     ((void)(v))

#ifdef __cplusplus
#define C_ASSERT(expression) static_assert(expression, #expression)
#else
#define C_ASSERT(expression) _Static_assert(expression, #expression)
#endif
#define STATIC_ASSERT C_ASSERT

/* The product of two 32-bit numbers, whole. */
#define Int32x32To64(a, b)  ((LONGLONG)(LONG)(a) * (LONGLONG)(LONG)(b))
#define UInt32x32To64(a, b) ((ULONGLONG)(ULONG)(a) * (ULONGLONG)(ULONG)(b))

/* @alignment: a power of two, in bytes */
#define ALIGN_DOWN_BY(length, alignment)          ((ULONG_PTR)(length) & ~((ULONG_PTR)(alignment)-1))
#define ALIGN_UP_BY(length, alignment)            ALIGN_DOWN_BY((ULONG_PTR)(length) + (alignment)-1, alignment)
#define ALIGN_DOWN(length, type)                  ALIGN_DOWN_BY(length, sizeof(type))
#define ALIGN_UP(length, type)                    ALIGN_UP_BY(length, sizeof(type))
#define ALIGN_DOWN_POINTER_BY(address, alignment) ((PVOID)ALIGN_DOWN_BY(address, alignment))
#define ALIGN_UP_POINTER_BY(address, alignment)   ((PVOID)ALIGN_UP_BY(address, alignment))
#define ALIGN_DOWN_POINTER(address, type)         ALIGN_DOWN_POINTER_BY(address, sizeof(type))
#define ALIGN_UP_POINTER(address, type)           ALIGN_UP_POINTER_BY(address, sizeof(type))

#define LOWORD(value)                             ((USHORT)((ULONG_PTR)(value)&0xffff))
#define HIWORD(value)                             ((USHORT)(((ULONG_PTR)(value) >> 16) & 0xffff))
#define LOBYTE(value)                             ((UCHAR)((ULONG_PTR)(value)&0xff))
#define HIBYTE(value)                             ((UCHAR)(((ULONG_PTR)(value) >> 8) & 0xff))

#define RTL_CONSTANT_STRING(s)                                   \
	{                                                        \
		sizeof(s) - sizeof((s)[0]), sizeof(s), (PWCH)(s) \
	}
#define DECLARE_CONST_UNICODE_STRING(name, literal)                                     \
	const WCHAR name##_buffer[] = literal;                                          \
	const UNICODE_STRING name = { sizeof(literal) - sizeof(WCHAR), sizeof(literal), \
				      (PWCH)name##_buffer }
#define DECLARE_UNICODE_STRING_SIZE(name, characters) \
	WCHAR name##_buffer[characters];              \
	UNICODE_STRING name = { 0, (characters) * sizeof(WCHAR), name##_buffer }

/* Flag enumerations stay enumerations under C++'s bit operators, as in C. Inside extern "C", too.
 */
#ifdef __cplusplus
#define DEFINE_ENUM_FLAG_OPERATORS(type)                \
	extern "C++" {                                  \
	inline constexpr type operator|(type a, type b) \
	{                                               \
		return (type)((int)a | (int)b);         \
	}                                               \
	inline constexpr type operator&(type a, type b) \
	{                                               \
		return (type)((int)a & (int)b);         \
	}                                               \
	inline constexpr type operator^(type a, type b) \
	{                                               \
		return (type)((int)a ^ (int)b);         \
	}                                               \
	inline constexpr type operator~(type a)         \
	{                                               \
		return (type)(~(int)a);                 \
	}                                               \
	inline type &operator|=(type &a, type b)        \
	{                                               \
		return a = a | b;                       \
	}                                               \
	inline type &operator&=(type &a, type b)        \
	{                                               \
		return a = a & b;                       \
	}                                               \
	inline type &operator^=(type &a, type b)        \
	{                                               \
		return a = a ^ b;                       \
	}                                               \
	}
#else
#define DEFINE_ENUM_FLAG_OPERATORS(type)
#endif

/* Names too short to take from host code; a driver has _KERNEL_MODE or UMDF_VERSION_MAJOR. */
#if defined(_KERNEL_MODE) || NETCX_UMDF
#ifndef IN
#define IN
#define OUT
#define OPTIONAL
#endif
/* Where C++'s library is included, they are functions (bits/c++config.h). */
#if !defined(NOMINMAX) && !defined(NETCX_CRT_CXXCONFIG_H)
#ifndef min
#define min(a, b) (((a) < (b)) ? (a) : (b))
#endif
#ifndef max
#define max(a, b) (((a) > (b)) ? (a) : (b))
#endif
#endif
#endif

#endif
