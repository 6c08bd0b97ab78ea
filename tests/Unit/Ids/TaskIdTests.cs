using CsCheck;
using MorningAI.Queues;
using MorningAI.Tasks;
using Xunit;

namespace MorningAI.Tests.Unit.Ids;

public class TaskIdTests
{
    [Fact]
    public void Parse_Written_IsTheSame() => Any.Task.Sample(id => TaskId.Parse(id.ToString()) == id);

    [Fact]
    public void TryParse_Accepted_HasOneSpelling() =>
        Gen.Select(Any.NearlyId, Gen.Guid, (head, unique) => $"{head}.{Base32.Encode(unique)}").Sample(text =>
            !TaskId.TryParse(text, out var id) || id.ToString() == text);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("default.0")]
    [InlineData("default.00.00000000000000000000000000")]
    [InlineData("default.-1.00000000000000000000000000")]
    [InlineData("default.1024.00000000000000000000000000")]
    [InlineData("Default.0.00000000000000000000000000")]
    [InlineData("default.0.0000000000000000000000000")]
    [InlineData("default.0.00000000000000000000000000 ")]
    public void TryParse_WrongText_IsRefused(string? text) => Assert.False(TaskId.TryParse(text, out _));

    [Fact]
    public void New_Later_SortsLater() => Gen.Select(Any.Partition, Any.Moment, Gen.Int[1, 1_000_000]).Sample((partition, moment, millis) =>
        string.CompareOrdinal(TaskId.New(partition, moment).ToString(), TaskId.New(partition, moment.AddMilliseconds(millis)).ToString()) < 0);

    [Fact]
    public void New_OnManyThreads_IsAVersion7UuidOfTheMomentAndNobodyElses()
    {
        var moment = new DateTimeOffset(2026, 11, 30, 12, 0, 0, 123, TimeSpan.Zero);
        var made = new Guid[8][];

        Parallel.For(0, made.Length, i => made[i] = [.. Enumerable.Range(0, 1000).Select(_ => TaskId.New(new PartitionId(QueueName.Default, 0), moment).Unique)]);

        Assert.Equal(8000, made.SelectMany(m => m).Distinct().Count());
        Assert.All(made.SelectMany(m => m), unique =>
        {
            Assert.Equal((7, 8), (unique.Version, unique.Variant & 0xC));
            Assert.Equal(moment.ToUnixTimeMilliseconds(), Convert.ToInt64(unique.ToString("N")[..12], 16));
        });
    }

    [Fact]
    public void ForKey_SameKey_IsTheSameTaskInRange() => Gen.Select(Any.Queue, Gen.Int[1, PartitionId.MaxPartitions], Gen.String[1, 256]).Sample((queue, partitions, key) =>
    {
        var id = TaskId.ForKey(queue, partitions, key);
        return id == TaskId.ForKey(queue, partitions, key) && id.Queue == queue && id.Partition.Number < partitions;
    });

    [Fact]
    public void ForKey_OtherKeyOrQueue_IsAnotherTask()
    {
        var mail = QueueName.Parse("mail");
        Assert.NotEqual(TaskId.ForKey(mail, 4, "a").Unique, TaskId.ForKey(mail, 4, "b").Unique);
        Assert.NotEqual(TaskId.ForKey(mail, 4, "a").Unique, TaskId.ForKey(QueueName.Default, 4, "a").Unique);
    }

    // Stored ids outlive this code: a key must stand for the same task in every version.
    [Fact]
    public void ForKey_KnownKey_KeepsItsId() =>
        Assert.Equal("default.2.1ymcatg2ftf87shhg0y2xx0e41", TaskId.ForKey(QueueName.Default, 4, "order-1").ToString());
}
