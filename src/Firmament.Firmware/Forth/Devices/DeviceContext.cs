using System.Text;
using Firmament.Core.State;
using Firmament.DeviceTree;
using Firmament.Firmware.Forth.Engine;
using Firmament.Firmware.Packages;

namespace Firmament.Firmware.Forth.Devices;

/// <summary>
/// Where Forth stands in the device tree: the active package, each node's wordlist of methods, instance data, and the nodes being made
/// (IEEE 1275-1994 4.2, 5.3.1, 7.4.6).
/// </summary>
internal sealed partial class DeviceContext : IStateful
{
    private readonly ForthEngine _forth;
    private readonly Dictionary<uint, int> _wordlists = [];
    private readonly Dictionary<int, uint> _owners = [];
    private readonly Dictionary<string, int> _hostWords = new(StringComparer.Ordinal);
    private uint _active;

    public DeviceContext(ForthEngine forth) => _forth = forth;

    /// <summary>The active package, or null.</summary>
    public DeviceNode? Active => _active == 0 ? null : Tree.Find(_active);

    /// <summary>The node that property and naming words work on: that of `my-self`, or else the active package.</summary>
    public DeviceNode? Target => Self?.Node ?? Active;

    /// <summary>The instance `my-self`, or null.</summary>
    public Instance? Self => _forth.Self == 0 ? null : _forth.Firmware.Instances.Find(_forth.Self);

    private OpenFirmware Firmware => _forth.Firmware;

    private DeviceTree.DeviceTree Tree => _forth.Firmware.Tree;

    /// <summary>True when any node has methods in Forth.</summary>
    public bool HasMethods => _wordlists.Count > 0;

    /// <summary>The node that property words work on; throws and gives null when there is none.</summary>
    public DeviceNode? RequireTarget()
    {
        if (Target is { } node)
        {
            return node;
        }

        _forth.Throw(ThrowCode.NoActivePackage);
        return null;
    }

    /// <summary>`dev`: makes a node the active package; its methods are found first, and new words are its methods.</summary>
    public void Activate(DeviceNode? node)
    {
        _active = node?.Phandle ?? 0;
        int list = node == null ? ForthDictionary.ForthWordlist : WordlistOf(node);
        if (node == null)
        {
            _ = _forth.Dictionary.TrySetOrder([ForthDictionary.ForthWordlist]);
        }
        else if (list >= 0)
        {
            _ = _forth.Dictionary.TrySetOrder([list, ForthDictionary.ForthWordlist]);
        }

        _forth.Dictionary.Current = Math.Max(list, 0);
    }

    /// <summary>`device-end`: no package is active, and nodes that were not finished are.</summary>
    public void End()
    {
        while (_origins.Count > 0)
        {
            FinishDevice();
        }

        Activate(null);
    }

    /// <summary>The index of a node's method in Forth, or -1.</summary>
    public int FindMethod(DeviceNode node, ReadOnlySpan<byte> name) =>
        _wordlists.TryGetValue(node.Phandle, out int list) ? _forth.Dictionary.FindIn(list, name) : -1;

    /// <summary>The index of a node's method, whatever it is written in, or -1.</summary>
    public int FindAnyMethod(DeviceNode node, ReadOnlySpan<byte> name)
    {
        int word = FindMethod(node, name);
        return word >= 0 || Firmware.PackageOf(node)?.HasMethod(name) != true ? word : HostWord(node, name);
    }

    /// <summary>The index of a C# method of the active package, or -1.</summary>
    public int FindActiveHostMethod(ReadOnlySpan<byte> name) =>
        Active is { } node && Firmware.PackageOf(node)?.HasMethod(name) == true ? HostWord(node, name) : -1;

    /// <summary>`$call-method`: runs a method of an instance.</summary>
    public void CallMethod(Instance? instance, ReadOnlySpan<byte> name)
    {
        if (instance == null)
        {
            _forth.Throw(ThrowCode.NoInstance);
            return;
        }

        int word = FindMethod(instance.Node, name);
        if (word >= 0)
        {
            _forth.ExecuteNext(word, instance.Ihandle);
        }
        else if (instance.Package?.HasMethod(name) == true)
        {
            CallHost(instance, name);
        }
        else
        {
            _forth.Throw(ThrowCode.NoSuchMethod);
        }
    }

