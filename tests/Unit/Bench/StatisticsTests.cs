using CsCheck;
using MorningAI.Cli.Bench.Measures;
using MorningAI.Cli.Bench.Report;

namespace MorningAI.Tests.Unit.Benching;

public sealed class StatisticsTests
{
    private static readonly Gen<double[]> Values = Gen.Double[-1e6, 1e6].Array[1, 50];

    [Theory]
    [InlineData(2.0, 3.0, 1.0, 2.0)]
    [InlineData(2.5, 4.0, 1.0, 2.0, 3.0)]
    [InlineData(7.0, 7.0)]
    public void Median_Values_MiddleOrMeanOfMiddleTwo(double median, params double[] values) => Assert.Equal(median, Statistics.Median(values));

    [Fact]
    public void Statistics_OfNothing_Null() =>
        Assert.Equal((null, null, null), (Statistics.Median([]), Statistics.Percentile([], 0.5), Statistics.SpreadOf([])));

    [Theory]
    [InlineData(0.5, 50)]
    [InlineData(0.99, 99)]
    [InlineData(0.999, 100)]
    [InlineData(0, 1)]
    [InlineData(1, 100)]
    public void Percentile_OneToHundred_NearestRank(double fraction, double expected) =>
        Assert.Equal(expected, Statistics.Percentile(Enumerable.Range(1, 100).Reverse().Select(n => (double)n), fraction));

    [Fact]
    public void Percentile_AnyValues_NoMoreThanTheRestExceedIt() => Values.Select(Gen.Double[0, 1]).Sample((values, fraction) =>
    {
        var percentile = Statistics.Percentile(values, fraction)!.Value;
        return values.Contains(percentile) && values.Count(v => v <= percentile) >= fraction * values.Length;
    });

    [Fact]
    public void Median_AnyValues_HalfOnEachSide() => Values.Sample(values =>
    {
        var median = Statistics.Median(values)!.Value;
        return values.Count(v => v <= median) * 2 >= values.Length && values.Count(v => v >= median) * 2 >= values.Length;
    });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(123456.78, 123457)]
    [InlineData(12.3456, 12.35)]
    [InlineData(0.00123456, 0.001235)]
    [InlineData(-3.14159, -3.142)]
    public void Rounded_Value_FourDigits(double value, double expected) => Assert.Equal(expected, Rounded.Of(value));

    [Fact]
    public void SetLatencies_Micros_PercentilesInMilliseconds()
    {
        var figures = new RunFigures();
        figures.SetLatencies("x", [.. Enumerable.Range(1, 1000).Select(n => n * 1000.0)]);

        Assert.Equal((500, 990, 999), (figures["xP50Ms"], figures["xP99Ms"], figures["xP999Ms"]));
    }

    [Fact]
    public void Set_NotANumber_IsNotMeasured() =>
        Assert.Empty(new RunFigures().Set("a", null).Set("b", double.NaN).Set("c", double.PositiveInfinity).Values);
}
