<#
.SYNOPSIS
    Builds, tries, tests and packages the module.
.EXAMPLE
    ./build.ps1
    Builds everything and lays out the module, so that Import-Module ./Jobs.psd1 works.
.EXAMPLE
    ./build.ps1 Test
    Builds, then runs the unit tests and the Pester tests. The last line tells how many passed and failed.
.EXAMPLE
    ./build.ps1 Bench
    Measures the module and its peers, and writes artifacts/bench/bench.md and bench.json. With -Quick in minutes, only to see that all runs.
.EXAMPLE
    ./build.ps1 Bench -Quick -Arguments noop,scheduling
    Measures two of them; -Arguments --list explains all.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Demo', 'Test', 'Bench', 'Package', 'Clean', 'TestContainers', 'Chaos')]
    [string] $Task = 'Build',

    # Handed on to the benchmarks, or to the unit tests.
    [string[]] $Arguments = @(),

    # Benchmarks: a short run, whose figures are rough.
    [switch] $Quick
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3.0

$root = $PSScriptRoot
$shell = [Environment]::ProcessPath
$results = Join-Path $root 'artifacts/test-results'

function Invoke-Build {
    dotnet build (Join-Path $root 'Jobs.slnx') --configuration Release --nologo | Out-Host
    if ($LASTEXITCODE) { throw "dotnet build failed with exit code $LASTEXITCODE." }
    Invoke-Precompile
    Copy-Module (Join-Path $root 'bin') -Precompiled
}

# A process that a timer starts spends most of its time on compiling; here that is done ahead. Without it the module works as well.
function Invoke-Precompile {
    dotnet build (Join-Path $root 'tools/Precompile') --configuration Release --nologo --verbosity quiet | Out-Host
    if ($LASTEXITCODE) { Write-Warning 'The module could not be compiled ahead of time: it works, but takes longer to start.' }
}

# The cmdlets lie in bin, and what they need, out of other modules' sight, in bin/dependencies.
# What is compiled ahead runs as fast on no other kind of machine: a package has it not.
function Copy-Module([string] $Bin, [switch] $Precompiled) {
    $output = Join-Path $root 'src/Jobs.PowerShell/bin/Release/net10.0'
    $dependencies = Join-Path $bin 'dependencies'
    $null = New-Item -ItemType Directory -Force -Path $dependencies
    $wanted = foreach ($file in Get-ChildItem $output -File -Include *.dll, *.pdb -Recurse) {
        $folder = if ($file.BaseName -eq 'Jobs.PowerShell') { $bin } else { $dependencies }
        $target = Join-Path $folder $file.Name
        $ready = Get-Item (Join-Path $root "tools/Precompile/bin/module/$($file.Name)") -ErrorAction Ignore
        Copy-Changed ($Precompiled -and $ready -and $ready.LastWriteTimeUtc -ge $file.LastWriteTimeUtc ? $ready : $file) $target
        $target
    }
    Get-ChildItem $bin -File -Recurse | Where-Object FullName -NotIn $wanted | Remove-Item
}

function Copy-Changed($File, [string] $Target) {
    $existing = Get-Item $Target -ErrorAction Ignore
    if ($existing -and $existing.Length -eq $File.Length -and $existing.LastWriteTimeUtc -eq $File.LastWriteTimeUtc) { return }
    try {
        # A file of its own: an old one may be mapped into the memory of a session that has the module loaded.
        if ($existing) { Remove-Item $Target }
        Copy-Item $File.FullName $Target
    }
    catch [System.UnauthorizedAccessException], [System.IO.IOException] {
        throw "$Target is in use. Remove-Module Jobs does not release it: close the sessions that imported the module, and build again."
    }
}

# Both kinds of tests run in processes of their own; one that dies without a report counts as a failure.
function Invoke-UnitTest([string[]] $Arguments, [string] $Within) {
    $report = Join-Path $results 'unit.xml'
    $command = @($Within | Where-Object { $_ }) + (Join-Path $root 'tests/Unit/bin/Release/net10.0/Jobs.Tests.Unit')
    $command += @('-noLogo', '-noColor', '-result-xml', $report) + $Arguments
    Reset-Report $report
    & $command[0] $command[1..($command.Count - 1)] | Out-Host
    if (-not (Test-Path $report)) { return New-Count -Failed 1 }

    $totals = ([xml](Get-Content $report -Raw)).SelectNodes('/assemblies/assembly')
    $count = New-Count
    foreach ($assembly in $totals) {
        $count.Passed += [int] $assembly.GetAttribute('passed')
        $count.Failed += [int] $assembly.GetAttribute('failed') + [int] $assembly.GetAttribute('errors')
        $count.Skipped += [int] $assembly.GetAttribute('skipped')
    }
    if ($LASTEXITCODE -and -not $count.Failed) { $count.Failed = 1 }
    $count
}

