using MorningAI.Storage;

namespace MorningAI.Cluster.Membership;

/// <summary>
/// Since when the membership table has been blank. Looked at from a silo's first moment with its store, so that the time
/// that a blank table is given (<see cref="MembershipStart"/>) passes while the rest of the silo is put together.
/// </summary>
public sealed class BlankTable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly IMembershipRows _rows;
    private readonly TimeProvider _time;
    private long _since; // 0: it is not, or nobody knows
    private volatile bool _ended;

    private BlankTable(IMembershipRows rows, TimeProvider time) => (_rows, _time) = (rows, time);

    /// <summary>Zero where it is not blank, or could not be read since it was.</summary>
    public TimeSpan For => Volatile.Read(ref _since) is var since and not 0 ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Looks until somebody is in it, or <see cref="End"/>.</summary>
    public static BlankTable Watch(StoreConnection connection, string serviceId, string clusterId, TimeProvider time) =>
        Watch(new RedisMembershipRows(connection, RedisMembershipRows.KeyOf(serviceId, clusterId)), time);

    internal static BlankTable Watch(IMembershipRows rows, TimeProvider time)
    {
        var table = new BlankTable(rows, time);
        _ = table.Run();
        return table;
    }

    public void End() => _ended = true;

    private async Task Run()
    {
        while (!_ended)
        {
            var before = _time.GetTimestamp();
            try
            {
                if (!(await _rows.Read().ConfigureAwait(false)).IsBlank)
                    break;
                if (_since == 0)
                    Volatile.Write(ref _since, before);
            }
            catch (ObjectDisposedException)
            {
                break; // the silo could not start
            }
            catch (Exception e) when (StoreFaults.IsOne(e))
            {
                Volatile.Write(ref _since, 0);
            }

            await Task.Delay(Look, _time).ConfigureAwait(false);
        }

        Volatile.Write(ref _since, 0);
    }
}
