// SPDX-License-Identifier: MIT
// What has an owner and goes with it.
#pragma once

template <typename T, auto Close> class Unique
{
      public:
	constexpr Unique() = default;
	explicit Unique(T Value) : Value(Value)
	{
	}
	Unique(Unique &&Other) noexcept : Value(std::exchange(Other.Value, T{}))
	{
	}
	Unique &operator=(Unique &&Other) noexcept
	{
		std::swap(Value, Other.Value);
		return *this;
	}
	~Unique()
	{
		Reset();
	}

	void Reset()
	{
		if (Value)
			Close(std::exchange(Value, T{}));
	}
	T Get() const
	{
		return Value;
	}
	T *operator&()
	{
		Reset();
		return &Value;
	}
	explicit operator bool() const
	{
		return Value != T{};
	}

      private:
	T Value{};
};

using UniqueAdapterInit = Unique<NETADAPTER_INIT *, &NetAdapterInitFree>;
#ifdef _KERNEL_MODE
using UniqueHandle = Unique<HANDLE, &ZwClose>;
using UniqueThreadObject = Unique<PKTHREAD, &ObfDereferenceObject>;
#else
using UniqueHandle = Unique<HANDLE, &CloseHandle>;
#endif
static_assert(!std::is_copy_constructible_v<UniqueHandle>);
