using System.Globalization;
using System.Text;
using System.Text.Json;
using MorningAI.Queues;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Cli;

/// <summary>What a silo says of a task, as JSON.</summary>
internal static class Said
{
    public static readonly TaskId Id = TaskId.New(new PartitionId(QueueName.Parse("faq"), 0), DateTimeOffset.UnixEpoch);

    public static string Receipt(string durability = "redis") =>
        $$"""{"task_id":"{{Id}}","trace_id":"7d444840-9dc0-11d1-b245-5ffdce74fad2","status":"queued","durability":"{{durability}}"}""";

    /// <param name="more">Further members, with a leading comma.</param>
    public static string Task(string status, int revision, string more = "", params string[] history)
    {
        var lines = history.Select((note, i) => $$"""{"at":"1970-01-01T00:00:{{i:00}}Z","status":"queued","attempt":0,"note":{{JsonSerializer.Serialize(note)}}}""");
        return $$"""
            {"task_id":"{{Id}}","kind":"faq","queue":"faq","priority":"P2","status":"{{status}}","trace_id":"7d444840-9dc0-11d1-b245-5ffdce74fad2",
             "attempt":1,"created_at":"1970-01-01T00:00:00Z","revision":{{revision.ToString(CultureInfo.InvariantCulture)}},"history":[{{string.Join(',', lines)}}]{{more}}}
            """;
    }

    public static string Document(string markdown) =>
        $$""","result":{"title":"T","markdown":{{JsonSerializer.Serialize(markdown)}},"model":"m","degraded":false,"sources":[]}""";

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
