using System.Security;

namespace Jobs.Core.Scheduling;

/// <summary>Time zones by name. The store has IANA ids: every system knows those.</summary>
internal static class Zones
{
    /// <summary>A zone of this machine by its IANA or Windows id.</summary>
    /// <exception cref="JobsException">TimeZoneNotFound.</exception>
    public static TimeZoneInfo Find(string id)
    {
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(id);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or SecurityException)
        {
            throw new JobsException(JobsError.TimeZoneNotFound, $"There is no time zone '{id}' on this machine: use an IANA id such as 'Europe/Berlin', or a Windows id.", e) { Target = id };
        }
    }

    /// <summary>The IANA id of a zone given by either id; of this machine's own when none is given.</summary>
    /// <exception cref="JobsException">TimeZoneNotFound.</exception>
    public static string IanaId(string? id)
    {
        var zone = id is null ? TimeZoneInfo.Local : Find(id);
        if (zone.HasIanaId) return zone.Id;
        return TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var iana)
            ? iana
            : throw new JobsException(JobsError.TimeZoneNotFound, $"The time zone '{zone.Id}' of this machine has no IANA id, so that other machines would not know it: name one, such as 'Europe/Berlin'.") { Target = zone.Id };
    }
}
