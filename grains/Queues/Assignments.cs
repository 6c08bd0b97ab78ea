using System.Diagnostics.CodeAnalysis;
using MorningAI.Workers;

namespace MorningAI.Queues;

/// <summary>Which task of a partition is with which worker, and how many each has.</summary>
internal sealed class Assignments
{
    private readonly Dictionary<Guid, (QueueRank Rank, WorkerId Worker)> _tasks = [];
    private readonly Dictionary<WorkerName, WorkerLink> _links = [];

    public int Count => _tasks.Count;

    /// <summary>Of all workers that are known; a new array where one comes or goes. Every push looks at them, and an enumerator would be made for each.</summary>
    public WorkerLink[] Links { get; private set; } = [];

    public bool Contains(Guid task) => _tasks.ContainsKey(task);

    public bool TryGetLink(WorkerId worker, [NotNullWhen(true)] out WorkerLink? link) =>
        _links.TryGetValue(worker.Name, out link) && link.Worker == worker;

    /// <summary>The link to this life of the worker. An earlier life's is dropped; what it held stays assigned to it, to be given back.</summary>
    public WorkerLink Link(WorkerId worker)
    {
        if (TryGetLink(worker, out var link))
            return link;
        link = _links[worker.Name] = new WorkerLink(worker) { Assigned = _tasks.Values.Count(t => t.Worker == worker) };
        Links = [.. _links.Values];
        return link;
    }

    public void Unlink(WorkerId worker)
    {
        if (!TryGetLink(worker, out _))
            return;
        _links.Remove(worker.Name);
        Links = [.. _links.Values];
    }

    public void Assign(Guid task, QueueRank rank, WorkerId worker)
    {
        Release(task, out _);
        _tasks[task] = (rank, worker);
        if (TryGetLink(worker, out var link))
            link.Assigned++;
    }

    /// <param name="rank">Its place in the order.</param>
    public bool Release(Guid task, out QueueRank rank)
    {
        if (!_tasks.Remove(task, out var assigned))
        {
            rank = default;
            return false;
        }

        if (TryGetLink(assigned.Worker, out var link))
            link.Assigned--;
        rank = assigned.Rank;
        return true;
    }

    public bool IsWith(Guid task, WorkerId worker) => _tasks.TryGetValue(task, out var assigned) && assigned.Worker == worker;

    public bool TryGetWorker(Guid task, out WorkerId worker)
    {
        var found = _tasks.TryGetValue(task, out var assigned);
        worker = assigned.Worker;
        return found;
    }

    public Guid[] With(WorkerId worker) => [.. _tasks.Where(t => t.Value.Worker == worker).Select(t => t.Key)];

    /// <summary>Every worker, of this life or an earlier one, that something is assigned to.</summary>
    public WorkerId[] Holders() => [.. _tasks.Values.Select(t => t.Worker).Distinct()];
}
