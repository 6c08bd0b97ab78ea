using Xunit.Sdk;
using Xunit.v3;

// Each test starts processes of its own; two cores are enough for one of them at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
