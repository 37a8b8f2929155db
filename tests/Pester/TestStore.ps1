# Dot-sourced by the BeforeAll of each test file: the module, and a store for the file's tests.
# The server is the one that JOBS_TEST_REDIS names (host:port), else a private one that ends with the file.

Import-Module (Join-Path $PSScriptRoot '../../Jobs.psd1')

# The parameters of Connect-JobStore for a store that no other test file uses.
function New-TestStore {
    $store = @{ Namespace = "test-$([guid]::NewGuid())" }
    if ($env:JOBS_TEST_REDIS) {
        $store.Configuration = $env:JOBS_TEST_REDIS
    }
    else {
        $store.Local = $true
        $store.DataPath = Join-Path ([System.IO.Path]::GetTempPath()) "jobs-pester-$([guid]::NewGuid())"
    }
    $store
}

# Before each test: an empty store and a session without types.
function Reset-TestStore([hashtable] $Store) {
    Get-JobPool -Local | Stop-JobPool -Force
    Disconnect-JobStore
    $Store.Namespace = "test-$([guid]::NewGuid())"
    Connect-JobStore @Store
    Get-JobType | Where-Object IsRegistered | Unregister-JobType
}

# After the last test of a file.
function Remove-TestStore([hashtable] $Store) {
    Reset-TestStore $Store
    if ($Store.Local) {
        Disconnect-JobStore -Shutdown
        Remove-Item $Store.DataPath -Recurse -Force
    }
    else {
        Disconnect-JobStore
    }
}

# Runs all that is due, and emits the ended jobs.
function Invoke-DueJob {
    Start-JobPool -UntilEmpty -Workers 2
}

# Waits for a condition, and fails when it does not come true.
function Wait-Until([scriptblock] $Condition, [int] $Seconds = 30) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($watch.Elapsed.TotalSeconds -gt $Seconds) { throw "This has not come true within $Seconds s: $Condition" }
        Start-Sleep -Milliseconds 20
    }
}

# Runs a script in a process of its own that is connected to the store, and emits the process.
# Its output is in "$Path.out", its errors are in "$Path.err".
function Start-TestProcess([hashtable] $Store, [string] $Path, [string] $Script) {
    $parameters = foreach ($name in $Store.Keys) { "$name = '$($Store[$name])'" }
    Set-Content $Path @"
`$ErrorActionPreference = 'Stop'
Import-Module '$(Join-Path $PSScriptRoot '../../Jobs.psd1')'
`$store = @{ $($parameters -join '; ') }
if (`$store.Local) { `$store.Local = `$true }
Connect-JobStore @store
$Script
"@
    $start = @{
        FilePath               = [Environment]::ProcessPath
        ArgumentList           = '-NoProfile', '-File', $Path
        RedirectStandardOutput = "$Path.out"
        RedirectStandardError  = "$Path.err"
        PassThru               = $true
    }
    $process = Start-Process @start
    # The exit code can be read only by one who held the handle before the end.
    $null = $process.Handle
    $process
}
