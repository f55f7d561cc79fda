using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.Firmware.Forth.Engine;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Forth.Devices;

/// <content>Instance data: cells that each instance of a node has for itself, made when it first needs them (IEEE 1275-1994 4.2.2, 5.3.1.4).</content>
internal sealed partial class DeviceContext
{
    private const int MostInstanceCells = 16384;

    // Room for words that a program adds while an instance is open already.
    private const uint SpareBytes = 256;

    private readonly Dictionary<uint, List<uint>> _templates = [];
    private readonly Dictionary<uint, InstanceData> _data = [];

    /// <summary>Gives each instance of the target node more data. Returns its offset, or -1 after a throw.</summary>
    public int AddInstanceData(uint bytes, int initial, out uint owner)
    {
        owner = 0;
        if (RequireTarget() is not { } node)
        {
            return -1;
        }

        owner = node.Phandle;
        if (!_templates.TryGetValue(owner, out List<uint>? cells))
        {
            _templates.Add(owner, cells = []);
        }

        int offset = cells.Count * 4;
        uint count = bytes > MostInstanceCells * 4 ? MostInstanceCells + 1 : (bytes + 3) / 4;
        if (cells.Count + count > MostInstanceCells)
        {
            _forth.Throw(ThrowCode.DictionaryOverflow);
            return -1;
        }

        cells.Add((uint)initial);
        for (uint i = 1; i < count; i++)
        {
            cells.Add(0);
        }

        return offset;
    }

    /// <summary>Runs an instance word.</summary>
    public void ExecuteInstanceWord(ForthWord word)
    {
        switch (word.Kind)
        {
            case WordKind.InstanceValue:
                PushInstanceValue(word);
                break;
            case WordKind.InstanceVariable:
                if (TryAddress(word, out uint address))
                {
                    _forth.Push(address);
                }
                else
                {
                    _forth.Throw(ThrowCode.NoInstance);
                }

                break;
            case WordKind.InstanceDefer:
                PushInstanceValue(word);
                if (_forth.Fault == 0)
                {
                    _forth.ExecuteToken(_forth.Pop());
                }

                break;
            default:
                _forth.Throw(ThrowCode.UnsupportedOperation);
                break;
        }
    }

    /// <summary>Without an instance, while a package is being written, the initial value stands for it.</summary>
    public void PushInstanceValue(ForthWord word)
    {
        if (TryAddress(word, out uint address))
        {
            _ = _forth.Memory.TryFetch(address, out uint value);
            _forth.Push(value);
        }
        else if (TemplateCell(word) is { } cells)
        {
            _forth.Push(cells[word.Value / 4]);
        }
    }

    public void SetInstanceValue(ForthWord word, int value)
    {
        if (TryAddress(word, out uint address))
        {
            _ = _forth.Memory.TryStore(address, (uint)value);
        }
        else if (TemplateCell(word) is { } cells)
        {
            cells[word.Value / 4] = (uint)value;
        }
    }

    /// <summary>Frees an instance's data.</summary>
    public void Forget(Instance instance)
    {
        if (_data.Remove(instance.Ihandle, out InstanceData data))
        {
            _ = _forth.Memory.TryFree(data.Address);
        }
    }

    private List<uint>? TemplateCell(ForthWord word)
    {
        bool canUse = Self == null && _templates.TryGetValue(word.Owner, out List<uint>? cells) && word.Value / 4 < cells.Count;
        if (!canUse)
        {
            _forth.Throw(ThrowCode.NoInstance);
            return null;
        }

        return _templates[word.Owner];
    }

    private bool TryAddress(ForthWord word, out uint address)
    {
        address = 0;
        if (Self is not { } self || self.Node.Phandle != word.Owner || !_templates.TryGetValue(word.Owner, out List<uint>? cells)
            || !TryInitialise(self, cells, out InstanceData data))
        {
            return false;
        }

        address = data.Address + (uint)word.Value;
        return true;
    }

    private bool TryInitialise(Instance self, List<uint> cells, out InstanceData data)
    {
        uint needed = (uint)cells.Count * 4;
        bool exists = _data.TryGetValue(self.Ihandle, out data);
        if (exists && data.Initialised == cells.Count)
        {
            return true;
        }

        if (!exists || data.Size < needed)
        {
            InstanceData old = data;
            if (!_forth.Memory.TryAllocate(needed + SpareBytes, out uint address))
            {
                _forth.Throw(ThrowCode.Allocate);
                return false;
            }

            byte[] copy = new byte[old.Initialised * 4];
            _ = _forth.Memory.TryRead(old.Address, copy);
            _ = _forth.Memory.TryWrite(address, copy);
            _ = !exists || _forth.Memory.TryFree(old.Address);
            data = new InstanceData(address, needed + SpareBytes, old.Initialised);
        }

        for (int i = data.Initialised; i < cells.Count; i++)
        {
            _ = _forth.Memory.TryStore(data.Address + (uint)(i * 4), cells[i]);
        }

        _data[self.Ihandle] = data = data with { Initialised = cells.Count };
        return true;
    }

    private void VisitTemplates(StateVisitor state)
    {
        uint[] nodes = [.. _templates.Keys.Order()];
        int count = nodes.Length;
        state.Field("templates", ref count);
        Dictionary<uint, List<uint>> loaded = [];
        for (int i = 0; i < Math.Clamp(count, 0, ForthDictionary.MostWords); i++)
        {
            uint node = i < nodes.Length ? nodes[i] : 0;
            List<uint> cells = state.IsLoading ? [] : _templates[node];
            int length = cells.Count;
            state.Field("node", ref node);
            state.Field("cells", ref length);
            for (int j = 0; j < Math.Clamp(length, 0, MostInstanceCells); j++)
            {
                uint cell = state.IsLoading ? 0 : cells[j];
                state.Field("cell", ref cell);
                if (state.IsLoading)
                {
                    cells.Add(cell);
                }
            }

            loaded[node] = cells;
        }

        if (state.IsLoading)
        {
            _templates.Clear();
            foreach ((uint node, List<uint> cells) in loaded)
            {
                _templates.Add(node, cells);
            }
        }
    }

    private void VisitData(StateVisitor state)
    {
        uint[] handles = [.. _data.Keys.Order()];
        int count = handles.Length;
        state.Field("instances", ref count);
        if (state.IsLoading)
        {
            _data.Clear();
        }

        for (int i = 0; i < Math.Clamp(count, 0, InstanceTable.MostInstances); i++)
        {
            uint handle = i < handles.Length ? handles[i] : 0;
            InstanceData data = state.IsLoading ? default : _data[handle];
            (uint address, uint size, int initialised) = (data.Address, data.Size, data.Initialised);
            state.Field("handle", ref handle);
            state.Field("address", ref address);
            state.Field("size", ref size);
            state.Field("initialised", ref initialised);
            if (state.IsLoading)
            {
                _data[handle] = new InstanceData(address, size, Math.Clamp(initialised, 0, MostInstanceCells));
            }
        }
    }
}
