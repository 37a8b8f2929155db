using Jobs.Core;

namespace Jobs.PowerShell;

/// <summary>
/// Some of the jobs whose data, for their size, a listing has left in the store. The data of one are read when it is asked for, and with them those of the
/// jobs after it, as many as come to 256 KB: who looks at one mostly looks at all.
/// </summary>
internal sealed class JobDataPage(JobClient client)
{
    private const int MostJobs = 200;
    private const int MostBytes = 256 << 10;

    private readonly Lock _gate = new(); // jobs may be handed to several runspaces
    private readonly List<string> _ids = [];
    private readonly Dictionary<string, ScheduledJob?> _ahead = new(StringComparer.Ordinal);

    /// <summary>Adds a job; false: the page is full.</summary>
    public bool TryAdd(string id)
    {
        lock (_gate)
        {
            if (_ids.Count == MostJobs) return false;
            _ids.Add(id);
            return true;
        }
    }

    /// <summary>Reads a job's data, as JSON; null: it has none.</summary>
    /// <exception cref="JobNotFoundException">The job has been removed meanwhile.</exception>
    public string? Read(string id)
    {
        lock (_gate)
        {
            if (!_ahead.Remove(id, out var job))
            {
                List<string> ids = [id, .. _ids.Skip(_ids.IndexOf(id) + 1).Where(next => next != id && !_ahead.ContainsKey(next))];
                var read = client.FindFirstAsync(ids, MostBytes).GetAwaiter().GetResult();
                for (var i = 1; i < read.Count; i++)
                    _ahead[ids[i]] = read[i];
                job = read[0];
            }
            return (job ?? throw new JobNotFoundException(id)).Data;
        }
    }
}
