using MorningAI.Handlers;

namespace MorningAI.Silo.Bench;

/// <summary>
/// Kind <c>bench</c>: does nothing. The payload's first letter may ask for more: <see cref="Sampled"/> to tell when it
/// started, <see cref="Blocking"/> to keep its slot while the gate is shut.
/// </summary>
public sealed class BenchHandler(BenchProbe probe) : ITaskHandler<string, bool>
{
    /// <summary>Followed by the moment of its submit, in nanoseconds of the machine's monotonic clock, and a full stop.</summary>
    public const char Sampled = 's';

    public const char Blocking = 'b';

    public async Task<bool> Handle(string payload, ITaskContext context)
    {
        switch (payload)
        {
            case [Sampled, ..]:
                probe.Started(payload);
                break;
            case [Blocking, ..]:
                await probe.UntilOpen(context.CancellationToken).ConfigureAwait(false);
                break;
        }

        return true;
    }
}
