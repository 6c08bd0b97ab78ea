using MorningAI.Cli.Display;

namespace MorningAI.Tests.Unit.Cli;

public sealed class WritingViewTests
{
    private readonly WritingView _view = new("waiting", width: 11, TimeProvider.System);

    [Fact]
    public void Tail_LongText_IsItsLastLinesWithinTheWidth()
    {
        _view.Add("first\n" + new string('x', 65) + "\nl\u001bst");
        Assert.Equal(["xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxxxxxxx", "xxxxx", "l?st"], _view.Tail().Split('\n'));
    }

    [Fact]
    public void Clear_TextBeginsAnew_ShowsNothingOfTheOld()
    {
        _view.Add("old");
        _view.Clear();
        _view.Add("new");
        Assert.Equal("new", _view.Tail());
    }
}
