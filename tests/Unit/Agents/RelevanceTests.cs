using Microsoft.Extensions.DependencyInjection;
using MorningAI.Agents.Knowledge;

namespace MorningAI.Tests.Unit.Agents;

/// <summary>The threshold, held against the bundled runbook: what it answers, and what it does not.</summary>
public class RelevanceTests
{
    private static readonly KnowledgeIndex Runbook = FaqAgentFixture.Build().GetRequiredService<KnowledgeBase>().Index;

    [Theory]
    [InlineData("How do I handle a Redis outage?", "handling-a-redis-outage.md")]
    [InlineData("Test question during Redis outage", "handling-a-redis-outage.md")]
    [InlineData("What should I do when Redis is down?", "handling-a-redis-outage.md")]
    [InlineData("How can I verify the Redis connection?", "handling-a-redis-outage.md")]
    [InlineData("Redis memory pressure and slow queries", "handling-a-redis-outage.md")]
    [InlineData("Why is my worker shown as stale?", "workers-and-heartbeats.md")]
    [InlineData("How do heartbeats work?", "workers-and-heartbeats.md")]
    [InlineData("What happens when a worker dies?", "workers-and-heartbeats.md")]
    [InlineData("How do I submit a task from the command line?", "submitting-tasks.md")]
    [InlineData("How do idempotency keys work?", "submitting-tasks.md")]
    [InlineData("How do I cancel a task?", "submitting-tasks.md")]
    [InlineData("What priorities are there?", "queues-and-priorities.md")]
    [InlineData("Which queue does a task go to?", "queues-and-priorities.md")]
    [InlineData("What states can a task be in?", "task-states-and-retries.md")]
    [InlineData("When are failed tasks retried?", "task-states-and-retries.md")]
    [InlineData("How do I configure a language model?", "faq-agent-and-models.md")]
    [InlineData("Can I use Ollama?", "faq-agent-and-models.md")]
    [InlineData("How do I run several silos?", "several-silos.md")]
    [InlineData("How do I do a rolling restart?", "several-silos.md")]
    [InlineData("Which health endpoints are there?", "health-and-dashboard.md")]
    [InlineData("How do I configure Kubernetes probes?", "health-and-dashboard.md")]
    [InlineData("Where is the dashboard?", "health-and-dashboard.md")]
    [InlineData("Tasks are not being processed by workers", "troubleshooting.md")]
    [InlineData("High latency in task processing", "troubleshooting.md")]
    [InlineData("redis connection refused", "handling-a-redis-outage.md")]
    [InlineData("Redis OOM command not allowed", "handling-a-redis-outage.md")]
    [InlineData("how to drain a worker before shutdown", "workers-and-heartbeats.md")]
    [InlineData("max payload size", "submitting-tasks.md")]
    [InlineData("what is an idempotency key", "submitting-tasks.md")]
    [InlineData("task stuck in running", "task-states-and-retries.md")]
    [InlineData("Why did my task run twice?", "task-states-and-retries.md")]
    [InlineData("What is the dead letter list?", "task-states-and-retries.md")]
    [InlineData("How do I connect to Azure OpenAI?", "faq-agent-and-models.md")]
    [InlineData("port already in use", "several-silos.md")]
    [InlineData("How to scale out?", "several-silos.md")]
    [InlineData("How do I upgrade the cluster?", "several-silos.md")]
    [InlineData("what is a trace id", "health-and-dashboard.md")]
    public void Find_QuestionOfTheRunbook_FindsItsDocument(string question, string file) =>
        Assert.Equal(file, Runbook.Find(question).Select(s => s.File).FirstOrDefault());

    [Theory]
    [InlineData("How do I handle a Redis outage?")]
    [InlineData("Test question during Redis outage")]
    public void Find_QuestionThatNamesADocument_GivesItAsAWholeInItsOrder(string question)
    {
        var found = Runbook.Find(question);

        Assert.True(found[0].IsIntroduction);
        Assert.Equal(Runbook.Document(found[0].File).Where(s => !s.IsLinks), found);
    }

    [Fact]
    public void Find_SpecificQuestion_GivesItsSectionsOnly() => Assert.InRange(Runbook.Find("How do I submit a task from the command line?").Count, 1, 4);

    [Theory]
    [InlineData("How do I bake sourdough bread?")]
    [InlineData("What is the capital of France?")]
    [InlineData("Who won the world cup in 1998?")]
    [InlineData("How do I bake a Redis cake?")]
    [InlineData("What is the best Redis book for beginners?")]
    [InlineData("How do I restart my washing machine?")]
    [InlineData("How do I configure Kafka topics?")]
    [InlineData("How do I train a neural network?")]
    [InlineData("Where can I buy a queue barrier?")]
    [InlineData("How do I install PostgreSQL replication?")]
    [InlineData("Is my health insurance valid abroad?")]
    [InlineData("How do worker bees find flowers?")]
    [InlineData("Celery chord callbacks in Django")]
    [InlineData("How do I connect my phone to the network?")]
    [InlineData("Is Redis open source?")]
    [InlineData("What time is it?")]
    [InlineData("How do I cancel my Netflix subscription?")]
    [InlineData("How do I reset my password?")]
    [InlineData("How can I export a task list to Excel?")]
    [InlineData("write me a poem about queues")]
    [InlineData("天氣如何")]
    [InlineData("How do I?")]
    [InlineData("?!")]
    public void Find_QuestionOfSomethingElse_FindsNothing(string question) => Assert.Empty(Runbook.Find(question));
}
