using MorningAI.Explaining;
using MorningAI.Finding;
using MorningAI.Intake;
using MorningAI.Queues;
using MorningAI.Schedules;
using MorningAI.Tasks;
using Orleans.Runtime;

namespace MorningAI.Client.Cluster;

/// <summary>
/// Finds grains when they are called, not before: Orleans learns which there are when it connects, and a service may be
/// built, or be called by another that starts first, before that.
/// </summary>
internal sealed class KnownGrains(IGrainFactory grains)
{
    /// <exception cref="SiloUnavailableException">No silo that offers it is known yet; the call may be repeated.</exception>
    public IIntakeGrain Intake(long key)
    {
        try
        {
            return grains.GetIntake(key);
        }
        catch (ArgumentException e)
        {
            throw Unknown(e);
        }
    }

    /// <exception cref="SiloUnavailableException">No silo that offers it is known yet; the call may be repeated.</exception>
    public ITaskGrain Task(TaskId id)
    {
        try
        {
            return grains.GetTask(id);
        }
        catch (ArgumentException e)
        {
            throw Unknown(e);
        }
    }

    /// <exception cref="SiloUnavailableException">No silo that offers it is known yet; the call may be repeated.</exception>
    public IScheduleGrain Schedule(ScheduleName name)
    {
        try
        {
            return grains.GetSchedule(name);
        }
        catch (ArgumentException e)
        {
            throw Unknown(e);
        }
    }

    /// <exception cref="SiloUnavailableException">No silo that offers it is known yet; the call may be repeated.</exception>
    public ITaskFinderGrain Finder()
    {
        try
        {
            return grains.GetGrain<ITaskFinderGrain>(0);
        }
        catch (ArgumentException e)
        {
            throw Unknown(e);
        }
    }

    /// <exception cref="SiloUnavailableException">No silo that offers it is known yet; the call may be repeated.</exception>
    public IQueueDirectoryGrain Queues()
    {
        try
        {
            return grains.GetQueueDirectory();
        }
        catch (ArgumentException e)
        {
            throw Unknown(e);
        }
    }

    /// <exception cref="SiloUnavailableException">No silo that offers it is known yet; the call may be repeated.</exception>
    public IExplainerGrain Explainer()
    {
        try
        {
            return grains.GetGrain<IExplainerGrain>(0);
        }
        catch (ArgumentException e)
        {
            throw Unknown(e);
        }
    }

    /// <inheritdoc cref="ScheduleLookup.ListSchedules"/>
    /// <exception cref="SiloUnavailableException">No silo that offers them is known yet; the call may be repeated.</exception>
    public async Task<(IReadOnlyList<ScheduleSnapshot> Schedules, ScheduleName? Next)> ListSchedules(ScheduleName? after, int take)
    {
        try
        {
            return await grains.ListSchedules(after, take).ConfigureAwait(false);
        }
        catch (ArgumentException e)
        {
            throw Unknown(e);
        }
    }

    private static SiloUnavailableException Unknown(ArgumentException e) =>
        new("The client is not connected yet, or to silos that are not MorningAI's: is the host started, and are ClusterId and the address right?", e);
}
