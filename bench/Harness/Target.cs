using System.Globalization;

namespace Jobs.Bench.Harness;

/// <summary>What a figure should be, and what it is. It is said, and nothing fails by it.</summary>
/// <param name="What">Of which figure.</param>
/// <param name="Value">What it is.</param>
/// <param name="Limit">What it should be.</param>
/// <param name="IsLeast">True: at least that. False: at most.</param>
/// <param name="Unit">The unit of both.</param>
internal sealed record Target(string What, double Value, double Limit, bool IsLeast, string Unit)
{
    public bool IsMet => IsLeast ? Value >= Limit : Value <= Limit;

    public string Wanted => $"{(IsLeast ? "≥" : "≤")} {Number.Text(Limit)} {Unit}";

    /// <summary>In words: met, or by how much not.</summary>
    public string Verdict => IsMet ? "met" : string.Create(CultureInfo.InvariantCulture, $"not met: {Math.Abs((Value / Limit) - 1):P0} {(IsLeast ? "too little" : "too much")}");
}
