namespace MorningAI.Cli;

internal static class RootHelp
{
    public const string Text = """
        Runs and asks MorningAI: background tasks and documentation written by agents.

        Exit codes:
            0  it worked
            1  failed: the task failed, was cancelled or is dead; the silo cannot start; a step on the way to Redis failed
            2  wrong usage or input, or the silo refused the request
            3  no silo found, or it does not answer
            4  the silo cannot do it now: try again
            5  not permitted on this machine: a chaos fault that needs network namespaces
          130  interrupted

        Environment (an option wins over its variable):
          MORNINGAI_URL           the silo to talk to; else DATA/silo.json, else http://127.0.0.1:8080
          MORNINGAI_API_KEY       sent with every request
          MORNINGAI_DATA          the data directory (./data)
          MORNINGAI_HTTP_PORT, MORNINGAI_SILO_PORT, MORNINGAI_GATEWAY_PORT, MORNINGAI_NAME, MORNINGAI_HOST, MORNINGAI_ROLE, REDIS_URL
                                  what 'morningai silo' listens on and stands on; where no silo answers, 'morningai redis' looks at REDIS_URL from here
          MORNINGAI_DEBUG=1       show the details of errors
          NO_COLOR                no colours
        """;
}
