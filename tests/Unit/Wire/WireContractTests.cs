namespace MorningAI.Tests.Unit.Wire;

public sealed class WireContractTests
{
    private const string Accept = "MORNINGAI_ACCEPT_CONTRACT";

    private static readonly string Checked = Path.Combine(Checkout.Root, "tests", "Unit", "Wire", "contract.txt");

    /// <summary>Silos of two versions talk to each other during an update, and records outlive the program that wrote them.</summary>
    [Fact]
    public void Contract_AsBuilt_IsTheOneCheckedIn()
    {
        var built = WireContract.Describe();
        if (Environment.GetEnvironmentVariable(Accept) == "1")
            File.WriteAllText(Checked, built);

        var difference = Difference(Lines(File.Exists(Checked) ? File.ReadAllText(Checked) : ""), Lines(built));
        Assert.True(
            difference.Length == 0,
            $"""
            What goes over the wire or into the store has changed:

            {string.Join('\n', difference)}

            Numbers, aliases and enum values are only ever appended: a '-' line breaks what is stored and who runs the last
            version. Where the change is meant, run this test once with {Accept}=1 and commit contract.txt with the change.
            """);
    }

    [Fact]
    public void Alias_EverySerializedType_HasOneOfItsOwn()
    {
        Assert.Empty(WireContract.Serialized.Where(t => WireContract.AliasOf(t) is null).Select(t => t.FullName));
        Assert.Empty(Repeated(WireContract.Serialized.Concat(WireContract.Grains).Select(t => WireContract.AliasOf(t)!)));
    }

    [Fact]
    public void Id_EverySerializedType_HasNoneTwice() => Assert.Empty(WireContract.Serialized
        .SelectMany(t => Repeated(WireContract.Members(t).Select(m => m.Id)).Select(id => $"{t.FullName} {id}")));

    [Fact]
    public void Alias_EveryGrainAndItsCalls_HaveOneOfTheirOwn() => Assert.All(WireContract.Grains, grain =>
    {
        Assert.NotNull(WireContract.AliasOf(grain));
        var calls = grain.GetMethods().Select(m => WireContract.AliasOf(m)).ToArray();
        Assert.All(calls, Assert.NotNull);
        Assert.Empty(Repeated(calls));
    });

    [Fact]
    public void Difference_OneMemberChanged_ShowsItUnderItsType() => Assert.Equal(
        [" type b", "-   0 X: Int32", "+   0 X: Int64"],
        Difference(["type a", "  0 X: Int32", "type b", "  0 X: Int32"], ["type a", "  0 X: Int32", "type b", "  0 X: Int64"]));

    private static IEnumerable<T> Repeated<T>(IEnumerable<T> values) => values.GroupBy(v => v).Where(g => g.Count() > 1).Select(g => g.Key);

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Removed and added lines, each group under the type or grain that it belongs to.</summary>
    private static string[] Difference(string[] before, string[] after)
    {
        var (was, becomes) = (Sections(before), Sections(after));
        return [.. was.Keys.Union(becomes.Keys).Order(StringComparer.Ordinal).SelectMany(head =>
        {
            var (old, present) = (was.GetValueOrDefault(head, []), becomes.GetValueOrDefault(head, []));
            string[] changes = [.. old.Except(present).Select(l => "- " + l), .. present.Except(old).Select(l => "+ " + l)];
            var mark = !becomes.ContainsKey(head) ? "-" : !was.ContainsKey(head) ? "+" : " ";
            return changes.Length == 0 && mark == " " ? [] : changes.Prepend(mark + head);
        })];
    }

    private static Dictionary<string, List<string>> Sections(string[] lines)
    {
        var sections = new Dictionary<string, List<string>>();
        List<string> open = [];
        foreach (var line in lines)
        {
            if (line[0] == ' ')
                open.Add(line);
            else
                sections[line] = open = [];
        }

        return sections;
    }
}
