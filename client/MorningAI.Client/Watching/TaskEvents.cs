using System.Runtime.CompilerServices;
using MorningAI.Client.Cluster;
using MorningAI.Tasks;

namespace MorningAI.Client.Watching;

/// <summary>Follows one task's events: each call is answered when something happens, and the next asks from there, so that nothing falls between two of them.</summary>
internal sealed class TaskEvents(ClusterCalls calls, TimeSpan attemptTimeout, TimeSpan patience)
{
    public async IAsyncEnumerable<TaskHappening> Follow(TaskId id, EventCursor after, Func<TaskId, ITaskGrain> find, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TaskProgress? shown = null;
        var failures = 0;
        var heard = calls.Time.GetTimestamp();
        while (true)
        {
            TaskNews? news = null;
            Exception? fault = null;
            try
            {
                news = await calls.Once(() => find(id).Follow(after, shown, TaskWatch.Poll), TaskWatch.Poll + attemptTimeout, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is StoreUnavailableException || ClusterCalls.IsTransient(e))
            {
                fault = e;
            }

            if (fault is not null)
            {
                var pause = RetryBackoff.After(++failures, Random.Shared.NextDouble());
                if (calls.Time.GetElapsedTime(heard) + pause >= patience)
                    throw new StoreUnavailableException($"Nothing was heard of task {id} for {patience}: {fault.Message}", fault);
                await Task.Delay(pause, calls.Time, cancellationToken).ConfigureAwait(false);
                continue;
            }

            failures = 0;
            heard = calls.Time.GetTimestamp();
            if (news is null)
                throw new TaskNotFoundException(id);
            foreach (var happening in news.Happenings)
            {
                after = happening.Id;
                shown = happening is ProgressMade made ? made.Progress : shown;
                yield return happening;
            }

            if (news.Ended)
                yield break;
        }
    }
}
