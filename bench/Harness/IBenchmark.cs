namespace Jobs.Bench.Harness;

/// <summary>One row of the report, or a family of rows.</summary>
internal interface IBenchmark
{
    /// <summary>As asked for on the command line.</summary>
    string Name { get; }

    /// <summary>What its figures mean.</summary>
    string Definition { get; }

    Task RunAsync(Workbench bench, Section section);
}
