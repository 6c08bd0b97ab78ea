using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MorningAI.Agents.Faq;

namespace MorningAI.Agents.Knowledge;

/// <summary>The folder of Markdown that answers are grounded in. Read and indexed once, at the first question.</summary>
public sealed partial class KnowledgeBase(IOptions<FaqOptions> options, ILogger<KnowledgeBase> logger)
{
    /// <summary>A larger file is left out, with a warning: it is hardly documentation.</summary>
    public const int MaxFileBytes = 512 * 1024;

    /// <summary>Bounds the index of a folder that was set by mistake, such as <c>/</c>.</summary>
    public const int MaxFiles = 1000;

    /// <summary>Where the project's own documentation lies, beside the binaries.</summary>
    public static readonly string BundledDirectory = Path.Combine(AppContext.BaseDirectory, "knowledge");

    private readonly Lock _building = new();
    private volatile KnowledgeIndex? _index;

    /// <exception cref="KnowledgeMissingException">The folder is missing or holds no Markdown. Tried again at the next question.</exception>
    public KnowledgeIndex Index
    {
        get
        {
            if (_index is { } ready)
                return ready;
            lock (_building)
                return _index ??= Build(options.Value.KnowledgeDirectory ?? BundledDirectory);
        }
    }

    private KnowledgeIndex Build(string directory)
    {
        if (!Directory.Exists(directory))
            throw new KnowledgeMissingException($"The knowledge folder '{directory}' does not exist.");
        var walk = new EnumerationOptions { RecurseSubdirectories = true, MatchCasing = MatchCasing.CaseInsensitive, MaxRecursionDepth = 8 };
        var files = Directory.EnumerateFiles(directory, "*.md", walk).Take(MaxFiles).Order(StringComparer.Ordinal).ToArray();
        var sections = files.SelectMany(path => ReadFile(directory, path)).ToArray();
        if (sections.Length == 0)
            throw new KnowledgeMissingException($"The knowledge folder '{directory}' holds no Markdown (*.md) with any text.");
        LogIndexed(logger, directory, files.Length, sections.Length);
        return new KnowledgeIndex(sections);
    }

    private IReadOnlyList<MarkdownSection> ReadFile(string directory, string path)
    {
        var name = Path.GetRelativePath(directory, path).Replace('\\', '/');
        var size = new FileInfo(path).Length;
        if (size > MaxFileBytes)
        {
            LogTooLarge(logger, name, size, MaxFileBytes);
            return [];
        }

        return MarkdownSections.Split(name, File.ReadAllText(path));
    }
}

/// <summary>There is no knowledge to search. The message says how to mend it.</summary>
public sealed class KnowledgeMissingException(string problem) : Exception(
    $"{problem} Set MorningAI:Faq:KnowledgeDirectory (or MORNINGAI_KNOWLEDGE_DIRECTORY) to a folder of Markdown files, or leave it unset for the bundled runbook.");
