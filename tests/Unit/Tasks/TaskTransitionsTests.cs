using System.Text.RegularExpressions;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Tasks;

public sealed partial class TaskTransitionsTests
{
    private static readonly TaskState[] States = Enum.GetValues<TaskState>();

    [Fact]
    public void Allowed_EveryState_IsReachableFromBirth()
    {
        var reached = TaskTransitions.Born.ToHashSet();
        for (var before = 0; before != reached.Count;)
        {
            before = reached.Count;
            reached.UnionWith(TaskTransitions.Allowed.Where(m => reached.Contains(m.From)).Select(m => m.To));
        }

        Assert.Equal(States.Order(), reached.Order());
    }

    [Fact]
    public void Allowed_TerminalStatesAndOnlyThose_HaveNoWayOut()
    {
        var withoutWayOut = States.Where(s => !TaskTransitions.Allowed.Any(m => m.From == s));
        Assert.Equal(States.Where(s => s.IsTerminal()), withoutWayOut);
    }

    [Fact]
    public void WireName_EveryState_IsItsLowerCaseName() =>
        Assert.Equal(States.Select(s => s.ToString().ToLowerInvariant()), States.Select(s => s.WireName()));

    [Fact]
    public void WireName_UnknownState_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ((TaskState)99).WireName());

    [Fact]
    public void Readme_StateDiagram_EqualsTheTable()
    {
        var table = TaskTransitions.Allowed.Select(m => $"{m.From.WireName()} --> {m.To.WireName()}")
            .Concat(TaskTransitions.Born.Select(s => $"[*] --> {s.WireName()}"))
            .Concat(States.Where(s => s.IsTerminal()).Select(s => $"{s.WireName()} --> [*]"));

        var readme = File.ReadAllText(Path.Combine(Checkout.Root, "README.md"));
        var diagram = Assert.Single(Diagrams().Matches(readme)).Groups["moves"].Value
            .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(table.Order(StringComparer.Ordinal), diagram.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex(@"```mermaid\s+stateDiagram-v2(?<moves>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Diagrams();
}
