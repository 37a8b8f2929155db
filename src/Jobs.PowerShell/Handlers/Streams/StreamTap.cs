using System.Collections;
using System.Management.Automation;

namespace Jobs.PowerShell.Handlers.Streams;

/// <summary>Ends of a pipeline that pass each record on at once, on the pipeline's thread, and keep none.</summary>
internal static class StreamTap
{
    /// <summary>A stream's buffer.</summary>
    public static PSDataCollection<T> Of<T>(Action<T> take)
    {
        var buffer = new PSDataCollection<T>();
        buffer.DataAdded += (_, added) =>
        {
            var record = buffer[added.Index];
            buffer.RemoveAt(added.Index);
            take(record);
        };
        return buffer;
    }

    /// <summary>The pipeline's output: PowerShell writes to any list.</summary>
    public static IList<PSObject?> Output(Action<PSObject?> take) => new Drain(take);

    private sealed class Drain(Action<PSObject?> take) : IList<PSObject?>
    {
        public int Count => 0;

        public bool IsReadOnly => false;

        public PSObject? this[int index]
        {
            get => throw new ArgumentOutOfRangeException(nameof(index));
            set => take(value);
        }

        public void Add(PSObject? item) => take(item);

        public void Insert(int index, PSObject? item) => take(item);

        public void Clear() { }

        public bool Contains(PSObject? item) => false;

        public void CopyTo(PSObject?[] array, int arrayIndex) { }

        public int IndexOf(PSObject? item) => -1;

        public bool Remove(PSObject? item) => false;

        public void RemoveAt(int index) { }

        public IEnumerator<PSObject?> GetEnumerator() => Enumerable.Empty<PSObject?>().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
