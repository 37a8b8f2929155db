using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using Jobs.PowerShell.Handlers.Processes;

namespace Jobs.PowerShell.Handlers.Registration;

/// <summary>What a registered type runs: a script's text or a command's name, with what it took along from the session it was registered in.</summary>
internal sealed class ScriptHandler
{
    private ScriptHandler(string name, SourceText? source, string? command, ScriptBlockAst? ast, IReadOnlyList<HandlerParameter> parameters, HandlerOptions options, string? defaultSet = null)
    {
        Name = name;
        Source = source;
        Command = command;
        Parameters = parameters;
        ParameterSets = DeclaredParameters.Sets(parameters, defaultSet ?? (ast is null ? null : DeclaredParameters.DefaultSet(ast)));
        Options = options;
        IsAdvanced = ast is null || ast.ParamBlock is { } block
            && (block.Attributes.Any(attribute => IsCmdletBinding(attribute)) || block.Parameters.Any(parameter => parameter.Attributes.Any(IsParameter)));
        TakesPipeline = ast is { ProcessBlock: not null } && parameters.Count == 0;
        HasDynamicParameters = ast?.DynamicParamBlock is not null;
        Using = UsingValues.None;
    }

    /// <summary>The type's name.</summary>
    public string Name { get; }

    /// <summary>The script, or null for a command.</summary>
    public SourceText? Source { get; }

    /// <summary>The command, or null for a script.</summary>
    public string? Command { get; }

    /// <summary>What it declares, without the common parameters.</summary>
    public IReadOnlyList<HandlerParameter> Parameters { get; }

    /// <summary>The names of its parameter sets; where it declares none, the one that stands for all.</summary>
    public IReadOnlyList<string> ParameterSets { get; }

    public HandlerOptions Options { get; }

    public UsingValues Using { get; private init; }

    /// <summary>Whether PowerShell refuses arguments it does not declare.</summary>
    public bool IsAdvanced { get; private init; }

    /// <summary>Whether there are parameters that only a call can tell.</summary>
    public bool HasDynamicParameters { get; private init; }

    /// <summary>Whether its data comes by the pipeline.</summary>
    public bool TakesPipeline { get; }

    /// <summary>Whether data goes to it as an argument too, and not only as <c>$_</c>.</summary>
    public bool TakesArgument => Parameters.Count > 0 || !IsAdvanced || TakesPipeline || HasDynamicParameters;

    /// <summary>From a script block.</summary>
    /// <exception cref="HandlerException">HandlerParseError, HandlerRequirementNotMet, UsingVariableNotSet, UsingValueNotSupported.</exception>
    public static ScriptHandler FromScriptBlock(string name, ScriptBlock block, SessionState session, HandlerOptions? options = null)
    {
        var source = SourceText.Of(block);
        var ast = source.Parse();
        // What the file around the block requires, it requires too.
        options = Requirements.Apply(Requirements.Apply(options, SourceText.Root(block.Ast)), ast);
        return new ScriptHandler(name, source, null, ast, DeclaredParameters.Of(ast), options) { Using = UsingValues.Capture(ast, session) };
    }

    /// <summary>From a script file, read now.</summary>
    /// <exception cref="HandlerException">HandlerFileNotFound, HandlerRequirementNotMet, HandlerParseError, UsingVariableNotSet, UsingValueNotSupported.</exception>
    public static ScriptHandler FromFile(string name, string path, SessionState session, HandlerOptions? options = null)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HandlerException("HandlerFileNotFound", ErrorCategory.OpenError, $"The handler's file '{path}' can't be read: {e.Message}", path, e);
        }
        var source = new SourceText(text, Path.GetFullPath(path));
        var ast = source.Parse();
        return new ScriptHandler(name, source, null, ast, DeclaredParameters.Of(ast), Requirements.Apply(options, ast)) { Using = UsingValues.Capture(ast, session) };
    }

    /// <summary>
    /// From a command: a cmdlet, a function or an alias of one, a script, a program. A function of the session itself is taken along as text; a module's
    /// comes with its module.
    /// </summary>
    /// <exception cref="HandlerException">HandlerCommandNotFound, and those of a script block.</exception>
    public static ScriptHandler FromCommand(string name, string command, PSCmdlet caller, HandlerOptions? options = null)
    {
        options ??= HandlerOptions.Default;
        var found = caller.InvokeCommand.GetCommand(command, CommandTypes.All);
        for (var hops = 0; found is AliasInfo alias && hops < 16; hops++) found = alias.ResolvedCommand;
        switch (found)
        {
            case null:
                throw new HandlerException("HandlerCommandNotFound", ErrorCategory.ObjectNotFound, $"There is no command '{command}' in this session: check the name, or import its module first.", command);
            case FunctionInfo { Module: null } function:
                return FromScriptBlock(name, function.ScriptBlock, caller.SessionState, options);
            case ExternalScriptInfo script:
                return FromFile(name, script.Path, caller.SessionState, options);
            case ApplicationInfo program:
                return new ScriptHandler(name, null, program.Path, null, [], options) { HasDynamicParameters = true };
        }
        var parameters = DeclaredParameters.Of(found);
        if (found.Module is { } module && module.Name != "Microsoft.PowerShell.Core")
            options = options with { Modules = [.. options.Modules.Append(ModuleNames.Of(module)).Distinct()] };
        return new ScriptHandler(name, null, found.Name, null, parameters, options, DeclaredParameters.DefaultSet(found))
        {
            IsAdvanced = found is not FunctionInfo { CmdletBinding: false },
            HasDynamicParameters = found switch
            {
                CmdletInfo cmdlet => typeof(IDynamicParameters).IsAssignableFrom(cmdlet.ImplementingType),
                FunctionInfo function => (function.ScriptBlock.Ast as FunctionDefinitionAst)?.Body.DynamicParamBlock is not null,
                _ => true,
            },
        };
    }

    /// <summary>One that was registered in another process.</summary>
    public static ScriptHandler Restore(HandlerParcel parcel)
    {
        var options = new HandlerOptions { ErrorPolicy = parcel.ErrorPolicy, Modules = parcel.Modules };
        var values = UsingValues.FromTable(parcel.Using is null ? null : (PSSerializer.Deserialize(parcel.Using) as PSObject)?.BaseObject as IDictionary ?? PSSerializer.Deserialize(parcel.Using) as IDictionary);
        if (parcel.Text is null)
            return new ScriptHandler(parcel.Name, null, parcel.Command, null, [], options) { IsAdvanced = true, HasDynamicParameters = parcel.TakesArgument };
        var source = new SourceText(parcel.Text, parcel.File);
        var ast = source.Parse();
        return new ScriptHandler(parcel.Name, source, null, ast, DeclaredParameters.Of(ast), options) { Using = values };
    }

    private static bool IsCmdletBinding(AttributeAst attribute) => attribute.TypeName.GetReflectionAttributeType() == typeof(CmdletBindingAttribute);

    private static bool IsParameter(AttributeBaseAst attribute) => attribute is AttributeAst && attribute.TypeName.GetReflectionAttributeType() == typeof(ParameterAttribute);
}
