namespace MorningAI.Tests.Unit.Allocations;

/// <summary>The measure itself: it sees what is allocated, and what is over a budget.</summary>
public sealed class AllocatedTests
{
    private const double ArrayOfTen = 40;

    private byte[]? _kept;
    private string? _keptText;

    [Fact]
    public void PerCall_Nothing_IsNothing() => Assert.Equal(0, Allocated.PerCall(0, () => { }));

    [Fact]
    public void PerCall_AnArray_IsItsBytes() => Assert.Equal(ArrayOfTen, Allocated.PerCall(ArrayOfTen, () => _kept = new byte[10]));

    [Fact]
    public void Array_AndText_AreWhatTheyTake()
    {
        for (var length = 1; length < 20; length++)
        {
            Assert.Equal(Allocated.Array(length), Allocated.PerCall(Allocated.Array(length), () => _kept = new byte[length]));
            Assert.Equal(Allocated.Text(length), Allocated.PerCall(Allocated.Text(length), () => _keptText = new string('x', length)));
        }

        Assert.Equal((19, 19), (_kept!.Length, _keptText!.Length));
    }

    [Fact]
    public void PerCall_WorkBetweenRounds_IsNotCounted() => Assert.Equal(0, Allocated.PerCall(0, () => { }, between: () => _kept = new byte[1000]));

    [Fact]
    public void AssertAtMost_OneByteOver_FailsAndTellsBoth()
    {
        var failure = Assert.ThrowsAny<Exception>(() => Allocated.AssertAtMost(ArrayOfTen - 1, () => _kept = new byte[10], patience: TimeSpan.Zero));

        Assert.Contains("40 bytes a call; the budget is 39.", failure.Message);
        Assert.NotNull(_kept);
    }
}
