using CsCheck;
using MorningAI.Queues;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Workers;

public sealed class CreditWindowsTests
{
    private static readonly Gen<(int Partition, bool Busy)> Steps = Gen.Select(Gen.Int[0, 9], Gen.Bool);

    [Fact]
    public void Of_Weighted_SharesByWeight()
    {
        var windows = new CreditWindows(new Dictionary<string, int> { ["heavy"] = 3 });
        var (heavy, light) = (PartitionId.Parse("heavy.0"), PartitionId.Parse("light.0"));
        windows.Of(heavy, busy: true, room: 64);
        windows.Of(light, busy: true, room: 64);
        Assert.Equal((48, 16), (windows.Of(heavy, busy: true, room: 64), windows.Of(light, busy: true, room: 64)));
        windows.Of(light, busy: false, room: 64);
        Assert.Equal(64, windows.Of(heavy, busy: true, room: 64));
    }

    [Fact]
    public void Of_AnySequence_SharesTheSlotsAmongTheBusy() => Gen.Select(Gen.Int[1, 128], Steps.Array[0, 100]).Sample((concurrency, steps) =>
    {
        var windows = new CreditWindows();
        var busy = new HashSet<int>();
        foreach (var (number, isBusy) in steps)
        {
            if (isBusy)
                busy.Add(number);
            else
                busy.Remove(number);
            Assert.InRange(windows.Of(Partition(number), isBusy, concurrency), 1, concurrency);
            var shares = busy.Select(n => windows.Of(Partition(n), busy: true, concurrency)).ToArray();
            Assert.True(shares.Sum() <= concurrency + busy.Count);
            Assert.True(shares.Distinct().Count() <= 1);
        }
    });

    [Fact]
    public void Of_TheOnlyBusyOne_HasAllSlots()
    {
        var windows = new CreditWindows();
        windows.Of(Partition(1), busy: true, room: 8);
        Assert.Equal(4, windows.Of(Partition(2), busy: true, room: 8));
        Assert.Equal(2, windows.Of(Partition(1), busy: false, room: 8));
        Assert.Equal(8, windows.Of(Partition(2), busy: true, room: 8));
    }

    private static PartitionId Partition(int number) => new(QueueName.Default, number);
}