    /// <summary>Executes the xt of a C# method in the current instance.</summary>
    public void CallHostMethod(ForthWord word)
    {
        if (Self is not { } self || self.Node.Phandle != word.Owner)
        {
            _forth.Throw(ThrowCode.NoInstance);
            return;
        }

        CallHost(self, Encoding.Latin1.GetBytes(word.Name));
    }

    /// <summary>A wordlist for `order`: the node it belongs to.</summary>
    public string NameOfWordlist(int list) => list == ForthDictionary.ForthWordlist
        ? "forth"
        : _owners.TryGetValue(list, out uint owner) && Tree.Find(owner) is { } node ? node.Path : $"wordlist-{list}";

    /// <summary>The node's wordlist, made when it has none; throws and gives -1 when there are too many.</summary>
    public int WordlistOf(DeviceNode node)
    {
        if (!_wordlists.TryGetValue(node.Phandle, out int list))
        {
            list = _forth.Dictionary.AddWordlist();
            if (list < 0)
            {
                _forth.Throw(ThrowCode.DictionaryOverflow);
                return -1;
            }

            _wordlists.Add(node.Phandle, list);
            _owners.Add(list, node.Phandle);
        }

        return list;
    }

    /// <inheritdoc/>
    public void Visit(StateVisitor state)
    {
        state.Field("active", ref _active);
        VisitWordlists(state);
        VisitTemplates(state);
        VisitData(state);
        VisitOrigins(state);
        if (state.IsLoading)
        {
            _hostWords.Clear();
        }
    }

    private void VisitWordlists(StateVisitor state)
    {
        KeyValuePair<uint, int>[] lists = [.. _wordlists.OrderBy(static pair => pair.Value)];
        int count = lists.Length;
        state.Field("wordlists", ref count);
        count = Math.Clamp(count, 0, ForthDictionary.MostWordlists);
        if (state.IsLoading)
        {
            _wordlists.Clear();
            _owners.Clear();
        }

        for (int i = 0; i < count; i++)
        {
            (uint node, int list) = i < lists.Length ? (lists[i].Key, lists[i].Value) : (0, 0);
            state.Field("node", ref node);
            state.Field("list", ref list);
            if (state.IsLoading && _forth.Dictionary.IsWordlist(list) && _wordlists.TryAdd(node, list))
            {
                _owners[list] = node;
            }
        }
    }

    private int HostWord(DeviceNode node, ReadOnlySpan<byte> name)
    {
        string text = Encoding.Latin1.GetString(name);
        string key = $"{node.Phandle:x}:{text}";
        ForthDictionary dictionary = _forth.Dictionary;
        if (_hostWords.TryGetValue(key, out int word) && word < dictionary.WordCount
            && dictionary.Words[word] is { Kind: WordKind.HostMethod } known && known.Owner == node.Phandle && known.Name == text)
        {
            return word;
        }

        for (word = dictionary.FirstUserWord; word < dictionary.WordCount; word++)
        {
            if (dictionary.Words[word] is { Kind: WordKind.HostMethod } found && found.Owner == node.Phandle && found.Name == text)
            {
                break;
            }
        }

        word = word < dictionary.WordCount ? word : _forth.Compiler.AddHidden(text, WordKind.HostMethod, 0, 0, node.Phandle);
        if (word >= 0)
        {
            _hostWords[key] = word;
        }

        return word;
    }

    private void CallHost(Instance instance, ReadOnlySpan<byte> name)
    {
        DataStack stack = _forth.BeginHostCall(out int passed);
        int result = instance.Package!.Call(name, new MethodCall(Firmware, instance, _forth.Memory.Space, stack));
        _forth.EndHostCall(stack, passed, result);
        _forth.TraceCall(instance, name, result);
    }
}
