using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Jobs.Core;

namespace Jobs.PowerShell.Completion;

/// <summary>Offers what the session and the store know. It never opens a connection, and never keeps the prompt waiting.</summary>
public abstract class StoreCompleter : IArgumentCompleter
{
    private protected const int MostOffered = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        var word = (wordToComplete ?? "").Trim('\'', '"');
        var pattern = new WildcardPattern(word + "*", WildcardOptions.IgnoreCase);
        try
        {
            return [.. Offer(Session.Current, commandName).Where(offer => pattern.IsMatch(offer.ListItemText)).Take(MostOffered)];
        }
        catch (JobsException)
        {
            return [];
        }
    }

    private protected abstract IEnumerable<CompletionResult> Offer(Session session);

    /// <summary>What is offered to one command; as a rule the same to all.</summary>
    private protected virtual IEnumerable<CompletionResult> Offer(Session session, string command) => Offer(session);

    /// <summary>The latest jobs in one of these statuses; without any, of all.</summary>
    private protected static Task<IReadOnlyList<ScheduledJob>> LatestAsync(JobClient client, int most, params JobStatus[] statuses) => Task.Run<IReadOnlyList<ScheduledJob>>(
        () => [.. client.QueryAsync(new JobQuery { Statuses = statuses, First = most, OmitLargeData = true }).ToBlockingEnumerable()]);

    /// <summary>What the store says in good time, else nothing.</summary>
    private protected static IReadOnlyList<T> Ask<T>(Session session, Func<JobClient, Task<IReadOnlyList<T>>> question)
    {
        if (session.Connected is not { } connection) return [];
        try
        {
            return question(connection.Client).WaitAsync(Patience).GetAwaiter().GetResult();
        }
        catch (TimeoutException)
        {
            return [];
        }
    }

    private protected static CompletionResult Result(string text, string? tip = null) =>
        new(text.Any(c => char.IsWhiteSpace(c) || c is '\'' or '(' or ')' or '{' or '}' or ';' or ',') ? $"'{text.Replace("'", "''", StringComparison.Ordinal)}'" : text,
            text, CompletionResultType.ParameterValue, string.IsNullOrEmpty(tip) ? text : tip);
}
