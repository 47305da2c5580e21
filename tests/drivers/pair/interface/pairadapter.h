// SPDX-License-Identifier: MIT
// What the library gives to the driver that it is linked into: one end of a wire between two
// adapters.
#pragma once

class Wire;

class PairAdapter
{
      public:
	PairAdapter(NETADAPTER Handle, WDFDEVICE Device) noexcept : Handle(Handle), Device(Device)
	{
	}

	NTSTATUS Initialize();
	NTSTATUS Start();
	void Destroy();
	NTSTATUS CreateTxQueue(NETTXQUEUE_INIT *Init);
	NTSTATUS CreateRxQueue(NETRXQUEUE_INIT *Init);

	NETADAPTER const Handle;
	WDFDEVICE const Device;
	Wire *TheWire = nullptr;
	ULONG Port = 0;

      private:
	NTSTATUS ReadConfiguration();
	void SetLink();

	ULONG MacLastByte = 0;
};

// In the driver: whose context it is, is its own business.
extern PairAdapter *PairAdapterOf(NETADAPTER Adapter);

NTSTATUS PairLibraryBegin();
