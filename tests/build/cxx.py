#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""netcx build: C++ as drivers for Windows use it: its library's headers, and what MSVC takes beyond the standard."""
from common import DRIVER, SANITIZED, Build, main

# What a freestanding library has, and what of the rest needs no library below it.
HEADERS = """algorithm any array atomic bit cctype cfloat climits concepts cstdarg cstddef cstdint cstdlib cstring cwchar
compare deque exception functional initializer_list iosfwd iterator limits list map memory new numbers numeric optional queue
ranges ratio source_location span string_view tuple type_traits typeindex typeinfo unordered_map utility variant vector version
ctype.h limits.h memory.h new.h stdio.h stdlib.h string.h wchar.h""".split()

# Values that only right headers give. Each check is a number, to be told in the end.
USES = """
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cwchar>
#include <iterator>
#include <limits>
#include <memory>
#include <new>
#include <new.h>
#include <optional>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <ctype.h>
#include <limits.h>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

static_assert(sizeof(wchar_t) == 2 && sizeof(char16_t) == 2 && sizeof(char32_t) == 4, "");
static_assert(!std::is_same<char16_t, wchar_t>::value && !std::is_same<char16_t, unsigned short>::value, "");
static_assert(std::is_same<decltype(nullptr), std::nullptr_t>::value, "");
static_assert(std::is_same<WCHAR, wchar_t>::value, "");
static_assert(std::numeric_limits<long>::max() == 2147483647 && LONG_MAX == 2147483647 && ULONG_MAX == 0xffffffff, "");
static_assert(std::is_integral<long>::value && std::is_integral<long long>::value, "");
static_assert(sizeof(std::size_t) == 8 && sizeof(std::int64_t) == 8, "");

void *operator new(size_t size) { return ExAllocatePool2(POOL_FLAG_NON_PAGED, size, 'xxct'); }
void *operator new(size_t size, std::nothrow_t const &) noexcept { return operator new(size); }
void operator delete(void *memory) noexcept { ExFreePool(memory); }
void operator delete(void *memory, size_t) noexcept { ExFreePool(memory); }

struct Counted
{
	static int alive;
	Counted() { alive++; }
	~Counted() { alive--; }
};
int Counted::alive;

static int Order(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

/* The older annotations, which C++'s library has variables like. */
static int Bounded(__in_ecount(Count) const char *Text, __in size_t Count, __out_opt char *To)
{
	char small[4], five[5];
	wchar_t wide[8];

	if (!To || memcpy_s(To, 8, Text, Count) || memcmp(To, Text, Count) || !memcpy_s(small, 4, Text, 5) || small[0] ||
	    memcpy_s(nullptr, 0, nullptr, 0) || memmove_s(To + 1, 7, To, 3) || memcmp(To, "0012", 4) ||
	    memmove_s(To, 1, Text, 2) != ERANGE)
		return 1;
	if (strcpy_s(five, 5, "four") || strcpy_s(small, 4, "four") != ERANGE || small[0] || strcat_s(five, 5, "!") != ERANGE ||
	    five[0] || strcpy_s(nullptr, 0, "") != EINVAL || strcpy_s(five, 5, "ab") || strcat_s(five, 5, "cd") ||
	    strcmp(five, "abcd"))
		return 2;
	if (strncpy_s(small, 4, "abcdef", 3) || strcmp(small, "abc") || strncpy_s(small, 4, "abcdef", _TRUNCATE) != 80 ||
	    strcmp(small, "abc") || strncpy_s(small, 4, "abcdef", 4) != ERANGE || wcscpy_s(wide, 8, L"wide") ||
	    wcscat_s(wide, 8, L"r") || wcscmp(wide, L"wider") || wcsncpy_s(wide, 8, L"much too wide", _TRUNCATE) != 80)
		return 3;
	if (sprintf_s(five, 5, "%04x", 42) != 4 || strcmp(five, "002a") || sprintf_s(small, 4, "%d", 1234) != -1 || small[0] ||
	    _snprintf_s(small, 4, _TRUNCATE, "%s", "abcd") != -1 || strcmp(small, "abc") ||
	    _snprintf_s(five, 5, 2, "%s", "abcd") != -1 || strcmp(five, "ab") || swprintf_s(wide, 8, L"%hs-%I64u", "a", 7ULL) != 3 ||
	    wcscmp(wide, L"a-7"))
		return 4;
	return 0;
}

static int Check()
{
	char to[8];

	if (Bounded("0123456789", 8, to))
		return 100 + Bounded("0123456789", 8, to);
	{
		std::unique_ptr<Counted> one(new (std::nothrow) Counted);
		std::unique_ptr<Counted> other = std::move(one);

		if (one || !other || Counted::alive != 1)
			return 1;
	}
	if (Counted::alive != 0)
		return 2;
	alignas(Counted) unsigned char place[sizeof(Counted)];
	auto made = new (place) Counted;
	made->~Counted();
	std::array<int, 4> numbers{ { 4, 1, 3, 2 } };
	qsort(numbers.data(), numbers.size(), sizeof(int), Order);
	if (std::get<0>(std::make_tuple(numbers[0], 2)) != 1 || std::end(numbers) - std::begin(numbers) != 4)
		return 3;
	std::atomic<long> count{ 1 };
	if (count.fetch_add(2) != 1 || count.exchange(7) != 3)
		return 4;
	std::atomic_flag flag = ATOMIC_FLAG_INIT;
	if (flag.test_and_set() || !flag.test_and_set())
		return 5;
	wchar_t text[16];
	wcscpy(text, L"Adapter");
	if (std::wcslen(text) != 7 || _wcsicmp(text, L"aDAPTER") != 0 || wcsstr(text, L"apt") != text + 2 ||
	    wcscmp(text, L"Adapters") >= 0 || wcsncmp(text, L"Adaptive", 5) != 0 || wcsrchr(text, L'a') != text + 2)
		return 6;
	wcscat(text, L"-1");
	if (wmemchr(text, L'1', 16) != text + 8 || text[9] != 0)
		return 7;
	if (strlen("abc") != 3 || _stricmp("ABC", "abc") != 0 || atoi("42") != 42 || atol("-7") != -7 || abs(-3) != 3)
		return 8;
	if (!isspace('\\t') || isalpha('1') || toupper('q') != 'Q' || !ispunct('!') || !iscntrl(127))
		return 9;
	if (min(3, 5u) != 3 || max((size_t)3, 5) != 5 || std::min(1, 2) != 1)
		return 10;
#if __cplusplus >= 201703L
	std::optional<int> maybe;
	std::variant<int, long long> either = 3LL;
	std::wstring_view view(text);
	if (maybe || maybe.value_or(3) != 3 || either.index() != 1 || view.find(L'-') != 7)
		return 11;
#endif
	return 0;
}
"""
BODY = """
	int failed = Check();

	if (failed)
		return STATUS_DATA_ERROR;
	return STATUS_RETRY;
"""


