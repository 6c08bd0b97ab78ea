namespace MorningAI.Cli.Chaos.Ledger;

/// <summary>The cluster as one silo sees it.</summary>
/// <param name="Address">Of the silo that sees it: address, port and generation.</param>
/// <param name="Silos">Statuses by address.</param>
internal sealed record MembersView(string Address, IReadOnlyDictionary<string, string> Silos)
{
    public IEnumerable<string> Active => Silos.Where(s => s.Value == "active").Select(s => s.Key);

    /// <summary>Also where nothing is known of it any more.</summary>
    public bool ShowsDead(string address) => !Silos.TryGetValue(address, out var status) || status == "dead";
}
