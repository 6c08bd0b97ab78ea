using System.Globalization;
using System.Text;
using MorningAI.Diagnosis;

namespace MorningAI.Cli.Display;

/// <summary>A look at Redis, for people.</summary>
internal static class RedisText
{
    public static string Describe(RedisPing ping, DateTimeOffset now)
    {
        var text = Head(ping.Address, ping.AskedFrom);
        if (ping.Ok)
            Line(text, "answers", $"best {LatencyText.Time(ping.BestMs)}, median {LatencyText.Time(ping.MedianMs)} of {ping.Count}");
        AppendFailure(text, ping.Failure);
        AppendSiloView(text, ping.State, ping.LastAnswerAt, now);
        return text.ToString().TrimEnd();
    }

    public static string Describe(RedisDiagnosis diagnosis)
    {
        var text = Head(diagnosis.Address, diagnosis.AskedFrom);
        foreach (var step in diagnosis.Steps)
        {
            var outcome = step.Outcome switch { ProbeFinding.Ok => "ok", ProbeFinding.Failed => "FAILED", _ => "-" };
            text.Append(Plain.Line($"{step.Step,-12}{outcome,-8}{LatencyText.Time(step.Ms),8}  {step.What}")).Append('\n');
        }

        text.Append('\n');
        if (diagnosis.Steps.FirstOrDefault(s => s.Outcome == ProbeFinding.Failed) is { } failure)
            AppendFailure(text, failure);
        else
            text.Append("Every step works.");
        return text.ToString().TrimEnd();
    }

    public static string Describe(RedisInfo info, DateTimeOffset now)
    {
        var text = Head(info.Address, info.AskedFrom);
        AppendFailure(text, info.Failure);
        AppendSiloView(text, info.State, info.LastAnswerAt, now);
        if (info.Server is { } server)
            ServerText.Append(text, server, now);
        if (!info.Ok)
            return text.ToString().TrimEnd();
        text.Append('\n');
        foreach (var warning in info.Warnings)
            text.Append(Plain.Line($"{(warning.Severity == ServerWarning.Bad ? "BAD" : "warning"),-12}{warning.What}")).Append('\n').Append(Plain.Line($"{"",-12}{warning.Advice}")).Append('\n');
        if (info.Warnings.Count == 0)
            text.Append("Nothing of it is bad.");
        return text.ToString().TrimEnd();
    }

    internal static void Line(StringBuilder text, string name, string value) => text.Append(Plain.Line($"{name,-12}{value}")).Append('\n');

    private static StringBuilder Head(string address, string askedFrom)
    {
        var text = new StringBuilder();
        Line(text, "redis", $"{address}  asked from {(askedFrom == RedisDiagnosis.Here ? "here, not by a silo" : $"silo {askedFrom}")}");
        return text;
    }

    private static void AppendFailure(StringBuilder text, ProbeFinding? failure)
    {
        if (failure is null)
            return;
        Line(text, "FAILED", $"{failure.Step}: {failure.What}");
        Line(text, "mend", failure.Advice ?? "");
    }

    private static void AppendSiloView(StringBuilder text, string? state, DateTimeOffset? lastAnswerAt, DateTimeOffset now)
    {
        if (state is null)
            return;
        var last = lastAnswerAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"last answer to the silo's work {OverviewText.Age(now - at)} ago ({at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'})") : "it has not answered the silo's work yet";
        Line(text, "silo says", $"{state}; {last}");
    }
}