function Invoke-PesterTest {
    $report = Join-Path $results 'pester.json'
    Reset-Report $report
    & $shell -NoProfile -File (Join-Path $root 'tools/test-pester.ps1') -Path (Join-Path $root 'tests/Pester') -ReportPath $report | Out-Host
    if (-not (Test-Path $report)) { return New-Count -Failed 1 }

    $totals = Get-Content $report -Raw | ConvertFrom-Json
    New-Count -Passed $totals.Passed -Failed $totals.Failed -Skipped $totals.Skipped
}

function Reset-Report([string] $Path) {
    $null = New-Item -ItemType Directory -Force -Path (Split-Path $Path)
    if (Test-Path $Path) { Remove-Item $Path }
}

function New-Count([int] $Passed, [int] $Failed, [int] $Skipped) {
    [pscustomobject]@{ Passed = $Passed; Failed = $Failed; Skipped = $Skipped }
}

# The last line of the output, for readers and programs alike.
function Complete-Test([object[]] $Counts) {
    $passed = ($Counts | Measure-Object Passed -Sum).Sum
    $failed = ($Counts | Measure-Object Failed -Sum).Sum
    $skipped = ($Counts | Measure-Object Skipped -Sum).Sum
    Write-Host "$passed passed, $failed failed$(if ($skipped) { ", $skipped skipped" })"
    exit [int]($failed -gt 0 -or $passed -eq 0)
}

function Invoke-Package {
    $version = (Import-PowerShellDataFile (Join-Path $root 'Jobs.psd1')).ModuleVersion
    $target = Join-Path $root "artifacts/Jobs/$version"
    if (Test-Path $target) { Remove-Item $target -Recurse -Force }
    $null = New-Item -ItemType Directory -Path $target
    foreach ($part in 'Jobs.psd1', 'Jobs.Format.ps1xml', 'Jobs.Types.ps1xml', 'en-US', 'LICENSE', 'README.md', 'CHANGELOG.md') {
        $source = Join-Path $root $part
        if (Test-Path $source) { Copy-Item $source $target -Recurse }
    }
    Copy-Module (Join-Path $target 'bin')
    Get-ChildItem $target -Recurse -Filter *.pdb | Remove-Item
    # What a checkout needs only.
    $manifest = Join-Path $target 'Jobs.psd1'
    (Get-Content $manifest) -notmatch '^\s*ScriptsToProcess' | Set-Content $manifest

    $archive = Join-Path $root "artifacts/Jobs-$version.zip"
    if (Test-Path $archive) { Remove-Item $archive }
    [System.IO.Compression.ZipFile]::CreateFromDirectory($target, $archive)
    Write-Host "Packaged $target and $archive"
}

# All but tools: build.ps1 may be running in one of them.
function Clear-Output {
    $folders = foreach ($part in 'src', 'tests', 'bench', 'tools/Precompile') {
        $path = Join-Path $root $part
        if (Test-Path $path) { (Get-ChildItem $path -Recurse -File -Filter *.csproj).DirectoryName }
    }
    $outputs = @('bin', 'artifacts' | ForEach-Object { Join-Path $root $_ })
    $outputs += $folders | ForEach-Object { Join-Path $_ 'bin'; Join-Path $_ 'obj' }
    $outputs | Where-Object { Test-Path $_ } | Remove-Item -Recurse -Force
}

switch ($Task) {
    Build {
        Invoke-Build
    }
    Demo {
        Invoke-Build
        & $shell -NoProfile -File (Join-Path $root 'examples/demo.ps1')
        exit $LASTEXITCODE
    }
    Test {
        Invoke-Build
        Complete-Test (Invoke-UnitTest $Arguments), (Invoke-PesterTest)
    }
    Chaos {
        Invoke-Build
        $env:JOBS_CHAOS = '1'
        Complete-Test (Invoke-UnitTest (@('-trait', 'Category=Chaos') + $Arguments))
    }
    TestContainers {
        Invoke-Build
        Complete-Test (Invoke-UnitTest (@('-trait', 'Category=Store') + $Arguments) -Within (Join-Path $root 'tools/testcontainers.sh'))
    }
    Bench {
        Invoke-Build
        if (-not $IsWindows) { & (Join-Path $root 'bench/install-peers.sh') | Out-Host }
        # From another shell a list comes as one text.
        $Arguments = @($Arguments -split ',') + @(if ($Quick) { '--quick' })
        & (Join-Path $root 'bench/bin/Release/net10.0/Jobs.Bench') @Arguments | Out-Host
        exit $LASTEXITCODE
    }
    Package {
        Invoke-Build
        Invoke-Package
    }
    Clean {
        Clear-Output
    }
}
