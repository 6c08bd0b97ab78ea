using MorningAI.Storage;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Allocations;

/// <summary>Ids are made into text for every grain call, and back for every task that is activated.</summary>
public sealed class IdAllocationTests
{
    private const string Default = "default.0.01jd3n9p7k8q2v5w6x7y8z9abc";
    private static readonly TaskId Id = TaskId.Parse(Default);

    private object? _kept;

    /// <summary>The default queue's name is there already.</summary>
    [Fact]
    public void Parse_OfTheDefaultQueue_AllocatesNothing() => Allocated.AssertAtMost(0, () => TaskId.Parse(Default));

    /// <summary>The queue's name.</summary>
    [Fact]
    public void Parse_OfAnotherQueue_AllocatesItsName() => Allocated.AssertAtMost(Allocated.Text("faq".Length), () => TaskId.Parse("faq.0.01jd3n9p7k8q2v5w6x7y8z9abc"));

    /// <summary>The text.</summary>
    [Fact]
    public void ToString_AnId_AllocatesItsText() => Allocated.AssertAtMost(Allocated.Text(Default.Length), () => _kept = Id.ToString());

    /// <summary>The partition's name as the tag, and the 26 digits.</summary>
    [Fact]
    public void RecordKeyOf_AnId_AllocatesTagAndDigits()
    {
        Allocated.AssertAtMost(Allocated.Text("default.0".Length) + Allocated.Text(Base32.Length), () => _kept = RecordKey.Of(Id).Tag);
        Assert.NotNull(_kept);
    }
}
