using System.Runtime.CompilerServices;
using System.Text.Json;
using MorningAI.Cli.Display;
using MorningAI.Tasks;

namespace MorningAI.Cli.Silos;

/// <summary>
/// A task's events until its end, each once. Where a silo is lost it, or the next one that was named, is asked for
/// <see cref="TaskWatch.Patience"/> to go on after the last event.
/// </summary>
internal sealed class TaskFeed(IReadOnlyList<SiloApi> silos, TimeProvider time, Action<string> notice)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>False where the silo has no such stream: it is of an earlier version, or there is no such task.</summary>
    public bool IsOffered { get; private set; } = true;

    /// <summary>Also before it was connected once: the silo was there a moment ago.</summary>
    public bool IsPatient { get; init; }

    /// <exception cref="CliException">The first silo does not answer at all, or none did for too long.</exception>
    public async IAsyncEnumerable<SiloEvent> Follow(TaskId task, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var last = "";
        var (which, connected) = (0, false);
        long? lost = null;
        while (true)
        {
            CliException? failure = null;
            SiloEvents? events = null;
            try
            {
                events = await silos[which].Follow(task, last, cancellationToken);
            }
            catch (CliException e) when ((connected || IsPatient) && e is SiloUnreachableException or SiloBusyException)
            {
                failure = e;
            }

            if (events is null && failure is null && !connected)
            {
                IsOffered = false;
                yield break;
            }

            using (events)
            {
                if (events is not null && lost is not null)
                    notice(silos.Count > 1 ? $"Connected again, to {silos[which].Url}." : "Connected again.");
                if (events is not null)
                    (connected, lost) = (true, null);
                while (events is not null)
                {
                    SiloEvent? next = null;
                    try
                    {
                        next = await events.Next(cancellationToken);
                    }
                    catch (Exception e) when (e is IOException or JsonException)
                    {
                        failure = new SiloUnreachableException($"{silos[which].Url} was lost: {Plain.Line(e.Message).TrimEnd('.')}.", e);
                    }

                    if (next is null)
                        break;
                    last = next.Id;
                    yield return next;
                    if (next.Name == "end")
                        yield break;
                }
            }

            failure ??= new SiloUnreachableException($"{silos[which].Url} has ended the stream.");
            if (lost is null)
                notice($"{failure.Message} Asking again for {TaskWatch.Patience.TotalSeconds:0} s…");
            lost ??= time.GetTimestamp();
            if (time.GetElapsedTime(lost.Value) >= TaskWatch.Patience)
                throw failure;
            which = (which + 1) % silos.Count;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
