using System.Collections;
using System.Collections.Specialized;
using System.Globalization;
using System.Management.Automation;
using System.Net;
using System.Numerics;
using System.Security;
using System.Text.RegularExpressions;
using Jobs.PowerShell.Data;

namespace Jobs.PowerShell.Handlers.Registration;

/// <summary>
/// A value taken from the registering session: containers are copied with all they hold, values keep their types. Secrets are allowed: they stay in
/// this process's memory.
/// </summary>
internal static class CapturedValue
{
    /// <summary>Copies a value out of its session.</summary>
    public static object? Take(object? value, string expression) => new Taking(expression).Copy(value, 0);

    /// <summary>Copies a taken value.</summary>
    public static object? Copy(object? value) => CanBeShared(value) ? value : new Taking("").Copy(value, 0);

    /// <summary>Whether nobody can change it.</summary>
    public static bool CanBeShared(object? value) => value switch
    {
        null or string or decimal or DateTime or DateTimeOffset or TimeSpan or Guid or BigInteger or DateOnly or TimeOnly or Int128 or UInt128 or Half => true,
        Enum or Version or Uri or IPAddress or IPEndPoint or Regex or Type or TimeZoneInfo or DBNull => true,
        CultureInfo culture => culture.IsReadOnly,
        SecureString secret => secret.IsReadOnly(),
        PSCredential => true,
        _ => value.GetType().IsPrimitive || value.GetType().FullName == "System.Management.Automation.SemanticVersion",
    };

    private sealed class Taking(string expression)
    {
        public object? Copy(object? value, int depth)
        {
            if (depth > JsonData.MaxDepth) throw UsingValues.NotSupported(expression, $"it contains itself, or is nested more than {JsonData.MaxDepth} levels deep");
            var wrapper = value as PSObject;
            if (wrapper is not null && wrapper.BaseObject is not PSCustomObject) value = wrapper.BaseObject;
            if (CanBeShared(value)) return value;
            switch (value)
            {
                case SecureString secret:
                    var copy = secret.Copy();
                    copy.MakeReadOnly();
                    return copy;
                case CultureInfo culture: return CultureInfo.ReadOnly(culture);
                case SwitchParameter flag: return flag.IsPresent;
                case Array { Rank: 1 } array: return Items(array, depth);
                case OrderedDictionary ordered: return Entries(ordered, new OrderedDictionary(ordered.Count, StringComparer.OrdinalIgnoreCase), depth);
                case IDictionary table: return Entries(table, new Hashtable(table.Count, StringComparer.OrdinalIgnoreCase), depth);
                case PSObject custom: return Members(custom, depth);
                case IList list when list.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(List<>):
                    var same = (IList)Activator.CreateInstance(type)!;
                    foreach (var item in list) same.Add(Copy(item, depth + 1));
                    return same;
                case ArrayList list: return new ArrayList(list.Cast<object?>().Select(item => Copy(item, depth + 1)).ToArray());
                default: return Bag(value!, wrapper, depth);
            }
        }

        private Array Items(Array array, int depth)
        {
            var copy = (Array)array.Clone();
            if (!array.GetType().GetElementType()!.IsPrimitive)
                for (var i = 0; i < copy.Length; i++) copy.SetValue(Copy(copy.GetValue(i), depth + 1), i);
            return copy;
        }

        private IDictionary Entries(IDictionary from, IDictionary to, int depth)
        {
            foreach (DictionaryEntry entry in from) to[entry.Key] = Copy(entry.Value, depth + 1);
            return to;
        }

        private PSObject Members(PSObject custom, int depth)
        {
            var copy = new PSObject();
            foreach (var property in custom.Properties)
                if (property.IsGettable) copy.Properties.Add(new PSNoteProperty(property.Name, Copy(property.Value, depth + 1)));
            foreach (var name in custom.TypeNames.Reverse().Except(copy.TypeNames)) copy.TypeNames.Insert(0, name);
            return copy;
        }

        /// <summary>Any other object becomes its properties, as on the way through a remote session; methods of a script's class would run in the session it came from.</summary>
        private object? Bag(object value, PSObject? wrapper, int depth)
        {
            if (NotData.Reason(value, wrapper) is not null)
                throw UsingValues.NotSupported(expression, $"a {value.GetType().FullName} lives in its own session. Make it inside the handler, or capture the values it needs");
            if (value is IEnumerable sequence) return sequence.Cast<object?>().Select(item => Copy(item, depth + 1)).ToArray();
            return Members(wrapper ?? PSObject.AsPSObject(value), depth);
        }
    }
}
