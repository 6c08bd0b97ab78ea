using System.Runtime.CompilerServices;
using MorningAI.Client.Cluster;
using MorningAI.Tasks;

namespace MorningAI.Client.Watching;

/// <summary>Follows one task by long polls, each from the revision seen last, so that nothing falls between two of them.</summary>
internal sealed class TaskWatch(ClusterCalls calls, TimeSpan attemptTimeout, TimeSpan patience)
{
    /// <summary>Short, as a call to a silo that just died is not refused: it is noticed when the poll is overdue.</summary>
    public static readonly TimeSpan Poll = TimeSpan.FromSeconds(5);

    /// <summary>The pause after a poll that came back early and empty, as from a task that is about to move.</summary>
    public static readonly TimeSpan EarlyPause = TimeSpan.FromMilliseconds(100);

    public async IAsyncEnumerable<TaskSnapshot> Follow(TaskId id, Func<TaskId, ITaskGrain> find, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var seen = -1L;
        var failures = 0;
        var heard = calls.Time.GetTimestamp();
        while (true)
        {
            var asked = calls.Time.GetTimestamp();
            TaskSnapshot? now = null;
            Exception? fault = null;
            try
            {
                now = await calls.Once(() => find(id).Watch(seen, Poll), Poll + attemptTimeout, cancellationToken).ConfigureAwait(false);
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
            if (now is null)
                throw new TaskNotFoundException(id);
            var ended = now.State.IsTerminal();
            // Also a lower revision is news: progress is not stored, so a task that was loaded anew counts from its last stored change.
            if (ended || now.Revision != seen)
            {
                seen = now.Revision;
                yield return now;
            }
            else if (calls.Time.GetElapsedTime(asked, heard) < Poll / 2)
            {
                await Task.Delay(EarlyPause, calls.Time, cancellationToken).ConfigureAwait(false);
            }

            if (ended)
                yield break;
        }
    }
}
