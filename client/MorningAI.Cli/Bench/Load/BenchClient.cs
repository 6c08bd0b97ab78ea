using System.Globalization;
using System.Text.Json;
using MorningAI.Client;
using MorningAI.Intake;
using MorningAI.Silo.Bench;
using MorningAI.Tasks;

namespace MorningAI.Cli.Bench.Load;

/// <summary>Does what standard input asks for, a line a wish, and answers each with one line of JSON; as every peer's script does.</summary>
internal sealed class BenchClient(Terminal terminal, ITaskClient tasks, int payloadBytes)
{
    /// <summary>The last tasks of a batch are waited for: tasks of one queue end about in their order.</summary>
    private const int Last = 256;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);

    private readonly string _plain = Payloads.Plain(payloadBytes);
    private readonly TimeProvider _time = terminal.Time;

    /// <summary>Until the input ends.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        Answer(new { ready = true });
        using var input = new StreamReader(terminal.In);
        while (await input.ReadLineAsync(cancellationToken) is { } line)
        {
            var words = line.Split(' ');
            Answer(words[0] switch
            {
                "one" => await One(Number(words[1]), (int)Number(words[2]), Seconds(words[3]), cancellationToken),
                "bulk" => await Bulk(Number(words[1]), (int)Number(words[2]), Seconds(words[3]), cancellationToken),
                "idle" => await Idle(Number(words[1]), TimeSpan.FromMilliseconds(Number(words[2])), cancellationToken),
                "steady" => await Steady(double.Parse(words[1], CultureInfo.InvariantCulture), Seconds(words[2]), (int)Number(words[3]), cancellationToken),
                "through" => await Through(Number(words[1]), (int)Number(words[2]), cancellationToken),
                "block" => await Block((int)Number(words[1]), cancellationToken),
                _ => throw new CliException($"'{words[0]}' is not a wish that {BenchClientCommand.Name} knows.", ExitCode.BadInput),
            });
        }
    }

    /// <summary>One by one, with so many under way.</summary>
    private async Task<object> One(long count, int window, TimeSpan limit, CancellationToken cancellationToken)
    {
        var (began, sent) = (_time.GetTimestamp(), 0L);
        await Task.WhenAll(Enumerable.Range(0, window).Select(_ => Submitter()));
        return Counted(Math.Min(sent, count), began);

        async Task Submitter()
        {
            while (_time.GetElapsedTime(began) < limit && Interlocked.Increment(ref sent) <= count)
                await tasks.Submit(BenchRegistration.Kind, _plain, cancellationToken: cancellationToken);
        }
    }

    private async Task<object> Bulk(long count, int page, TimeSpan limit, CancellationToken cancellationToken)
    {
        var (began, sent) = (_time.GetTimestamp(), 0L);
        while (sent < count && _time.GetElapsedTime(began) < limit)
            sent += (await SubmitPage((int)Math.Min(page, count - sent), cancellationToken)).Count;
        return Counted(sent, began);
    }

    private async Task<object> Idle(long count, TimeSpan gap, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        for (var sent = 0L; sent < count; sent++)
        {
            await tasks.Submit(BenchRegistration.Kind, Sampled(), cancellationToken: cancellationToken);
            await Task.Delay(gap, _time, cancellationToken);
        }

        return Counted(count, began);
    }

    /// <summary>At a rate, whatever becomes of it; one in so many is followed to its end.</summary>
    private async Task<object> Steady(double rate, TimeSpan length, int every, CancellationToken cancellationToken)
    {
        var (began, sent) = (_time.GetTimestamp(), 0L);
        var submits = new List<Task>();
        var followed = new List<Task<double>>();
        using var timer = new PeriodicTimer(Tick, _time);
        while (_time.GetElapsedTime(began) is var elapsed && elapsed < length && await timer.WaitForNextTickAsync(cancellationToken))
        {
            for (var due = (long)(_time.GetElapsedTime(began).TotalSeconds * rate); sent < due; sent++)
            {
                if (sent % every == 0)
                    followed.Add(Follow(cancellationToken));
                else
                    submits.Add(tasks.Submit(BenchRegistration.Kind, _plain, cancellationToken: cancellationToken));
            }
        }

        await Task.WhenAll(submits);
        var micros = await Task.WhenAll(followed);
        return new { count = sent, seconds = _time.GetElapsedTime(began).TotalSeconds, doneMicros = micros };
    }

    /// <returns>Microseconds from submit to seen done.</returns>
    private async Task<double> Follow(CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        var receipt = await tasks.Submit(BenchRegistration.Kind, Sampled(), cancellationToken: cancellationToken);
        await tasks.Wait(receipt.TaskId, cancellationToken);
        return _time.GetElapsedTime(began).TotalMicroseconds;
    }

    /// <summary>In bulk, and waits for their end through the cluster alone: also while there is no Redis to ask.</summary>
    private async Task<object> Through(long count, int page, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        IReadOnlyList<TaskId> last = [];
        for (var sent = 0L; sent < count;)
        {
            var ids = await SubmitPage((int)Math.Min(page, count - sent), cancellationToken);
            sent += ids.Count;
            last = [.. last.Concat(ids).TakeLast(Last)];
        }

        await Task.WhenAll(last.Select(id => tasks.Wait(id, cancellationToken)));
        return Counted(count, began);
    }

    private async Task<object> Block(int count, CancellationToken cancellationToken)
    {
        await tasks.SubmitMany(BenchRegistration.Kind, Enumerable.Repeat($"{BenchHandler.Blocking}", count), cancellationToken: cancellationToken);
        return new { count };
    }

    private async Task<IReadOnlyList<TaskId>> SubmitPage(int count, CancellationToken cancellationToken)
    {
        var outcomes = await tasks.SubmitMany(BenchRegistration.Kind, Enumerable.Repeat(_plain, count), cancellationToken: cancellationToken);
        return [.. outcomes.Select(o => o is TaskAccepted accepted ? accepted.Receipt.TaskId : throw new CliException($"A task was not accepted: {o}", ExitCode.Failed))];
    }

    private string Sampled() => Payloads.Sampled(BenchProbe.Nanoseconds(_time), payloadBytes);

    private object Counted(long count, long began) => new { count, seconds = _time.GetElapsedTime(began).TotalSeconds };

    private void Answer(object answer)
    {
        terminal.Out.WriteLine(JsonSerializer.Serialize(answer));
        terminal.Out.Flush();
    }

    private static long Number(string word) => long.Parse(word, CultureInfo.InvariantCulture);

    private static TimeSpan Seconds(string word) => TimeSpan.FromSeconds(double.Parse(word, CultureInfo.InvariantCulture));
}
