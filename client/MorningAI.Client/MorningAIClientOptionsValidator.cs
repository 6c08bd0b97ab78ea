using Microsoft.Extensions.Options;
using MorningAI.Client.Cluster;
using MorningAI.Cluster;

namespace MorningAI.Client;

/// <summary>Says everything that is wrong at once, and how to mend it.</summary>
internal sealed class MorningAIClientOptionsValidator : IValidateOptions<MorningAIClientOptions>
{
    // Timers take no more; nobody means it either.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    public ValidateOptionsResult Validate(string? name, MorningAIClientOptions options)
    {
        var faults = new List<string>();
        CheckAddresses(options, faults);
        CheckId(nameof(options.ClusterId), options.ClusterId, faults);
        CheckId(nameof(options.ServiceId), options.ServiceId, faults);
        if (options.ConnectTimeout != Timeout.InfiniteTimeSpan)
            CheckTime(nameof(options.ConnectTimeout), options.ConnectTimeout, faults, ", or Timeout.InfiniteTimeSpan to wait for ever");
        CheckTime(nameof(options.SubmitTimeout), options.SubmitTimeout, faults);
        CheckTime(nameof(options.ReadTimeout), options.ReadTimeout, faults);
        CheckTime(nameof(options.AttemptTimeout), options.AttemptTimeout, faults);
        CheckTime(nameof(options.WatchPatience), options.WatchPatience, faults);
        CheckCount(nameof(options.MaxBatch), options.MaxBatch, 4096, faults);
        CheckCount(nameof(options.MaxConcurrentBatches), options.MaxConcurrentBatches, 64, faults);
        CheckCount(nameof(options.MaxBuffered), options.MaxBuffered, 10_000_000, faults);
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckAddresses(MorningAIClientOptions options, List<string> faults)
    {
        if (options.Redis is not null)
        {
            if (options.Gateways is { Count: > 0 })
                faults.Add("MorningAI client: both Redis and Gateways are set; set one of them (Redis finds the silos by itself).");
            try
            {
                RedisUrl.ToConfiguration(options.Redis);
            }
            catch (FormatException e)
            {
                faults.Add($"MorningAI client: Redis cannot be read. {e.Message}");
            }
        }

        foreach (var gateway in options.Gateways ?? [])
        {
            if (!GatewayAddress.TryParse(gateway, out _))
                faults.Add($"MorningAI client: the gateway '{gateway}' is not host:port; write it as in 'silo-1:30000' or '[::1]:30000'.");
        }
    }

    private static void CheckId(string name, string? value, List<string> faults)
    {
        if (string.IsNullOrWhiteSpace(value))
            faults.Add($"MorningAI client: {name} is empty; give it the silos' own, which is 'morningai' unless they were told otherwise.");
    }

    private static void CheckTime(string name, TimeSpan value, List<string> faults, string otherwise = "")
    {
        if (value <= TimeSpan.Zero || value > Longest)
            faults.Add($"MorningAI client: {name} is {value}; set it above zero and to at most 24 days{otherwise}.");
    }

    private static void CheckCount(string name, int value, int most, List<string> faults)
    {
        if (value < 1 || value > most)
            faults.Add($"MorningAI client: {name} is {value}; set it from 1 to {most}.");
    }
}
