using MorningAI.Silo;
using MorningAI.Silo.Kubernetes;

namespace MorningAI.Tests.Unit.Kubernetes;

public sealed class PodIdentityTests
{
    private readonly Dictionary<string, string> _variables = new()
    {
        ["KUBERNETES_SERVICE_HOST"] = "10.0.0.1",
        ["POD_NAMESPACE"] = "agents",
        ["POD_NAME"] = "morningai-2",
        ["POD_IP"] = "127.0.8.2",
        ["ORLEANS_CLUSTER_ID"] = "blue",
        ["ORLEANS_SERVICE_ID"] = "faq",
        ["MORNINGAI_CLUSTER_ID"] = "blue",
        ["MORNINGAI_SERVICE_ID"] = "faq",
    };

    private readonly SiloSettings _settings = new() { Name = "morningai-2", Host = "127.0.8.2", HttpPort = 0, SiloPort = 0, GatewayPort = 0 };

    [Fact]
    public void Plan_InAPod_IsThePods()
    {
        var plan = Plan();

        Assert.Equal(("morningai-2", "127.0.8.2", "blue", "faq"), (plan.Name.Value, plan.Address.ToString(), plan.ClusterId, plan.ServiceId));
        Assert.Equal(("morningai-2", "127.0.8.2", "blue", "faq", "agents"), (plan.Pod!.Name, plan.Pod.Address.ToString(), plan.Pod.ClusterId, plan.Pod.ServiceId, plan.Pod.Namespace));
    }

    [Fact]
    public void Plan_OutsideKubernetes_HasNoPod()
    {
        _variables.Remove("KUBERNETES_SERVICE_HOST");

        Assert.Null(Plan().Pod);
    }

    [Fact]
    public void Plan_InAPodThatNamesNoCluster_HasNoPod()
    {
        _variables.Remove("ORLEANS_CLUSTER_ID");
        _variables.Remove("ORLEANS_SERVICE_ID");

        Assert.Null(Plan().Pod);
    }

    [Theory]
    [InlineData("POD_NAMESPACE")]
    [InlineData("POD_NAME")]
    [InlineData("POD_IP")]
    [InlineData("ORLEANS_CLUSTER_ID")]
    [InlineData("ORLEANS_SERVICE_ID")]
    public void Plan_OneIsMissing_NamesIt(string variable)
    {
        _variables.Remove(variable);

        Assert.StartsWith(variable, Assert.Throws<SiloStartException>(Plan).Message);
    }

    [Theory]
    [InlineData("POD_NAME", "morningai-1", "Set the former to $(POD_NAME)")]
    [InlineData("POD_IP", "127.0.8.3", "Set the former to $(POD_IP)")]
    [InlineData("POD_IP", "morningai-2", "POD_IP is 'morningai-2', which is not an IP address")]
    [InlineData("ORLEANS_CLUSTER_ID", "green", "MORNINGAI_CLUSTER_ID is 'blue', but ORLEANS_CLUSTER_ID is 'green'")]
    [InlineData("MORNINGAI_SERVICE_ID", "", "MORNINGAI_SERVICE_ID is 'morningai', but ORLEANS_SERVICE_ID is 'faq'")]
    public void Plan_TheyDiffer_IsRefused(string variable, string value, string said)
    {
        _variables[variable] = value;

        Assert.Contains(said, Assert.Throws<SiloStartException>(Plan).Message);
    }

    private SiloPlan Plan() => SiloPlan.Of(_settings, _variables.GetValueOrDefault);
}
