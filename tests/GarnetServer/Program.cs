using Garnet;

// A Redis-protocol server in a process of its own, for tests on a machine that has no redis-server.
using var server = new GarnetServer(args);
server.Start();
Thread.Sleep(Timeout.Infinite); // until it is killed, like the real one
