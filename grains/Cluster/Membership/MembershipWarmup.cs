using Newtonsoft.Json;
using Orleans;

namespace MorningAI.Cluster.Membership;

/// <summary>
/// The stock table's JSON, written and read once before the table is: what it takes to compile that is a twentieth of a
/// start, and everything waits for a silo's first row. A start has a processor to spare earlier.
/// </summary>
public static class MembershipWarmup
{
    public static void Run()
    {
        var row = JsonConvert.SerializeObject(new MembershipEntry { SuspectTimes = [] }, Formatting.None);
        JsonConvert.DeserializeObject<MembershipEntry>(row);
    }
}
