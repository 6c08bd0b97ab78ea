using System.Threading.Channels;
using MorningAI.Intake;

namespace MorningAI.Client.Submitting;

/// <summary>
/// Lets concurrent submits share calls. No timer: the first submit leaves at once, and those that come while all calls are
/// under way leave together with the next one, so batches grow with the load.
/// </summary>
internal sealed class SubmitPump : IAsyncDisposable, IDisposable
{
    /// <summary>A call also leaves when it has this much: one message must stay far below Orleans' limit of 100 MB.</summary>
    public const int MaxBatchBytes = 4 << 20;

    private readonly Channel<PendingSubmit> _waiting;
    private readonly SemaphoreSlim _free;
    private readonly BatchSender _sender;
    private readonly TimeProvider _time;
    private readonly long _patience;
    private readonly int _maxBatch;
    private readonly int _maxCalls;
    private readonly Task _pumping;

    public SubmitPump(BatchSender sender, MorningAIClientOptions options, TimeProvider time)
    {
        _sender = sender;
        _time = time;
        _patience = (long)(options.SubmitTimeout.TotalSeconds * time.TimestampFrequency);
        _maxBatch = options.MaxBatch;
        _maxCalls = options.MaxConcurrentBatches;
        _free = new SemaphoreSlim(_maxCalls);
        _waiting = Channel.CreateBounded<PendingSubmit>(new BoundedChannelOptions(options.MaxBuffered) { SingleReader = true });
        _pumping = Task.Run(Pump);
    }

    /// <param name="submission">Not changed any more.</param>
    /// <param name="cancellationToken">Ends this submit's waiting, and no other's.</param>
    public async Task<SubmitOutcome> Submit(TaskSubmission submission, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var item = new PendingSubmit(submission, _time.GetTimestamp() + _patience);
        if (IsIdle && _free.Wait(0, CancellationToken.None))
            _ = SendAndFree([item]); // on this thread: the pump's would have to wake up first
        else if (!_waiting.Writer.TryWrite(item))
            await _waiting.Writer.WriteAsync(item, cancellationToken).ConfigureAwait(false);
        if (!cancellationToken.CanBeCanceled)
            return await item.Task.ConfigureAwait(false);
        using (cancellationToken.UnsafeRegister(static (pending, token) => ((PendingSubmit)pending!).TrySetCanceled(token), item))
            return await item.Task.ConfigureAwait(false);
    }

    /// <summary>Sends these in batches of their own, beside the single ones and within the same limit of calls.</summary>
    public async Task<SubmitOutcome[]> SubmitMany(IReadOnlyList<TaskSubmission> submissions, CancellationToken cancellationToken)
    {
        var items = new PendingSubmit[submissions.Count];
        var batch = new List<PendingSubmit>(Math.Min(_maxBatch, items.Length));
        var bytes = 0;
        try
        {
            for (var i = 0; i < items.Length; i++)
            {
                // Its time begins when its turn comes: a long list must not expire while its head is being sent.
                if (batch.Count == 0)
                    await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
                items[i] = new PendingSubmit(submissions[i], _time.GetTimestamp() + _patience);
                batch.Add(items[i]);
                bytes += submissions[i].Payload.Length;
                if (batch.Count < _maxBatch && bytes < MaxBatchBytes && i < items.Length - 1)
                    continue;
                _ = SendAndFree(batch);
                (batch, bytes) = (new List<PendingSubmit>(Math.Min(_maxBatch, items.Length - i)), 0);
            }

            var outcomes = new SubmitOutcome[items.Length];
            for (var i = 0; i < items.Length; i++)
                outcomes[i] = await items[i].Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return outcomes;
        }
        catch (OperationCanceledException)
        {
            // What was not sent yet, or would be sent again, is let go.
            foreach (var item in items)
                item?.TrySetCanceled(cancellationToken);
            throw;
        }
    }

    /// <summary>No call is under way, and nobody waits for one: the next submit overtakes none.</summary>
    private bool IsIdle => _free.CurrentCount == _maxCalls && _waiting.Reader is { Count: 0, Completion.IsCompleted: false };

    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _pumping.ConfigureAwait(false);
    }

    /// <summary>For containers that dispose only so: takes nothing new, and does not wait for what is under way.</summary>
    public void Dispose() => _waiting.Writer.TryComplete();

    private async Task Pump()
    {
        var reader = _waiting.Reader;
        while (await reader.WaitToReadAsync().ConfigureAwait(false))
        {
            await _free.WaitAsync().ConfigureAwait(false);
            var batch = new List<PendingSubmit>(Math.Clamp(reader.Count, 1, _maxBatch));
            for (var bytes = 0; batch.Count < _maxBatch && bytes < MaxBatchBytes && reader.TryRead(out var item);)
            {
                batch.Add(item);
                bytes += item.Submission.Payload.Length;
            }

            _ = SendAndFree(batch);
        }
    }

    private async Task SendAndFree(List<PendingSubmit> batch)
    {
        try
        {
            await _sender.Send(batch).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }
}
