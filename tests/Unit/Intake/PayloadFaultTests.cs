using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using MorningAI.Handlers;

namespace MorningAI.Tests.Unit.Intake;

/// <summary>What a submitter is told of a payload that cannot be read: the place and the fault, and no names of this code.</summary>
public sealed class PayloadFaultTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddTaskHandler<BakeHandler>("bake")
        .AddTaskHandler<StrictHandler>("strict")
        .AddTaskHandler<ShapeHandler>("shape")
        .BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData("bake", """{"recipe":{"name":"bread","grams":500}}""", null)]
    [InlineData("bake", "{}", "missing required field 'recipe'")]
    [InlineData("bake", """{"recipe":{}}""", "missing required field 'name', 'grams' at $.recipe")]
    [InlineData("bake", """{"recipe":null}""", "a null that is not allowed at $.recipe (line 1, byte 15)")]
    [InlineData("bake", """{"recipe":{"name":null,"grams":1}}""", "a null that is not allowed at $.recipe.name (line 1, byte 23)")]
    [InlineData("bake", """{"recipe":{"name":"a","grams":"1"}}""", "a value of the wrong type at $.recipe.grams (line 1, byte 34)")]
    [InlineData("bake", """{"recipe":{"name":"a","grams":99999999999}}""", "a value of the wrong type at $.recipe.grams (line 1, byte 42)")]
    [InlineData("bake", "[]", "a value of the wrong type (line 1, byte 2)")]
    [InlineData("bake", "nope", "'nope' is an invalid JSON literal. Expected the literal 'null' (line 1, byte 2)")]
    [InlineData("bake", "null", "a payload of kind 'bake' must not be null")]
    [InlineData("strict", """{"size":1,"colour":2}""", "unknown field 'colour'")]
    [InlineData("shape", "{}", "a value whose form cannot be told; is its type discriminator missing?")]
    public void Check_Payload_SaysPlaceAndFault(string kind, string payload, string? fault)
    {
        var registry = _services.GetRequiredService<HandlerRegistry>();
        Assert.True(registry.TryGet(MorningAI.Tasks.TaskKind.Parse(kind), out var handler));
        Assert.Equal(fault, handler.Check(Encoding.UTF8.GetBytes(payload)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{} x")]
    [InlineData("""{"recipe":{"name":"\ud800","grams":1}}""")]
    [InlineData("""{"recipe":{"name":"a","grams":1,"oven":"lava"}}""")]
    public void Check_AnyBadPayload_NamesNoTypeOfThisCode(string payload)
    {
        var registry = _services.GetRequiredService<HandlerRegistry>();
        Assert.True(registry.TryGet(MorningAI.Tasks.TaskKind.Parse("bake"), out var handler));
        var fault = handler.Check(Encoding.UTF8.GetBytes(payload));
        Assert.False(string.IsNullOrWhiteSpace(fault));
        Assert.DoesNotMatch("Recipe|Bake|Oven|System\\.|MorningAI|\\.NET|BytePositionInLine", fault);
    }

    private enum Oven
    {
        Gas,
    }

    private sealed record Recipe(string Name, int Grams, [property: JsonConverter(typeof(JsonStringEnumConverter<Oven>))] Oven Oven = Oven.Gas);

    private sealed record Bake(Recipe Recipe);

    [JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
    private sealed record Strict(int Size);

    [JsonPolymorphic, JsonDerivedType(typeof(Round), "round")]
    private abstract record Shape;

    private sealed record Round : Shape;

    private sealed class BakeHandler : ITaskHandler<Bake, string>
    {
        public Task<string> Handle(Bake payload, ITaskContext context) => Task.FromResult("");
    }

    private sealed class StrictHandler : ITaskHandler<Strict, string>
    {
        public Task<string> Handle(Strict payload, ITaskContext context) => Task.FromResult("");
    }

    private sealed class ShapeHandler : ITaskHandler<Shape, string>
    {
        public Task<string> Handle(Shape payload, ITaskContext context) => Task.FromResult("");
    }
}
