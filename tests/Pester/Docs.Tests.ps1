# Runs what the documentation shows. The ```powershell blocks of a page are run in order, in a process and against a store of its own;
# blocks marked ```powershell no-run are only parsed.

BeforeDiscovery {
    $root = Split-Path (Split-Path $PSScriptRoot)
    $files = @(Get-ChildItem (Join-Path $root 'docs') -Recurse -File -Filter *.md)
    $readme = Join-Path $root 'README.md'
    if (Test-Path $readme) { $files += Get-Item $readme }
    $pages = foreach ($file in $files) {
        if ((Get-Content $file.FullName -Raw) -match '(?m)^\s*```powershell\b') {
            @{ Page = [System.IO.Path]::GetRelativePath($root, $file.FullName); Path = $file.FullName }
        }
    }
}

Describe 'The documentation' {
    BeforeAll {
        $manifest = Join-Path (Split-Path (Split-Path $PSScriptRoot)) 'Jobs.psd1'

        # The lines of a page that are code; all others are blank, so that errors name the lines of the page.
        function Get-CodeLine([string] $Path, [switch] $All) {
            $inside = $false
            foreach ($line in Get-Content $Path) {
                if ($line -match '^\s*```') {
                    $inside = -not $inside -and ($line -match '^\s*```powershell\s*$' -or $All -and $line -match '^\s*```powershell\b')
                    ''
                }
                elseif ($inside) { $line }
                else { '' }
            }
        }

        # Runs the code of a page in a process of its own, at most two minutes. Emits its exit code and what it put out.
        function Invoke-Page([string] $Path, [string] $Folder) {
            $null = New-Item -ItemType Directory -Force $Folder
            $script = Join-Path $Folder 'page.ps1'
            $end = Join-Path $Folder 'run.ps1'
            $lines = @(Get-CodeLine $Path)
            # On the page's first line, its title, so that the lines keep their numbers.
            $lines[0] = "`$ErrorActionPreference = 'Stop'; Set-Location '$Folder'; Import-Module '$manifest'; Connect-JobStore -Local -DataPath '$Folder/store'"
            Set-Content $script $lines
            Set-Content $end @"
`$code = 1
try { . '$script' *>&1 | Out-String -Width 120 | Set-Content '$Folder/out.txt'; `$code = 0 }
catch { Set-Content '$Folder/out.txt' "`$_ at `$(`$_.InvocationInfo.PositionMessage)" }
finally {
    Disconnect-JobStore
    Connect-JobStore -Local -DataPath '$Folder/store'
    Disconnect-JobStore -Shutdown
}
exit `$code
"@
            $start = @{
                FilePath     = [Environment]::ProcessPath
                ArgumentList = '-NoProfile', '-File', $end
                PassThru     = $true
            }
            $process = Start-Process @start
            $null = $process.Handle
            $ended = $process.WaitForExit(120000)
            if (-not $ended) { $process.Kill($true) }
            [pscustomobject]@{
                Ended  = $ended
                Code   = if ($ended) { $process.ExitCode }
                Output = if ($ended) { Get-Content "$Folder/out.txt" -Raw }
            }
        }
    }

    It 'shows in <Page> only what can be parsed' -ForEach $pages {
        $errors = $null
        $null = [System.Management.Automation.Language.Parser]::ParseInput(((Get-CodeLine $Path -All) -join "`n"), [ref] $null, [ref] $errors)
        $errors | ForEach-Object { "$($_.Extent.StartLineNumber): $($_.Message)" } | Should -BeNullOrEmpty
    }

    It 'shows in <Page> only what runs' -ForEach $pages {
        $run = Invoke-Page $Path (Join-Path $TestDrive ([guid]::NewGuid()))
        $run.Ended | Should -BeTrue -Because "it ends within two minutes; it put out: $($run.Output)"
        $run.Code | Should -Be 0 -Because $run.Output
    }
}
