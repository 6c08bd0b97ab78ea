using System.Net;
using MorningAI.Handlers.BuiltIn;

namespace MorningAI.Tests.Unit.Handlers;

public class HostAllowListTests
{
    [Theory]
    [InlineData("", "any.name", "127.0.0.1", true)]
    [InlineData("", "any.name", "127.9.9.9", true)]
    [InlineData("", "any.name", "::1", true)]
    [InlineData("", "any.name", "::ffff:127.0.0.1", true)]
    [InlineData("", "localhost", "10.0.0.1", false)]
    [InlineData("", "any.name", "0.0.0.0", false)]
    [InlineData("api.example.com", "API.example.com", "10.0.0.1", true)]
    [InlineData("api.example.com", "api.example.com.", "10.0.0.1", true)]
    [InlineData("api.example.com", "xapi.example.com", "10.0.0.1", false)]
    [InlineData("api.example.com", "api.example.com", "169.254.169.254", false)]
    [InlineData("api.example.com", "api.example.com", "::ffff:169.254.169.254", false)]
    [InlineData("api.example.com", "localhost", "127.0.0.1", false)]
    [InlineData("*.example.com", "a.b.example.com", "10.0.0.1", true)]
    [InlineData("*.example.com", "example.com", "10.0.0.1", false)]
    [InlineData("*.example.com", "evilexample.com", "10.0.0.1", false)]
    [InlineData("10.0.0.0/8", "any.name", "10.9.9.9", true)]
    [InlineData("10.0.0.0/8", "any.name", "11.0.0.1", false)]
    [InlineData("10.0.0.7", "any.name", "10.0.0.7", true)]
    [InlineData("10.0.0.7", "any.name", "10.0.0.8", false)]
    public void Permits_HostAndAddress_ByTheList(string entry, string host, string address, bool permitted) =>
        Assert.Equal(permitted, new HostAllowList(entry.Length == 0 ? [] : [entry]).Permits(host, IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://x")]
    [InlineData("x:80")]
    [InlineData("")]
    [InlineData("*")]
    public void New_WrongEntry_SaysWhatOneIs(string entry) =>
        Assert.Contains("AllowedHosts is not a host", Assert.Throws<FormatException>(() => new HostAllowList([entry])).Message);
}
