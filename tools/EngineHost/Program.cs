using Jobs.EngineHost;

var commandLine = CommandLine.Parse(args, out var problem);
if (commandLine is null)
{
    Console.Error.WriteLine(problem);
    return 64;
}

using var session = new Session(commandLine.NonInteractive);
return commandLine switch
{
    { File: { } file } => session.RunFile(file, commandLine.Arguments),
    { Command: { } command } => session.RunCommand(command),
    _ => new Prompt(session).Run(commandLine.NoLogo),
};
