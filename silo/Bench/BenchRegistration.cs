namespace MorningAI.Silo.Bench;

/// <summary>The kind that <c>morningai bench</c> measures a silo with; no other silo has it.</summary>
public static class BenchRegistration
{
    /// <summary>Names the folder that the silo and the bench meet in. Not set: the kind does not exist.</summary>
    public const string FolderVariable = "MORNINGAI_BENCH_FOLDER";

    public const string Kind = "bench";

    public static IServiceCollection AddBench(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration[FolderVariable] is not { Length: > 0 } folder)
            return services;
        if (!Directory.Exists(folder))
            throw new SiloStartException($"{FolderVariable} names {folder}, which is not a folder: make it, or unset the variable (it is for 'morningai bench').");

        services.AddSingleton(provider => new BenchProbe(folder, provider.GetRequiredService<TimeProvider>()));
        return services.AddTaskHandler<BenchHandler>(Kind, o => o.Description = "Does nothing, for a bench to measure.");
    }
}
