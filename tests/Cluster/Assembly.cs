using Xunit.Sdk;
using Xunit.v3;

// Clusters in this process: two cores are enough for one of them at a time.
[assembly: Parallelization(Mode = ParallelMode.None)]
