/* SPDX-License-Identifier: MIT */
//
// Language.cpp - what Microsoft's compiler takes and others do not, or take otherwise.
//
#include "pch.hpp"

// Pasted tokens that are none: MSVC's preprocessor puts the two beside each other.
#define MEMBER(Object, Name)   Object->##Name
#define FIELD(Object, Name)    Object.##Name
#define CALL(Function)         Function##(1)
#define NEGATIVE(Value)        -##Value
#define SCOPED(Class, Name)    Class## ::##Name
#define DECORATE(Prefix, Name) Prefix##_##Name
#define WIDE_(Text)            L##Text
#define WIDE(Text)             WIDE_(Text)

// The comma goes away with empty arguments, also without ##.
#define COUNTED(Format, ...) HabitsCount(Format, __VA_ARGS__)

struct HABITS_PAIR {
	static int const Kind = 7;
	int First, Second;
};

PAGEDX static int HabitsCount(PCSTR Format, ...)
{
	int count = 0;

	while (*Format) {
		count += *Format++ == '%';
	}
	return count;
}

PAGEDX static int Twice(int Value)
{
	return 2 * Value;
}

// One function with a name of its own for each, and a class with none.
#define DECLARE_GETTER(Type, Name)                                       \
	__forceinline static int DECORATE(Get, Name)(Type const *Object) \
	{                                                                \
		return MEMBER(Object, Name);                             \
	}
DECLARE_GETTER(HABITS_PAIR, First)
DECLARE_GETTER(HABITS_PAIR, Second)

// Annotations between the type and the name, and in the middle of a class.
class PAGEDX __declspec(empty_bases) HabitsSum
{
      public:
	_IRQL_requires_max_(DISPATCH_LEVEL) explicit HabitsSum(_In_ int Value) : m_value(Value)
	{
	}
	_Must_inspect_result_ PAGED int Value() const
	{
		return m_value;
	}
	__declspec(property(get = Value)) int Current;

      private:
	int m_value;
};

enum class HABITS_STATE : UCHAR { Off, On = 0x80 };

void HabitsCheckLanguage(void)
{
	HABITS_PAIR pair{ 3, 4 }, *pointer = &pair;

	HABIT("an arrow before a name", MEMBER(pointer, First) == 3);
	HABIT("a dot before a name", FIELD(pair, Second) == 4);
	HABIT("a name before a parenthesis", CALL(Twice) == 2);
	HABIT("a sign before a number", NEGATIVE(5) == -5);
	HABIT("a scope between names", SCOPED(HABITS_PAIR, Kind) == 7);
	HABIT("names that are pasted", Get_First(pointer) + Get_Second(pointer) == 7);
	HABIT("a literal made wide", WIDE(__FUNCTION__)[0] == L'H' && sizeof(WIDE("ab")) == 6);
	HABIT("arguments that are left out", COUNTED("%d %d", 1, 2) == 2 && COUNTED("none") == 0);
	HABIT("a property", HabitsSum{ 9 }.Current == 9);
	HABIT("an enumeration with a class",
	      sizeof(HABITS_STATE) == 1 && static_cast<UCHAR>(HABITS_STATE::On) == 0x80);

	auto const memory = new (POOL_FLAG_NON_PAGED) HABITS_PAIR{ 1, 2 };
	HABIT("new of a pool", memory != nullptr && memory->Second == 2);
	delete memory;

	__pragma(warning(suppress : 4127)) do
	{
		HABIT("a pragma in an expression", true);
	}
	while (false)
		;
}
