using MorningAI.Queues;
using MorningAI.Tasks;
using StackExchange.Redis;

namespace MorningAI.Storage;

/// <summary>How keys are spelled in Redis: <c>service:{tag}:kind:id</c>, and <c>service:{tag}:state:name</c> for the index.</summary>
internal sealed class RedisKeys(string serviceId, string clusterId)
{
    public const int States = 8;

    public string ServiceId => serviceId;

    /// <summary>Not a part of any key: the one cluster that may write them.</summary>
    public string ClusterId => clusterId;

    public RedisKey Record(RecordKey key) => $"{serviceId}:{{{key.Tag}}}:{key.Kind}:{key.Id}";

    public RedisKey Index(string tag, TaskState state) => $"{serviceId}:{{{tag}}}:state:{state.WireName()}";

    public RedisKey Quarantine(RecordKey key) => $"{serviceId}:{{{key.Tag}}}:quarantine:{key.Kind}:{key.Id}";

    public RedisKey Cursor(string tag, Guid journal) => $"{serviceId}:{{{tag}}}:cursor:{journal:n}";

    /// <summary>Names of silos, as <see cref="Orleans.Runtime.SiloAddress.ToParsableString"/> has them: each life of one has its own.</summary>
    public RedisKey Fence(string tag) => $"{serviceId}:{{{tag}}}:fence";

    public RedisKey Index(PartitionId partition, TaskState state) => Index(partition.ToString(), state);
}
