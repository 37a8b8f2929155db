using System.Xml.Linq;

namespace Jobs.Tests.PowerShell;

public sealed class HelpTests
{
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";

    private static readonly Dictionary<string, XElement> Pages = XDocument
        .Load(Path.Combine(ContractTests.Root(), "en-US", "Jobs.PowerShell.dll-Help.xml"))
        .Descendants(Command + "command")
        .ToDictionary(page => page.Element(Command + "details")!.Element(Command + "name")!.Value);

    [Theory]
    [MemberData(nameof(ContractTests.Parameters), MemberType = typeof(ContractTests))]
    public void Help_tells_of_each_parameter_and_shows_two_examples(string name, string parameters)
    {
        var page = Pages[name];
        var told = page.Element(Command + "parameters")!.Elements(Command + "parameter")
            .Where(parameter => !string.IsNullOrWhiteSpace(parameter.Element(Maml + "description")?.Value))
            .Select(parameter => parameter.Element(Maml + "name")!.Value);
        Assert.Empty(parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(told));
        Assert.True(page.Descendants(Command + "example").Count() >= 2);
    }

    [Fact]
    public void Help_tells_of_no_other_cmdlets() => Assert.Equal(ContractTests.Parameters.Select(row => row.Data.Item1).Order(), Pages.Keys.Order());
}
