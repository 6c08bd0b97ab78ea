using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Timers;

namespace MorningAI.Tests.Unit;

/// <summary>One grain without a silo: it knows its key and its neighbours, and its timers tick when the test says so.</summary>
/// <remarks>Nothing keeps its turns apart: neighbours must answer at once, or the test must wait.</remarks>
internal sealed class Bench
{
    /// <summary>Where a grain's constructor finds its context; Orleans has no public way to it but a silo.</summary>
    private static readonly MethodInfo Enter = typeof(Grain).Assembly.GetType("Orleans.Runtime.RuntimeContext", throwOnError: true)!
        .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
        .Single(m => m.Name == "SetExecutionContext" && m.GetParameters().Length == 2);

    private readonly List<Func<Task>> _timers = [];
    private readonly List<TimeSpan> _brought = [];
    private readonly IGrainContext _context;

    public Bench(string key, IGrainFactory neighbours)
    {
        var timers = Stand.In<ITimerRegistry>(Keep);
        var runtime = Stand.In<IGrainRuntime>((method, _) => method.Name switch
        {
            "get_" + nameof(IGrainRuntime.TimerRegistry) => timers,
            "get_" + nameof(IGrainRuntime.GrainFactory) => neighbours,
            nameof(IGrainRuntime.DeactivateOnIdle) => Leave(),
            _ => throw new NotSupportedException(method.Name),
        });
        var services = new ServiceCollection().AddSingleton(runtime).BuildServiceProvider();
        _context = Stand.In<IGrainContext>((method, _) => method.Name switch
        {
            "get_" + nameof(IGrainContext.GrainId) => GrainId.Create("bench", key),
            "get_" + nameof(IGrainContext.ActivationServices) => services,
            _ => throw new NotSupportedException(method.Name),
        });
    }

    /// <summary>How often the grain asked to be deactivated.</summary>
    public int Left { get; private set; }

    /// <summary>In what time timers were set anew to come.</summary>
    public IReadOnlyList<TimeSpan> Brought => _brought;

    public T Build<T>(Func<T> make)
        where T : Grain
    {
        object?[] arguments = [_context, null];
        Enter.Invoke(null, arguments);
        try
        {
            return make();
        }
        finally
        {
            Enter.Invoke(null, [arguments[1], null]);
        }
    }

    public async Task Tick()
    {
        foreach (var timer in _timers)
            await timer().InTime();
    }

    private object? Leave()
    {
        Left++;
        return null;
    }

    private object? Keep(MethodInfo method, object?[] arguments)
    {
        if (method.Name != nameof(ITimerRegistry.RegisterGrainTimer))
            throw new NotSupportedException(method.Name);
        var callback = (Delegate)arguments[1]!;
        _timers.Add(() => (Task)callback.DynamicInvoke(arguments[2], CancellationToken.None)!);
        return Stand.In<IGrainTimer>((call, values) =>
        {
            if (call.Name == nameof(IGrainTimer.Change))
                _brought.Add((TimeSpan)values[0]!);
            return null;
        });
    }
}
