Describe 'Invoke-JobType' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach { Reset-TestStore $store }
    AfterAll { Remove-TestStore $store }

    It 'runs the handler on data that have made the trip through JSON' {
        Register-JobType Show { param($Data) "$($Data.GetType().Name) $($Data.Number.GetType().Name) $($_.Name)" }
        Invoke-JobType Show ([pscustomobject]@{ Name = 'Ada'; Number = [byte] 7 }) | Should -Be 'PSCustomObject Int32 Ada'
        { Invoke-JobType Show (ConvertTo-SecureString secret -AsPlainText -Force) } | Should -Throw -ErrorId 'DataNotSupported,*'
    }

    It 'runs it once for each object of the pipeline' {
        Register-JobType Double { $_ * 2 }
        1..3 | Invoke-JobType Double | Should -Be 2, 4, 6
    }

    It 'takes the handler''s parameters by name, checked as when a job is scheduled' {
        Register-JobType Repeat { param([Parameter(Mandatory)] [string] $Text, [int] $Times = 1) $Text * $Times }
        Invoke-JobType Repeat -Text ab -Times 2 | Should -Be abab
        Invoke-JobType Repeat -Parameters @{ Text = 'c' } | Should -Be c
        { Invoke-JobType Repeat -Parameters @{ Times = 2 } } | Should -Throw -ErrorId 'MissingParameter,*'
        { Invoke-JobType Repeat -Parameters @{ Text = 'c'; Much = 1 } } | Should -Throw -ErrorId 'UnknownParameter,*'
    }

    It 'runs commands, files, handlers with a process block and what $using: brought' {
        Register-JobType Command -Command Get-Date
        Invoke-JobType Command -Parameters @{ Year = 2021; Format = 'yyyy' } | Should -Be 2021
        $file = Join-Path $TestDrive handler.ps1
        Set-Content $file 'param($Text) "$Text in $(Split-Path -Leaf $PSCommandPath)"'
        Register-JobType File -FilePath $file
        Invoke-JobType File said | Should -Be 'said in handler.ps1'
        Register-JobType Piped { process { "got $_" } }
        Invoke-JobType Piped 7 | Should -Be 'got 7'
        $captured = 'brought'
        Register-JobType Using { $using:captured }
        Invoke-JobType Using | Should -Be brought
    }

    It 'runs it on the data of a job, which stays as it is' {
        Register-JobType Flaky -Retries 1 -RetryDelay 0 { param([int] $Number) if ($JobContext.PoolId) { throw 'in production' } "$Number, attempt $($JobContext.Attempt) of $($JobContext.Id)" }
        $job = New-ScheduledJob Flaky -Number 5
        Invoke-DueJob | Out-Null
        $job.Refresh()
        $job.Status | Should -Be Failed
        $expected = "5, attempt 2 of $($job.Id)"
        Invoke-JobType -Id $job | Should -Be $expected
        Invoke-JobType Flaky -Id $job.Id | Should -Be $expected
        Get-JobStatus -Status Failed | Invoke-JobType | Should -Be $expected
        Register-JobType Other { param([int] $Number) $Number + 1 }
        $job | Invoke-JobType Other | Should -Be 6
        $after = Get-JobStatus $job.Id
        $after.Status | Should -Be Failed
        $after.Attempts | Should -Be 2
        (Get-JobStatus).Id | Should -Be $job.Id
    }

    It 'gives it the outputs of the jobs that its job waited for' {
        Register-JobType Part { $_ * 10 }
        Register-JobType Sum { ($JobContext.Parents.Output | Measure-Object -Sum).Sum }
        $total = New-ScheduledJob Sum -After (1..2 | New-ScheduledJob Part)
        Invoke-DueJob | Out-Null
        Invoke-JobType -Id $total | Should -Be 30
    }

    It 'needs no store without -Id' {
        Register-JobType Quiet { 'no store' }
        Disconnect-JobStore
        Invoke-JobType Quiet | Should -Be 'no store'
    }

    It 'shows it nothing of the scope that it is called from' {
        Register-JobType Look { "[$local]" }
        function Invoke-Inside { $local = 'seen'; $null = $local; Invoke-JobType Look }
        Invoke-Inside | Should -Be '[]'
    }

    It 'imports the modules of the type for it alone' {
        $module = Join-Path $TestDrive 'Greeting.psm1'
        Set-Content $module 'function Get-Greeting { "hello" }'
        Register-JobType Greet -ImportModule $module { Get-Greeting }
        Invoke-JobType Greet | Should -Be hello
        Get-Module Greeting | Should -BeNullOrEmpty
        Register-JobType None -ImportModule (Join-Path $TestDrive none.psm1) { 'never' }
        { Invoke-JobType None } | Should -Throw -ErrorId 'ModuleNotFound,*'
    }

    It 'has the error policy of the type' {
        Register-JobType Strict { Write-Error 'It broke.'; 'never' }
        { Invoke-JobType Strict } | Should -Throw 'It broke.'
        Register-JobType Lenient -ErrorPolicy Continue { Write-Error 'It broke.'; 'after' }
        Invoke-JobType Lenient -ErrorVariable problems 2> $null | Should -Be after
        $problems | Should -HaveCount 1
        Register-JobType Native { /bin/sh -c 'exit 4'; 'never' }
        if (-not $IsWindows) { { Invoke-JobType Native } | Should -Throw -ErrorId 'ProgramExitedWithNonZeroCode*' }
    }

    It 'lets exit, break and continue end the handler only' {
        Register-JobType Exits { exit $_ }
        { Invoke-JobType Exits 3 } | Should -Throw -ErrorId 'ExitCode3,*'
        Invoke-JobType Exits 0 | Should -BeNullOrEmpty
        Register-JobType Breaks { break }
        $turns = foreach ($turn in 1, 2) {
            Invoke-JobType Breaks -WarningVariable warnings 3> $null
            $turn
        }
        $turns | Should -Be 1, 2
        "$warnings" | Should -BeLike "'break' outside a loop*"
    }

    It 'leaves the session''s variables as they were' {
        Register-JobType Context { "$($JobContext.Type) $ErrorActionPreference" }
        $before = $global:ErrorActionPreference
        $global:ErrorActionPreference = 'Continue'
        try {
            Invoke-JobType Context | Should -Be 'Context Stop'
            Register-JobType Throws { throw 'out' }
            { Invoke-JobType Throws } | Should -Throw out
            "$global:ErrorActionPreference" | Should -Be Continue
            Test-Path variable:global:JobContext | Should -BeFalse
        }
        finally { $global:ErrorActionPreference = $before }
    }

    It 'passes on its streams, and with -Verbose its verbose messages' {
        Register-JobType Talk { [CmdletBinding()] param() Write-Verbose detail; Write-Warning care; Write-Information news; 'output' }
        $said = Invoke-JobType Talk -Verbose *>&1
        $said[0] | Should -BeOfType [System.Management.Automation.VerboseRecord]
        @($said | Select-Object -Skip 1).ForEach{ "$_" } | Should -Be detail, care, news, output
        Invoke-JobType Talk 4>&1 3> $null 6> $null | Should -Be output
    }

    It 'stops at breakpoints of the handler''s own lines' {
        $file = Join-Path $TestDrive broken.ps1
        Set-Content $file 'param($Number)', '$twice = $Number * 2', '"done $twice"'
        Register-JobType File -FilePath $file
        $block = Join-Path $TestDrive block.ps1
        Set-Content $block '', 'Register-JobType Block {', '    $half = $_ / 2', '    "done $half"', '}'
        . $block
        $global:hits = @()
        $debugger = [runspace]::DefaultRunspace.Debugger
        $breakpoints = @(
            $debugger.SetLineBreakpoint($file, 3, 0, [scriptblock]::Create('$global:hits += "twice $twice"'))
            $debugger.SetLineBreakpoint($block, 4, 0, [scriptblock]::Create('$global:hits += "half $half"'))
        )
        try {
            Invoke-JobType File 21 | Should -Be 'done 42'
            Invoke-JobType Block 8 | Should -Be 'done 4'
            $global:hits | Should -Be 'twice 42', 'half 4'
        }
        finally {
            $breakpoints.ForEach{ $null = $debugger.RemoveBreakpoint($_) }
            $global:hits = $null
        }
    }

    It 'lets the module''s commands work in it as in a pool' {
        Register-JobType Child { }
        Register-JobType Parent { (New-ScheduledJob Child).Id }
        $id = Invoke-JobType Parent
        (Get-JobStatus $id).Type | Should -Be Child
        Register-JobType Pool { Start-JobPool }
        { Invoke-JobType Pool } | Should -Throw -ErrorId 'NotInHandler,*'
    }

    It 'says with -WhatIf what it would run' {
        Register-JobType Once { $global:ran = $true }
        Invoke-JobType Once @{ Size = 1 } -WhatIf
        Test-Path variable:global:ran | Should -BeFalse
    }

    It 'names what is missing: <Case>' -ForEach @(
        @{ Case = 'a type'; Call = { Invoke-JobType Unknown }; Id = 'JobTypeNotFound,*' }
        @{ Case = 'any type'; Call = { Invoke-JobType }; Id = 'JobTypeNotFound,*' }
        @{ Case = 'a job'; Call = { Invoke-JobType -Id nowhere -ErrorAction Stop }; Id = 'JobNotFound,*' }
    ) {
        $Call | Should -Throw -ErrorId $Id
    }

    It 'goes on after a job that it does not know' {
        Register-JobType Known { 'ran' }
        $job = New-ScheduledJob Known
        $gone = New-ScheduledJob Known
        $gone | Remove-ScheduledJob
        $gone, $job | Invoke-JobType -ErrorAction SilentlyContinue -ErrorVariable problems | Should -Be ran
        $problems.FullyQualifiedErrorId | Should -BeLike 'JobNotFound,*'
    }

    It 'completes types, ids and the handler''s own parameters' {
        Register-JobType Mend { param([ValidateSet('Small', 'Large')] $Size) $Size }
        (TabExpansion2 'Invoke-JobType Me').CompletionMatches.CompletionText | Should -Be Mend
        (TabExpansion2 'Invoke-JobType Mend -Si').CompletionMatches.CompletionText | Should -Be '-Size'
        $job = New-ScheduledJob Mend
        (TabExpansion2 'Invoke-JobType Mend -Id ').CompletionMatches.CompletionText | Should -Be $job.Id
    }
}
