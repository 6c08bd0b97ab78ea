using System.Reflection;

namespace MorningAI.Tests.Unit;

/// <summary>A stand-in for an interface of which only a few members are called.</summary>
public class Stand : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = null!;

    public static T In<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var stand = Create<T, Stand>();
        ((Stand)(object)stand)._answer = answer;
        return stand;
    }

    /// <summary>A grain factory that asks <paramref name="find"/> for the grain with a string key.</summary>
    public static IGrainFactory Grains(Func<Type, string, object?> find) => In<IGrainFactory>((method, arguments) =>
        method.Name == nameof(IGrainFactory.GetGrain) && arguments[0] is string key && find(method.ReturnType, key) is { } grain
            ? grain
            : throw new NotSupportedException($"Nothing stands in for {method}."));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
}