class Library(Build):
    def project(self, standard, more=""):
        return self.put("drv/drv.vcxproj", """<Project><ItemGroup>
<ClCompile Include="a.cpp"><LanguageStandard>%s</LanguageStandard>%s</ClCompile>
</ItemGroup></Project>""" % (standard, more))

    def test_each_header(self):
        """In both orders, before the kit's and behind them, with the oldest language and the newest."""
        driver = DRIVER.replace("DRIVER_INIT", 'extern "C" DRIVER_INIT')
        for standard in ("stdcpp14", "stdcpp17", "stdcpp20", "stdcpplatest"):
            with self.subTest(standard=standard):
                includes = ["#include <%s>\n" % name for name in HEADERS]
                self.put("drv/a.cpp", "".join(includes) + driver % ("int a = min(1, 2);", ""))
                self.put("drv/b.cpp", "#include <wdf.h>\n" + "".join(reversed(includes)) + "int b = min(1, 2);\n")
                self.put("drv/drv.vcxproj", """<Project><ItemDefinitionGroup><ClCompile>
<LanguageStandard>%s</LanguageStandard></ClCompile></ItemDefinitionGroup>
<ItemGroup><ClCompile Include="a.cpp;b.cpp"/></ItemGroup></Project>""" % standard)
                self.assertEqual(self.build("drv/drv.vcxproj").stderr, "")

    def test_it_does_what_it_says(self):
        """Run inside a driver, with each language."""
        for standard in ("stdcpp14", "stdcpp17", "stdcpp20", "stdcpplatest"):
            with self.subTest(standard=standard):
                self.put("drv/a.cpp", DRIVER.replace("DRIVER_INIT", 'extern "C" DRIVER_INIT') % (USES, BODY))
                done = self.build(self.project(standard))
                self.assertEqual(done.stderr, "")
                if not SANITIZED:
                    _, errors = self.run_driver(self.path("out", "drv.so"), code=1)
                    self.assertIn("DriverEntry failed: STATUS_RETRY", errors)

    def test_operators_are_the_drivers(self):
        """The kernel has no operator new: what nobody defines is missing, as it is on Windows."""
        self.put("drv/a.cpp", DRIVER.replace("DRIVER_INIT", 'extern "C" DRIVER_INIT') %
                 ("#include <new>\nint *Made;", "Made = new (std::nothrow) int;"))
        self.fails(self.project("stdcpp17"), says="_ZnwmRKSt9nothrow_t")

    def test_c_has_its_library(self):
        self.put("drv/a.c", DRIVER % ("#include <string.h>\n#include <stdlib.h>\n#include <wchar.h>\n#include <ctype.h>\n",
                                      "if (wcslen(L\"abc\") != strlen(\"abc\") || labs(-1) != 1 || !isdigit('7'))\n"
                                      "return STATUS_DATA_ERROR;\nreturn STATUS_RETRY;"))
        self.assertEqual(self.build("drv").stderr, "")
        if not SANITIZED:
            _, errors = self.run_driver(self.path("out", "drv.so"), code=1)
            self.assertIn("DriverEntry failed: STATUS_RETRY", errors)

    def test_exceptions_of_structures_stay_an_error(self):
        """libstdc++ writes __try, too, and has its own meaning for it; a driver's is named."""
        self.put("drv/a.cpp", DRIVER.replace("DRIVER_INIT", 'extern "C" DRIVER_INIT') %
                 ("#include <memory>\n#include <vector>\n", "__try { } __except (1) { }"))
        done = self.fails(self.project("stdcpp17"), says="structured exception handling, which there is not on Linux")
        self.assertRegex(done.stderr, r"\n  __try +drv/a\.cpp:\d+\n")
        self.assertNotIn("wil", done.stderr)
        self.put("drv/wil/result_macros.h", "inline void Seh() { __try { } __except (1) { } }\n")
        self.put("drv/a.cpp", DRIVER.replace("DRIVER_INIT", 'extern "C" DRIVER_INIT') %
                 ('#include "wil/result_macros.h"\n', ""))
        done = self.fails(self.project("stdcpp17"), says="structured exception handling, which there is not on Linux")
        self.assertRegex(done.stderr, r"\n  __try +\S*drv/wil/result_macros\.h:1\n(.*\n)*wil's newer commits keep their own so")

    def test_kernel_rules(self):
        """What cl /kernel refuses is refused."""
        for body, says in (("throw 1;", "cannot use 'throw' with exceptions disabled"),
                           ("try { } catch (...) { }", "cannot use 'try' with exceptions disabled"),
                           ("struct A { virtual ~A(); } *a = nullptr; struct B : A { }; (void)dynamic_cast<B *>(a);",
                            "use of dynamic_cast requires -frtti")):
            with self.subTest(body=body):
                self.put("drv/a.cpp", DRIVER.replace("DRIVER_INIT", 'extern "C" DRIVER_INIT') % ("", body))
                self.fails(self.project("stdcpp17"), says=says)

    RUNS_NOWHERE = """extern "C" int Made(int Value);
struct Owner { Owner(int Value) : m_Value(Made(Value)) { } ~Owner(); int m_Value; };
Owner::~Owner() { m_Value = 0; }
int Constant = 2 * 21;
int First = Made(1);
static Owner One(2);
namespace inner { static thread_local int t_Depth; int Deeper() { return ++t_Depth; } }
extern "C" int Made(int Value)
{
	static int s_Constant = 3;
	static int s_Once = Value + inner::Deeper();
	return s_Once + s_Constant++ + One.m_Value;
}
template <class T> T Other(T Value)
{
	static Owner s_Owner(First);
	return Value + s_Owner.m_Value;
}
"""

    def test_what_the_kernel_does_not_run(self):
        """It works here, and does not on Windows: told with its place. In user mode there is nothing to be told."""
        self.put("drv/a.cpp", self.RUNS_NOWHERE + DRIVER.replace("DRIVER_INIT", 'extern "C" DRIVER_INIT') %
                 ("", "(void)Other(1);"))
        for more in ("", "<Optimization>Disabled</Optimization>"):
            with self.subTest(more=more):
                said = self.build(self.project("stdcpp17", more)).stderr
                told = said[said.index("netcx: build: warning: C++ that works here and not in Windows' kernel:\n"):]
                self.assertRegex(told, r"\n  destructor at exit +drv/a\.cpp:6, drv/a\.cpp:16: .*atexit\n")
                self.assertRegex(told, r"\n  dynamic initializer +drv/a\.cpp:5: .*LNK4210")
                self.assertRegex(told, r"\n  static with a first use +a\.cpp:11, a\.cpp:16: .*no lock")
                self.assertRegex(told, r"\n  thread local variable +a\.cpp:7: .*_tls_index")
                self.assertNotIn("please tell us", told)
        user_mode = DRIVER.replace("<ntddk.h>", "<windows.h>").replace("DRIVER_INIT", 'extern "C" DRIVER_INIT')
        self.put("drv/a.cpp", self.RUNS_NOWHERE + user_mode % ("", "(void)Other(1);"))
        self.properties = ("-p", "UMDF_VERSION_MAJOR=2", "-p", "UMDF_VERSION_MINOR=33")
        self.assertNotIn("warning", self.build(self.project("stdcpp17")).stderr)


