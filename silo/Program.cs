using MorningAI.Silo;

// The silo alone, for containers; set up by its environment. The morningai command has the same behind its options.
try
{
    return await SiloHost.Run(SiloSettings.FromEnvironment(), CancellationToken.None);
}
catch (OperationCanceledException)
{
    return 0; // told to end while it started
}
catch (SiloStartException e)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
