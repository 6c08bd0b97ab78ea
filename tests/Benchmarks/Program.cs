using System.Globalization;
using MorningAI.Tests.Benchmarks.Journaling;
using MorningAI.Tests.Benchmarks.Micro;
using MorningAI.Tests.Benchmarks.Silos;

var count = args.Length == 2 && args[0] != "micro" ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200_000;
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
    case "schedules":
        await ManySchedules.Run(args.Length == 2 ? count : 10_000);
        return 0;
    case "purge":
        await Purging.Run(args.Length == 2 ? count : 1_000_000);
        return 0;
    case "cancels":
        await Cancels.Run(args.Length == 2 ? count : 500);
        return 0;
    case "load":
        await Load.Run(args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture));
        return 0;
    case "micro":
        return MicroBenchmarks.Run(args.ElementAtOrDefault(1));
    default:
        Console.Error.WriteLine("Usage: micro [FILTER] | layouts | journal | journal-on-off | backlog | schedules [NUMBER] | purge [NUMBER] | cancels [NUMBER] | load GATEWAY REDIS NUMBER ROUNDS");
        return 2;
}
