using System.Globalization;
using MorningAI.Tests.Benchmarks.Journaling;

var count = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200_000;
switch (args.FirstOrDefault())
{
    case "layouts":
        LayoutComparison.Run(count);
        return 0;
    case "journal":
        await JournalCosts.Run(count);
        return 0;
    default:
        Console.Error.WriteLine("Usage: layouts | journal [RECORDS]");
        return 2;
}
