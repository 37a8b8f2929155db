using System.Text.Json;

namespace Jobs.Bench.Protocol;

/// <summary>A driver's side of the protocol, for those written in C#.</summary>
internal static class DriverLoop
{
    public static async Task RunAsync(Func<Request, Task<Reply>> answer)
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            Reply reply;
            try
            {
                reply = await answer(JsonSerializer.Deserialize(line, Messages.Default.Request)!);
            }
#pragma warning disable CA1031 // Whatever it is, the other side is to read it.
            catch (Exception e)
#pragma warning restore CA1031
            {
                reply = new Reply { Error = $"{e.GetType().Name}: {e.Message}" };
            }
            Console.Out.WriteLine(JsonSerializer.Serialize(reply, Messages.Default.Reply));
        }
    }
}
