using CsCheck;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Tasks;

public sealed class RetryPolicyTests
{
    [Fact]
    public void PauseAfter_Exponential_LiesBetweenNothingAndTheGrownBound() =>
        Gen.Select(Gen.Int[1, 60], Gen.Double[0, 1], Gen.Int[1, 600]).Sample((failures, jitter, longest) =>
        {
            var policy = RetryPolicy.Exponential(100, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(longest));
            var pause = policy.PauseAfter(failures, jitter)!.Value;
            Assert.InRange(pause.TotalSeconds, 0, Math.Min(Math.Pow(2, failures - 1), longest));
            Assert.True(pause <= policy.PauseAfter(failures, 1));
        });

    [Fact]
    public void PauseAfter_List_EndsWithItsLastAndStaysThere()
    {
        var policy = RetryPolicy.Times(5);
        Assert.Equal([10, 30, 60, 60, 60], Enumerable.Range(1, 5).Select(f => policy.PauseAfter(f, 0)!.Value.TotalSeconds));
        Assert.Null(policy.PauseAfter(6, 0));
    }

    [Fact]
    public void Fault_KnownPolicies_HaveNone() =>
        Assert.All([RetryPolicy.None, RetryPolicy.Default, RetryPolicy.Times(RetryPolicy.MostAttempts - 1), RetryPolicy.After([])], p => Assert.Null(p.Fault()));
}
