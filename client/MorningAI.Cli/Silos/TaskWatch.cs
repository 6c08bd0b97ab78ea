using System.Runtime.CompilerServices;
using MorningAI.Tasks;

namespace MorningAI.Cli.Silos;

/// <summary>
/// A task's changes until its end, each revision once. A silo that drops the connection or cannot read the task now is
/// asked again for <see cref="Patience"/>; what happened meanwhile is in the next answer's history.
/// </summary>
internal sealed class TaskWatch(SiloApi api, TimeProvider time, Action<string> notice)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <param name="after">The last revision that is known; -1 for none.</param>
    public async IAsyncEnumerable<Answer<TaskView>> Follow(TaskId task, long after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            var asked = time.GetTimestamp();
            var answer = await Read(task, after, cancellationToken);
            if (answer.Value.Revision > after)
            {
                after = answer.Value.Revision;
                yield return answer;
            }
            else if (time.GetElapsedTime(asked) < Pause)
            {
                // A silo that answers early without news (it is shutting down) is not asked in a tight loop.
                await Task.Delay(Pause, time, cancellationToken);
            }

            if (answer.Value.HasEnded)
                yield break;
        }
    }

    private async Task<Answer<TaskView>> Read(TaskId task, long after, CancellationToken cancellationToken)
    {
        long? lost = null;
        while (true)
        {
            CliException failure;
            try
            {
                var answer = await (after < 0 ? api.Get(task, cancellationToken) : api.GetNewer(task, after, cancellationToken));
                if (lost is not null)
                    notice("Connected again.");
                return answer;
            }
            catch (CliException e) when (e is SiloUnreachableException or SiloBusyException)
            {
                failure = e;
            }

            if (lost is null)
                notice($"{failure.Message} Asking again for {Patience.TotalSeconds:0} s…");
            lost ??= time.GetTimestamp();
            if (time.GetElapsedTime(lost.Value) >= Patience)
                throw failure;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
