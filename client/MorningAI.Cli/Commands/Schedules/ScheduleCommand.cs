using System.CommandLine;
using MorningAI.Cli.Input;
using MorningAI.Schedules;

namespace MorningAI.Cli.Commands.Schedules;

/// <summary><c>morningai schedule</c>: tasks that are submitted by the clock.</summary>
internal static class ScheduleCommand
{
    public static Command Create(Terminal terminal) => new("schedule", "Makes and looks after schedules: tasks that are submitted by cron expressions.")
    {
        ScheduleAddCommand.Create(terminal),
        ScheduleListCommand.Create(terminal),
        SchedulePauseCommand.Create(terminal),
        ScheduleResumeCommand.Create(terminal),
        ScheduleTriggerCommand.Create(terminal),
        ScheduleRemoveCommand.Create(terminal),
    };

    public static Argument<ScheduleName> Name() => new("NAME")
    {
        Description = "The schedule's name: 1 to 64 characters of a-z, 0-9, '_' and '-'.",
        CustomParser = ArgumentText.As(ScheduleName.Parse),
    };
}
