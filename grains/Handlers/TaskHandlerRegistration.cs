using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MorningAI.Handlers;
using MorningAI.Tasks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The one line that makes a class a handler.</summary>
public static class TaskHandlerRegistration
{
    /// <summary>Registers <typeparamref name="THandler"/> for a kind. It must implement <see cref="ITaskHandler{TPayload, TResult}"/> once.</summary>
    /// <exception cref="ArgumentException">The class is not a handler, or is one twice; or the kind is not a kind.</exception>
    public static IServiceCollection AddTaskHandler<THandler>(this IServiceCollection services, string kind, Action<HandlerOptions>? configure = null)
        where THandler : class
    {
        var contracts = typeof(THandler).GetInterfaces()
            .Where(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITaskHandler<,>))
            .ToArray();
        if (contracts.Length != 1)
            throw new ArgumentException($"{typeof(THandler).Name} must implement ITaskHandler<TPayload, TResult> exactly once to handle '{kind}'; it does so {contracts.Length} times.", nameof(kind));
        if (!TaskKind.TryParse(kind, out var parsed))
            throw new ArgumentException($"'{kind}' is not a task kind: use 1 to 64 characters of a-z, 0-9, '_', '-' and '.'.", nameof(kind));

        var options = new HandlerOptions();
        configure?.Invoke(options);
        if (options.Timeout <= TimeSpan.Zero || options.Timeout > HandlerOptions.MaxTimeout)
            throw new ArgumentException($"The timeout of kind '{kind}' must be above zero and at most {HandlerOptions.MaxTimeout.TotalDays} days; it is {options.Timeout}.", nameof(configure));

        if (options.Retry.Fault() is { } fault)
            throw new ArgumentException($"The retry policy of kind '{kind}' is wrong: {fault}.", nameof(configure));

        var types = contracts[0].GetGenericArguments();
        var add = typeof(TaskHandlerRegistration).GetMethod(nameof(Describe), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(typeof(THandler), types[0], types[1]);
        services.TryAddTransient<THandler>();
        services.AddSingleton((HandlerDescriptor)add.Invoke(null, [parsed, options])!);
        services.TryAddSingleton<HandlerRegistry>();
        return services;
    }

    private static HandlerDescriptor Describe<THandler, TPayload, TResult>(TaskKind kind, HandlerOptions options)
        where THandler : class, ITaskHandler<TPayload, TResult>
    {
        Func<TPayload, string?>? check = null;
        if (typeof(THandler).IsAssignableTo(typeof(IPayloadCheck<>).MakeGenericType(typeof(TPayload))))
        {
            var map = typeof(THandler).GetInterfaceMap(typeof(IPayloadCheck<TPayload>));
            check = map.TargetMethods[0].CreateDelegate<Func<TPayload, string?>>();
        }

        return new HandlerDescriptor<THandler, TPayload, TResult>(kind, options, check);
    }
}
