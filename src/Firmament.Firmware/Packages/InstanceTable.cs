using System.Text;
using Firmament.Core.State;
using Firmament.DeviceTree;

namespace Firmament.Firmware.Packages;

/// <summary>
/// All open instances. A handle holds a slot and the slot's generation, so slots are used again and a stale handle is known as such.
/// </summary>
public sealed class InstanceTable
{
    /// <summary>Most open instances, each link of a chain counted; a guest that never closes gets no more.</summary>
    public const int MostInstances = 1 << SlotBits;

    // 0x40000000 keeps handles positive, and away from small phandles and from 0 and -1.
    private const uint HandleBase = 0x40000000;
    private const int SlotBits = 12;
    private const uint GenerationMask = (1 << 18) - 1;

    private readonly Instance?[] _slots = new Instance?[MostInstances];
    private readonly uint[] _generations = new uint[MostInstances];
    private int _used;

    /// <summary>How many are open.</summary>
    public int Count { get; private set; }

    /// <summary>The open instance of a handle, or null for a stale or invented one.</summary>
    public Instance? Find(uint ihandle)
    {
        Instance? instance = (ihandle & ~(HandleBase - 1)) == HandleBase ? _slots[ihandle & (MostInstances - 1)] : null;
        return instance?.Ihandle == ihandle ? instance : null;
    }

    /// <summary>True while a node has an open instance.</summary>
    public bool HasInstanceOf(DeviceNode node) => Array.Exists(_slots, instance => instance?.Node == node);

    /// <summary>Makes an instance; null when there are too many. Does not run `open`.</summary>
    internal Instance? Create(DeviceNode node, IPackage? package, Instance? parent, string? arguments)
    {
        int slot = Array.IndexOf(_slots, null);
        if (slot < 0)
        {
            return null;
        }

        uint handle;
        do
        {
            _generations[slot] = (_generations[slot] + 1) & GenerationMask;
            handle = HandleBase | (_generations[slot] << SlotBits) | (uint)slot;
        }
        while (node.Tree.Find(handle) != null);

        _used = Math.Max(_used, slot + 1);
        Count++;
        return _slots[slot] = new Instance(handle, node, package, parent, arguments);
    }

    /// <summary>Forgets an instance. Does not run `close`.</summary>
    internal void Remove(Instance instance)
    {
        if (Find(instance.Ihandle) == instance)
        {
            _slots[instance.Ihandle & (MostInstances - 1)] = null;
            Count--;
        }
    }

    /// <summary>Saves, restores or hashes the instances. The device tree must have been restored before.</summary>
    internal void Visit(StateVisitor state, Func<uint, DeviceNode?> findNode, Func<DeviceNode, IPackage?> findPackage)
    {
        state.Field("used", ref _used);
        _used = Math.Clamp(_used, 0, MostInstances);
        for (int slot = 0; slot < _used; slot++)
        {
            state.Field("generation", ref _generations[slot]);
            Instance? instance = _slots[slot];
            uint phandle = instance?.Node.Phandle ?? 0;
            uint handle = instance?.Ihandle ?? 0;
            uint parent = instance?.Parent?.Ihandle ?? 0;
            ulong position = instance?.Position ?? 0;
            bool interposed = instance?.IsInterposed ?? false;
            int length = instance?.Arguments?.Length ?? -1;
            state.Field("handle", ref handle);
            state.Field("phandle", ref phandle);
            state.Field("parent", ref parent);
            state.Field("position", ref position);
            state.Field("interposed", ref interposed);
            state.Field("argumentLength", ref length);
            ulong[] slots = instance?.Slots ?? new ulong[Instance.SlotCount];
            foreach (ref ulong slot64 in slots.AsSpan())
            {
                state.Field("slot", ref slot64);
            }

            byte[] arguments = new byte[Math.Clamp(length, 0, 4096)];
            Encoding.Latin1.GetBytes(instance?.Arguments ?? "").CopyTo(arguments, 0);
            state.Bytes("arguments", arguments);
            if (state.IsLoading)
            {
                DeviceNode? node = handle == 0 ? null : findNode(phandle);
                // A chain is made from the root down, but slots are reused: the parent may sit in a later slot. Chains of loaded
                // instances are therefore joined by handle in the second pass below.
                _slots[slot] = node == null ? null : new Instance(handle, node, findPackage(node), null, length < 0 ? null : Encoding.Latin1.GetString(arguments))
                {
                    Position = position,
                    IsInterposed = interposed,
                    ParentHandle = parent,
                };
                slots.CopyTo(_slots[slot]?.Slots ?? slots, 0);
            }
        }

        if (state.IsLoading)
        {
            Rejoin();
        }
    }

    private void Rejoin()
    {
        // Slots that were first used after the state was saved are fresh again, or the next handles would differ.
        Array.Clear(_slots, _used, MostInstances - _used);
        Array.Clear(_generations, _used, MostInstances - _used);
        Count = 0;
        foreach (Instance? instance in _slots.AsSpan(0, _used))
        {
            if (instance != null)
            {
                Count++;
                instance.Parent = instance.ParentHandle == 0 ? null : Find(instance.ParentHandle);
            }
        }
    }
}
