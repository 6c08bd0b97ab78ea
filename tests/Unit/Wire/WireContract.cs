using System.Reflection;
using System.Text;
using MorningAI.Tasks;

namespace MorningAI.Tests.Unit.Wire;

/// <summary>All that silos and clients of different versions must agree on, as text: types, their numbered members, grain calls.</summary>
internal static class WireContract
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static readonly Assembly[] Assemblies = [typeof(TaskId).Assembly, typeof(TaskGrain).Assembly];

    public static IEnumerable<Type> Serialized => Assemblies.SelectMany(a => a.GetTypes())
        .Where(t => t.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is not null);

    public static IEnumerable<Type> Grains => Assemblies.SelectMany(a => a.GetTypes())
        .Where(t => t.IsInterface && t.IsAssignableTo(typeof(IGrain)));

    public static string? AliasOf(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias;

    public static IEnumerable<(uint Id, MemberInfo Member)> Members(Type type) => type.GetMembers(Own)
        .Select(m => (m.GetCustomAttribute<IdAttribute>()?.Id, Member: m))
        .Where(m => m.Id is not null)
        .Select(m => (m.Id!.Value, m.Member))
        .OrderBy(m => m.Value);

    public static string Describe()
    {
        var text = new StringBuilder();
        foreach (var type in Serialized.Where(t => AliasOf(t) is not null).OrderBy(AliasOf, StringComparer.Ordinal))
            DescribeType(text, type);
        foreach (var grain in Grains.OrderBy(NameOf, StringComparer.Ordinal))
        {
            text.Append("grain ").Append(NameOf(grain)).Append('\n');
            foreach (var method in grain.GetMethods().OrderBy(m => AliasOf(m) ?? m.Name, StringComparer.Ordinal))
            {
                var parameters = string.Join(", ", method.GetParameters().Select(p => $"{NameOf(p.ParameterType)} {p.Name}"));
                text.Append("  ").Append(AliasOf(method) ?? "(no alias)").Append('(').Append(parameters).Append(") -> ").Append(NameOf(method.ReturnType)).Append('\n');
            }
        }

        return text.ToString();
    }

    private static void DescribeType(StringBuilder text, Type type)
    {
        text.Append(type.IsEnum ? "enum " : "type ").Append(NameOf(type));
        if (type.IsEnum)
            text.Append(" : ").Append(type.GetEnumUnderlyingType().Name);
        else if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            text.Append(" : ").Append(NameOf(parent));
        text.Append('\n');
        if (type.IsEnum)
        {
            foreach (var value in Enum.GetValues(type))
                text.Append("  ").Append(Convert.ToInt64(value, null)).Append(' ').Append(value).Append('\n');
        }

        foreach (var (id, member) in Members(type))
            text.Append("  ").Append(id).Append(' ').Append(member.Name).Append(": ").Append(NameOf(member is PropertyInfo p ? p.PropertyType : ((FieldInfo)member).FieldType)).Append('\n');
    }

    private static string NameOf(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return NameOf(inner) + "?";
        if (type.IsArray)
            return NameOf(type.GetElementType()!) + "[]";
        if (type.IsGenericType)
            return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
        return AliasOf(type) ?? type.Name;
    }
}
