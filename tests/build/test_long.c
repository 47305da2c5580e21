/* SPDX-License-Identifier: MIT */
/* Where `long` is replaced, and where it stays. */
#include "base/array.h"
#include "build/attribute.h"
#include "build/lexer.h"
#include "build/long.h"
#include "test.h"

static void assert_becomes(const char *text, const char *expected)
{
	char *copy = string_copy(text);
	bool changed = long_replace(copy, strlen(copy));

	assert_string_equal(copy, expected);
	assert_int_equal(changed, strcmp(text, expected) != 0);
	free(copy);
}

static void assert_stays(const char *text)
{
	assert_becomes(text, text);
}

static void types(void **state)
{
	static const char *const table[][2] = {
		{ "long x;", "int  x;" },
		{ "unsigned long x", "unsigned int  x" },
		{ "long unsigned x", "int  unsigned x" },
		{ "long int x", "     int x" },
		{ "int long unsigned x", "int      unsigned x" },
		{ "unsigned\nlong\tint x", "unsigned\n    \tint x" },
		{ "const long *volatile p, (long)x", "const int  *volatile p, (int )x" },
		{ "f(long, long long, long)", "f(int , long long, int )" },
		{ "sizeof(long)+long(3)", "sizeof(int )+int (3)" },
		{ "std::vector<long>v; operator long();", "std::vector<int >v; operator int ();" },
		{ "long/* long */a;// long\nlong b;", "int /* long */a;// long\nint  b;" },
		{ "typedef unsigned long ULONG, *PULONG;",
		  "typedef unsigned int  ULONG, *PULONG;" },
		{ "static inline long f(void)", "static inline int  f(void)" },
		{ "#define T long\nint x;", "#define T int \nint x;" },
		{ "#define T unsigned long \\\n int\nlong y;",
		  "#define T unsigned      \\\n int\nint  y;" },
		{ "#define LL long long\n", "#define LL long long\n" },
		{ "# define F(x) ((unsigned long)(x) + 1UL)",
		  "# define F(x) ((unsigned int )(x) + 1U )" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_becomes(table[i][0], table[i][1]);
}

static void what_stays(void **state)
{
	static const char *const table[] = {
		"long long x; unsigned long long y; long int long z; long\nlong w;",
		"long double d; double long e; const long const double f;",
		"longer Long LONG _long long_ xlong",
		"\"long\" 'l' L\"long\" R\"x(long \" 1L)x\" u8\"1L\"",
		"\"a \\\" long\" '\\'' \"x\\\nlong\"",
		"// long\n/* long\n1L */",
		"a##long b; x = long##_t; #define P(t) t##1L",
		"int\nlong#x",
		"#define long LONG\n#undef long\n#ifdef long\n#endif",
		"#if 10L > 3UL\n#error long 1L\n#include <long.h>\n#pragma long 1L",
		"1LL 2ull 3LLU 0x1FuLL 1.0L 1e5L 0x1p3L .5L 1l2 0xLULZ 5_L 1i64 L",
		"",
		"\\",
		"\"",
		"R\"(",
		"/*",
		"#",
		"1'",
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_stays(table[i]);
}

/* Where an int of the same place would be the same, a long stays; each pair is the first's alone.
 */
static void twins(void **state)
{
	static const char *const stay[] = {
		"int f(int); long f(long);",
		"int f(int a) { return 1; } long f(long b);",
		"struct s { void f(unsigned); void f(unsigned long); };",
		"struct s { s(int a) : b(a) {} public: s(long a) : b(a) {} };",
		"template <> struct t<int> : true_type {}; template <> struct t<long> : true_type {};",
		"template <> struct t<unsigned int, true> {}; template <> struct t<unsigned long, true> {};",
		"template <class T> T &&d(int); template <class T> T d(long);",
		"namespace n {\n#if A\nvoid f(int);\nvoid f(long);\n#endif\n}",
		"extern \"C++\" { void f(int *a); void f(long *b); }",
	};
	static const char *const table[][2] = {
		{ "void f(int); void g(long);", "void f(int); void g(int );" },
		{ "void f(long); void f(long a) {}", "void f(int ); void f(int  a) {}" },
		{ "struct a { void f(int); }; struct b { void f(long); };",
		  "struct a { void f(int); }; struct b { void f(int ); };" },
		{ "void f() { g((int)a); g((long)a); }", "void f() { g((int)a); g((int )a); }" },
		{ "#if A\nvoid f(int);\n#else\nvoid f(long);\n#endif\n",
		  "#if A\nvoid f(int);\n#else\nvoid f(int );\n#endif\n" },
		{ "void f(int a, char b); void f(long a, short b);",
		  "void f(int a, char b); void f(int  a, short b);" },
		{ "void f(int); void f(long) { long a; }",
		  "void f(int); void f(long) { int  a; }" },
		{ "void f(int); void f(long long);", "void f(int); void f(long long);" },
		{ "void f(const A); void f(const long);", "void f(const A); void f(const int );" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(stay); i++)
		assert_stays(stay[i]);
	for (size_t i = 0; i < ARRAY_COUNT(table); i++)
		assert_becomes(table[i][0], table[i][1]);
}

/* Blocks and conditions without an end, or with too many; deeper than anybody looks. */
static void twins_of_no_program(void **state)
{
	char deep[3001];

	for (size_t i = 0; i + 1 < sizeof(deep); i++)
		deep[i] = i < 1500 ? '{' : '}';
	deep[sizeof(deep) - 1] = '\0';
	assert_stays(deep);
	assert_stays("} } int f(int); } long f(long);");
	assert_becomes("#endif\n#endif\nlong a;", "#endif\n#endif\nint  a;");
	assert_becomes("{ ( { ) long", "{ ( { ) int ");
}

static void attributes(void **state)
{
	static const char *const table[][2] = {
		{ "[[nodiscard]] int f();", "NETCX_NODISC  int f();" },
		{ "#define N [[nodiscard]]\n", "#define N NETCX_NODISC \n" },
		{ "\"[[nodiscard]]\" /* [[nodiscard]] */ // [[nodiscard]]",
		  "\"[[nodiscard]]\" /* [[nodiscard]] */ // [[nodiscard]]" },
		{ "[[nodiscard(\"x\")]] [nodiscard] nodiscard]] [[nodiscard",
		  "[[nodiscard(\"x\")]] [nodiscard] nodiscard]] [[nodiscard" },
	};

	for (size_t i = 0; i < ARRAY_COUNT(table); i++) {
		char *copy = string_copy(table[i][0]);

		assert_int_equal(attribute_replace(copy, strlen(copy)),
				 strcmp(table[i][0], table[i][1]) != 0);
		assert_string_equal(copy, table[i][1]);
		free(copy);
	}
}

static void numbers(void **state)
{
	static const char *const table[][2] = {
		{ "1L", "1 " },
		{ "1l;", "1 ;" },
		{ "0x80000000UL)", "0x80000000U )" },
		{ "10LU", "10U " },
		{ "10lu+7ul", "10U +7U " },
		{ "1'000'000L", "1'000'000 " },
		{ "0xEL", "0xE " },
		{ "0b11L", "0b11 " },
		{ "07uL", "07U " },
		{ "-1L-1L", "-1 -1 " },
		{ "#define ONE 1L\n", "#define ONE 1 \n" },
	};

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_becomes(table[i][0], table[i][1]);
}

/* Nothing is read past the end, whatever the text. */
static void every_beginning_of_a_text(void **state)
{
	static const char text[] =
		"#define A(b) b##1L \\\n long /* x */ // y\\\n\n\"q\\\"\" R\"mark(z)mark\" L'x' 1.5e-3L .5 $a\r\n";

	for (size_t length = 0; length < sizeof(text); length++) {
		char *copy = malloc(length ? length : 1);

		memcpy(copy, text, length);
		long_replace(copy, length);
		free(copy);
	}
}

static void tokens_have_their_lines(void **state)
{
	static const char text[] = "a /* 1\n2 */ b\\\n c\n\"x\\\ny\" d // e\\\nf\ng";
	static const struct {
		const char *token;
		unsigned line;
		bool starts;
	} expected[] = {
		{ "a", 1, true },          { "b", 2, false }, { "c", 3, false },
		{ "\"x\\\ny\"", 4, true }, { "d", 5, false }, { "g", 7, true },
	};
	struct lexer lexer;
	struct token token;

	lexer_begin(&lexer, text, strlen(text));
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		assert_true(lexer_next(&lexer, &token));
		assert_true(token_is(&token, expected[i].token));
		assert_int_equal(token.line, expected[i].line);
		assert_int_equal(token.starts_line, expected[i].starts);
	}
	assert_false(lexer_next(&lexer, &token));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types),
		cmocka_unit_test(what_stays),
		cmocka_unit_test(twins),
		cmocka_unit_test(twins_of_no_program),
		cmocka_unit_test(attributes),
		cmocka_unit_test(numbers),
		cmocka_unit_test(every_beginning_of_a_text),
		cmocka_unit_test(tokens_have_their_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
