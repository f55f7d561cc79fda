using System.Collections;

namespace Firmament.Firmware;

/// <summary>
/// Services declared as rows of name (and token), signature and body. Dispatch, arity check, the `/rtas` node and the call trace
/// read the same rows. Filled once, when a type is initialised; read-only afterwards.
/// </summary>
/// <typeparam name="T">The services' owner, handed to each body.</typeparam>
public sealed class ServiceTable<T> : IEnumerable<ServiceRow<T>>
{
    private readonly List<ServiceRow<T>> _rows = [];
    private readonly NameIndex<ServiceRow<T>> _byName = new();
    private readonly Dictionary<uint, ServiceRow<T>> _byToken = [];
    private readonly Dictionary<string, string> _aliases = new(StringComparer.Ordinal);

    /// <summary>Adds a service that goes by name.</summary>
    public void Add(string name, string signature, ServiceBody<T> body)
    {
        ServiceRow<T> row = new(name, 0, new ServiceSignature(signature), body);
        _byName.Add(name, row);
        _rows.Add(row);
    }

    /// <summary>Adds a service that goes by token.</summary>
    public void Add(uint token, string name, string signature, ServiceBody<T> body)
    {
        ServiceRow<T> row = new(name, token, new ServiceSignature(signature), body);
        _byName.Add(name, row);
        _byToken.Add(token, row);
        _rows.Add(row);
    }

    /// <summary>Serves <paramref name="token"/>, which nothing publishes, as service <paramref name="of"/>.</summary>
    public ServiceTable<T> AlsoAt(uint token, string of)
    {
        _byToken.Add(token, _byName[of]);
        return this;
    }

    /// <summary>Publishes service <paramref name="of"/> under another name instead of its own.</summary>
    public ServiceTable<T> PublishAs(string alias, string of)
    {
        _aliases.Add(_byName[of].Name, alias);
        return this;
    }

    /// <summary>The name a service is published under, in `/rtas` for example.</summary>
    public string PublishedName(ServiceRow<T> row) => _aliases.GetValueOrDefault(row.Name, row.Name);

    /// <summary>The service of this name (ISO 8859-1), or null.</summary>
    public ServiceRow<T>? Find(ReadOnlySpan<byte> name) => _byName.Find(name);

    /// <summary>The service with this token, or null.</summary>
    public ServiceRow<T>? Find(uint token) => _byToken.GetValueOrDefault(token);

    /// <inheritdoc/>
    public IEnumerator<ServiceRow<T>> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>
    /// Runs a service and traces the call. Nothing has been written to the guest when it returns: the front end commits the results.
    /// </summary>
    /// <param name="row">A row of this table.</param>
    /// <param name="services">Handed to the body.</param>
    /// <param name="call">The arguments.</param>
    /// <param name="tracer">Where the call is traced.</param>
    /// <param name="exact">True when the counts must be those of the signature; else too many of either and too few results are fine.</param>
    /// <returns>False when the counts do not fit; the body did not run.</returns>
    internal bool TryInvoke(ServiceRow<T> row, T services, CallBlock call, CallTracer tracer, bool exact)
    {
        ServiceSignature signature = row.Signature;
        bool fits = call.ArgumentCount >= signature.LeastArguments
            && (!exact || (call.ArgumentCount <= signature.MostArguments
                && call.ResultCount >= signature.LeastResults && call.ResultCount <= signature.MostResults));
        List<KeyValuePair<string, string>>? fields = tracer.IsEnabled ? tracer.Arguments(signature, call) : null;
        if (!fits)
        {
            if (fields != null)
            {
                tracer.WriteRefused(row.Name, $"{call.ArgumentCount} arguments and {call.ResultCount} results do not fit", call, fields);
            }

            return false;
        }

        if (fields != null)
        {
            tracer.Begin(row.Name, fields);
        }

        uint first = row.Body(services, call);
        if (signature.Results.Count > 0)
        {
            call.Return(0, first);
        }

        if (fields != null)
        {
            tracer.Write(row.Name, signature, call, fields);
        }

        return true;
    }
}
