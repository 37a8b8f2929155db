using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Net.Mail;
using System.Net.NetworkInformation;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace Jobs.PowerShell.Data;

/// <summary>Types that are kept as the text from which PowerShell converts back to them, where a handler's parameter declares them.</summary>
internal static class PlainText
{
    public static string? Of(object value) => value switch
    {
        Version or Uri or IPAddress or IPEndPoint or PhysicalAddress or MailAddress or Regex or StringBuilder or Rune or Index or Range => value.ToString(),
        CultureInfo culture => culture.Name,
        TimeZoneInfo zone => zone.Id,
        Encoding encoding => encoding.WebName,
        Type type => type.FullName ?? type.Name,
        XmlNode xml => xml.OuterXml,
        // The file's place, not its content: that is what a handler can open.
        FileSystemInfo file => file.FullName,
        PathInfo path => path.Path,
        // Not in PowerShell Standard.
        _ => value.GetType().FullName == "System.Management.Automation.SemanticVersion" ? value.ToString() : null,
    };
}
