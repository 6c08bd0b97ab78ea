using MorningAI.Intake;

namespace MorningAI.Silo.Api;

/// <summary>Reads the keys that a task shares with others.</summary>
internal static class SubmissionKeys
{
    /// <param name="fault">What is wrong; null where nothing is.</param>
    /// <returns>Null where there are none.</returns>
    public static TaskKeys? Read(SubmitTaskRequest request, out string? fault)
    {
        fault = null;
        var until = UniqueUntil.Done;
        switch (request.UniqueUntil)
        {
            case null or "done":
                break;
            case "started":
                until = UniqueUntil.Started;
                break;
            default:
                fault = "unique_until: use done or started.";
                break;
        }

        if (request is { UniqueUntil: not null, UniqueKey: null })
            fault = "unique_until says how long a unique_key holds, and there is none.";
        return request is { OrderKey: null, LimitKey: null, UniqueKey: null }
            ? null
            : new TaskKeys { Order = request.OrderKey, Limit = request.LimitKey, Unique = request.UniqueKey, UniqueUntil = until };
    }
}
