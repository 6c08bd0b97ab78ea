using MorningAI.Tests.Benchmarks.Journaling;

LayoutComparison.Run(args.Length > 0 ? int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture) : 1_000_000);
