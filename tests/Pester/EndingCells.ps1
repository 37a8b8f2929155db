# How a process with a pool ends: each way to end it, in each mode, with an idle pool and with one whose workers are all busy. Each cell is a process of its own; they run side by side.
# A cell is a row of this table; what the busy ones run is in $busy below.
$backgroundWays = @(
    @{ Way = 'the end of the script'; Ending = ''; ExitCode = 0 }
    @{ Way = 'exit 7'; Ending = 'exit 7'; ExitCode = 7 }
    @{ Way = 'throw'; Ending = 'throw "over"'; ExitCode = 1 }
    @{ Way = '-Command'; Ending = ''; ExitCode = 8; Start = 'Command' }
    @{ Way = 'the end of its piped input'; Ending = ''; ExitCode = 0; Start = 'Input' }
    @{ Way = 'Remove-Module'; Ending = 'Remove-Module Jobs; exit 9'; ExitCode = 9 }
    @{ Way = 'Import-Module -Force'; Ending = 'Import-Module $module -Force; exit 10'; ExitCode = 10 }
    @{ Way = 'Stop-JobPool -Force'; Ending = 'Get-JobPool -Local | Stop-JobPool -Force; exit 11'; ExitCode = 11; AtOnce = $true }
    @{ Way = 'Stop-JobPool -Timeout'; Ending = 'Get-JobPool -Local | Stop-JobPool -Timeout 3; exit 12'; ExitCode = 12 }
    @{ Way = 'Stop-JobPool -NoWait'; Ending = 'Get-JobPool -Local | Stop-JobPool -NoWait; exit 13'; ExitCode = 13 }
)
$signalWays = @(
    @{ Way = 'Ctrl+C'; Signals = 'INT' }
    @{ Way = 'Ctrl+C twice'; Signals = 'INT', 'INT'; AtOnce = $true }
    @{ Way = 'SIGTERM'; Signals = 'TERM'; ExitCode = 143 }
    @{ Way = 'SIGTERM to its group'; Signals = 'TERM'; Group = $true; ExitCode = 143 }
    @{ Way = 'SIGHUP'; Signals = 'HUP'; ExitCode = 129 }
    @{ Way = 'the closed terminal'; Terminal = $true }
)
$cells = foreach ($load in 'idle', 'busy') {
    foreach ($way in $backgroundWays) { @{ Mode = 'background'; Load = $load } + $way }
    foreach ($mode in 'background', '-Wait', '-UntilEmpty') {
        # Without work that mode ends by itself.
        if ($mode -eq '-UntilEmpty' -and $load -eq 'idle') { continue }
        foreach ($way in $signalWays) {
            if ($IsLinux) { @{ Mode = $mode; Load = $load } + $way }
        }
    }
}
@($cells | ForEach-Object { $_.Name = "$($_.Way), $($_.Mode), $($_.Load)"; $_ })

