# Runs the examples of the help. One that stops in the debugger or serves until it is stopped can only be parsed.

BeforeDiscovery {
    $page = [xml] (Get-Content (Join-Path $PSScriptRoot '../../en-US/Jobs.PowerShell.dll-Help.xml') -Raw)
    $run = 'Invoke-JobType', 'Get-JobSchedule', 'Export-JobSchedule', 'Import-JobSchedule'
    $new = '-ErrorOnFailure|-IncludeRetries|-Follow|-Tail'
    $examples = foreach ($command in $page.helpItems.command) {
        foreach ($example in $command.examples.example) {
            @{ Name = $command.details.name; Title = $example.title; Code = $example.code; IsRun = ($command.details.name -in $run -or $example.code -match $new) -and $example.code -notmatch 'Set-PSBreakpoint' }
        }
    }
}

Describe 'The examples of the help' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        # What examples take for given.
        Reset-TestStore $store
        Set-Location (New-Item -ItemType Directory -Path (Join-Path $TestDrive ([guid]::NewGuid())))
        Register-JobType Square { param($Number) $Number * $Number }
        $job = New-ScheduledJob Square 3
    }
    AfterEach { Set-Location $PSScriptRoot }
    AfterAll { Remove-TestStore $store }

    It 'are PowerShell: <Name>, <Title>' -ForEach $examples {
        $errors = $null
        $null = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $errors)
        $errors | Should -BeNullOrEmpty
    }

    It 'run: <Name>, <Title>' -ForEach ($examples | Where-Object { $_.IsRun }) {
        $ErrorActionPreference = 'Stop'
        $script = [scriptblock]::Create($Code)
        $null = . $script *>&1
    }
}
