using MorningAI.Finding;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Finding;

public sealed class BulkRulesTests
{
    [Fact]
    public void Applies_EveryState_IsTheOneTaskCallsOwnRule()
    {
        foreach (var state in Enum.GetValues<TaskState>())
        {
            Assert.Equal(!state.IsTerminal(), BulkRules.Applies(BulkAction.Cancel, state));
            Assert.Equal(state.IsTerminal(), BulkRules.Applies(BulkAction.Delete, state));
            Assert.Equal(state is TaskState.Scheduled or TaskState.Failed or TaskState.Dead or TaskState.Cancelled, BulkRules.Applies(BulkAction.Retry, state));
            Assert.False(BulkRules.Applies((BulkAction)99, state));
        }
    }
}
