using CsCheck;
using MorningAI.Queues;
using MorningAI.Workers;

namespace MorningAI.Tests.Unit.Queues;

public sealed class AssignmentsTests
{
    private static readonly WorkerId[] Lives =
        [Given.Worker("w1", 1), Given.Worker("w1", 2), Given.Worker("w2", 1), Given.Worker("w2", 2), Given.Worker("w3", 1)];

    private static readonly Gen<(int Act, int Worker, int Task)> Steps = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 4], Gen.Int[0, 12]);

    [Fact]
    public void Assigned_AnySequence_IsTheTrueCountOfEachLife() => Steps.Array[0, 200].Sample(
        steps =>
        {
            var assignments = new Assignments();
            var model = new Dictionary<Guid, WorkerId>();
            foreach (var (act, worker, number) in steps)
            {
                var (life, task) = (Lives[worker], Given.Unique(number));
                switch (act)
                {
                    case 0:
                        Assert.Equal(life, assignments.Link(life).Worker);
                        break;
                    case 1:
                        assignments.Unlink(life);
                        Assert.False(assignments.TryGetLink(life, out _));
                        break;
                    case 2 or 3:
                        assignments.Assign(task, new QueueRank(number), life);
                        model[task] = life;
                        break;
                    default:
                        Assert.Equal(model.Remove(task), assignments.Release(task, out var rank));
                        Assert.True(rank.Value == number || rank == default);
                        break;
                }

                Assert.Equal(model.Count, assignments.Count);
                Assert.Equal(model.Values.ToHashSet(), assignments.Holders().ToHashSet());
                foreach (var link in assignments.Links)
                    Assert.Equal(model.Values.Count(w => w == link.Worker), link.Assigned);
                foreach (var each in Lives)
                    Assert.Equal(model.Where(m => m.Value == each).Select(m => m.Key).Order(), assignments.With(each).Order());
            }
        },
        iter: 500);

    [Fact]
    public void Link_NewLife_LeavesTheOldLifesTasksToBeGivenBack()
    {
        var assignments = new Assignments();
        assignments.Link(Lives[0]).Window = 5;
        assignments.Assign(Given.Unique(1), default, Lives[0]);

        var link = assignments.Link(Lives[1]);

        Assert.Equal((0, 0), (link.Window, link.Assigned));
        Assert.False(assignments.TryGetLink(Lives[0], out _));
        Assert.Equal([Given.Unique(1)], assignments.With(Lives[0]));
    }

    [Theory]
    [InlineData(5, 3, false, 0, 2)]
    [InlineData(5, 3, false, 1, 2)]
    [InlineData(5, 3, false, 2, 0)]
    [InlineData(5, 3, true, 0, 0)]
    [InlineData(3, 5, false, 0, 0)]
    public void Credits_OfALink_AreWhatItsWindowLeaves(int window, int assigned, bool inDoubt, int unanswered, int credits) =>
        Assert.Equal(credits, new WorkerLink(Lives[0]) { Window = window, Assigned = assigned, InDoubt = inDoubt, Unanswered = unanswered }.Credits);
}
