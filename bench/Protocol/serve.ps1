<#
.SYNOPSIS
    A driver's side of the protocol, for those written in PowerShell: answers each line with what the script block of that name gives.
#>
param([Parameter(Mandatory)] [string] $Version, [Parameter(Mandatory)] [hashtable] $Operations)

$engine = "PowerShell $($PSVersionTable.PSVersion)"
$shell = [IO.Path]::GetFileNameWithoutExtension([Environment]::ProcessPath)
while ($null -ne ($line = [Console]::In.ReadLine())) {
    $request = ConvertFrom-Json $line
    try {
        $reply = switch ($request.op) {
            'hello' { @{ pid = $PID; version = "$Version, $engine ($shell)" } }
            'collect' {
                [GC]::Collect()
                [GC]::WaitForPendingFinalizers()
                @{ heap = [GC]::GetTotalMemory($true) }
            }
            default { & $Operations[$request.op] $request }
        }
        $reply = if ($null -eq $reply) { @{} } else { $reply }
    }
    catch {
        $reply = @{ error = "$_" }
    }
    [Console]::Out.WriteLine((ConvertTo-Json $reply -Compress -Depth 3))
}