class Language(Build):
    def driver(self, before, more="", standard="stdcpp14"):
        self.put("drv/a.cpp", DRIVER.replace("DRIVER_INIT", 'extern "C" DRIVER_INIT') % (before, ""))
        return self.put("drv/drv.vcxproj", """<Project><ItemGroup><ClCompile Include="a.cpp">
<LanguageStandard>%s</LanguageStandard>%s</ClCompile></ItemGroup></Project>""" % (standard, more))

    LATE = "template <class T> void F() { Nobody::Declares(); }"

    def test_a_template_is_read_when_it_is_used(self):
        """Unless the project is strict: /permissive-, C++20, <ConformanceMode>."""
        self.build(self.driver(self.LATE))
        self.build(self.driver(self.LATE, "<ConformanceMode>false</ConformanceMode>", "stdcpp20"))
        for more, standard in (("<ConformanceMode>true</ConformanceMode>", "stdcpp14"), ("", "stdcpp20"),
                               ("<AdditionalOptions>/permissive-</AdditionalOptions>", "stdcpp17")):
            with self.subTest(more=more, standard=standard):
                self.fails(self.driver(self.LATE, more, standard), says="use of undeclared identifier 'Nobody'")

    def test_nodiscard_anywhere(self):
        """Behind inline as well."""
        self.build(self.driver("#define N [[nodiscard]]\ntypedef int T;\ninline N T f() { return 1; }\n"
                               "static [[nodiscard]] int g() { return 1; }\nstruct N S { N T m(); };\n"
                               "void h() { (void)f(); (void)g(); }\n"))

    def test_an_overload_for_int_and_for_long(self):
        """As traits have them: long stays a type of its own there, and LONG is int's."""
        self.build(self.driver("template <class T> struct s;\ntemplate <> struct s<int> { enum { value = 1 }; };\n"
                               "template <> struct s<long> { enum { value = 2 }; };\n"
                               "static constexpr int f(int) { return 1; }\nstatic constexpr int f(long) { return 2; }\n"
                               "static_assert(s<LONG>::value == 1 && f((LONG)1) == 1 && f(1L) == 1, \"\");\n"))

    def test_the_machine_is_named(self):
        self.build(self.driver("#if !defined(_M_AMD64) && !defined(_M_ARM64)\n#error no machine\n#endif\n"))


if __name__ == "__main__":
    main()
