using System.CommandLine;
using MorningAI.Cli.Input;
using MorningAI.Tasks;

namespace MorningAI.Cli.Commands;

/// <summary>Arguments that more than one command has.</summary>
internal static class Shared
{
    public static Option<bool> Json(string what) => new("--json") { Description = what };

    public static Argument<TaskId> TaskId() => new("ID")
    {
        Description = "The task's id, as submit printed it.",
        CustomParser = ArgumentText.As(MorningAI.Tasks.TaskId.Parse),
    };
}
