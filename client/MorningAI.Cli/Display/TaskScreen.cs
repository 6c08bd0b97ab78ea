using System.Text.Json;
using MorningAI.Cli.Silos;

namespace MorningAI.Cli.Display;

/// <summary>What can be made of a task's events; each kind of screen does with them what it can.</summary>
internal abstract class TaskScreen
{
    /// <returns>The task as it ended, where this is its end.</returns>
    public Answer<TaskView>? Show(SiloEvent happening)
    {
        switch (happening.Name)
        {
            case "state":
                OnState(Read(happening, SiloJson.Default.TaskMoment));
                break;
            case "progress":
                OnProgress(Read(happening, SiloJson.Default.ProgressView));
                break;
            case "log":
                OnLog(Read(happening, SiloJson.Default.LogLineView));
                break;
            case "log_dropped":
                OnLogDropped(happening.Data.GetProperty("lines").GetInt32());
                break;
            case "chunk":
                OnText(Read(happening, SiloJson.Default.ChunkView).Text);
                break;
            case "restarted":
                OnRestart();
                break;
            case "truncated":
                OnText(" […] ");
                break;
            case "end":
                return new Answer<TaskView>(Read(happening, SiloJson.Default.TaskView), happening.Data);
        }

        return null; // also for events that a newer silo has: they add to what is known, they do not change it
    }

    protected abstract void OnState(TaskMoment moment);

    protected abstract void OnProgress(ProgressView progress);

    protected abstract void OnLog(LogLineView line);

    protected abstract void OnLogDropped(int lines);

    protected abstract void OnText(string text);

    protected abstract void OnRestart();

    private static T Read<T>(SiloEvent happening, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
    {
        try
        {
            return happening.Data.Deserialize(type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new CliException($"The silo sent an event '{Plain.Short(happening.Name)}' that this version does not understand ({Plain.Line(e.Message)}).", ExitCode.Failed, e);
        }
    }
}
