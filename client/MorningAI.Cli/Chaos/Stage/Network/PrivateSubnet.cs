using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;

namespace MorningAI.Cli.Chaos.Stage.Network;

/// <summary>254 private addresses that this machine has no use for.</summary>
internal sealed record PrivateSubnet(byte Second, byte Third)
{
    /// <summary>A /24 of 10.0.0.0/8 in which no interface has an address; from the process' id on, so that runs side by side differ.</summary>
    public static PrivateSubnet Free(int seed)
    {
        var used = NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address.GetAddressBytes())
            .Where(a => a is [10, _, _, _])
            .Select(a => a[1])
            .ToHashSet();
        return Enumerable.Range(0, 64)
            .Select(n => new PrivateSubnet((byte)(192 + ((seed + n) % 64)), (byte)(seed / 64 % 256)))
            .FirstOrDefault(s => !used.Contains(s.Second)) ?? throw new StageException("No private addresses are free between 10.192.0.0 and 10.255.255.255.");
    }

    public IPAddress Address(int host) => new([10, Second, Third, (byte)host]);

    /// <summary>With the length of the subnet, as <c>ip</c> takes it.</summary>
    public string WithLength(int host) => string.Create(CultureInfo.InvariantCulture, $"{Address(host)}/24");
}
