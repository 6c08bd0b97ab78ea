using System.Globalization;
using MorningAI.Tests.Benchmarks.Journaling;
using MorningAI.Tests.Benchmarks.Silos;

var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200_000;
switch (args.FirstOrDefault())
{
    case "layouts":
        LayoutComparison.Run(count);
        return 0;
    case "journal":
        await JournalCosts.Run(count);
        return 0;
    case "journal-on-off":
        await JournalOnOff.Run(count);
        return 0;
    case "backlog":
        await Backlog.Run(count);
        return 0;
    default:
        Console.Error.WriteLine("Usage: layouts | journal | journal-on-off | backlog [NUMBER]");
        return 2;
}
