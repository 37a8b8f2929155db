Describe 'Start-JobPool' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Quick { param($Data) $Data }
        Register-JobType Bad { throw 'no' }
    }
    AfterAll { Remove-TestStore $store }

    Context 'in the background' {
        It 'emits the pool, with the properties of the contract' {
            $pool = Start-JobPool -Workers 3 -Name Night -Queue mail, default -Type Quick
            $names = 'Id', 'Name', 'HostName', 'ProcessId', 'Status', 'Workers', 'Busy', 'Queues', 'Types', 'Started', 'LastHeartbeat', 'Processed', 'Failed'
            ($pool | Get-Member -MemberType Property).Name | Where-Object { $_ -in $names } | Should -HaveCount $names.Count
            $pool.Id | Should -Match '^\w{26}$'
            $pool.Name | Should -Be Night
            $pool.HostName | Should -Be ([Environment]::MachineName)
            $pool.ProcessId | Should -Be $PID
            $pool.Status | Should -Be Running
            $pool.Workers | Should -Be 3
            $pool.Queues | Should -Be mail, default
            $pool.Types | Should -Be Quick
            $pool.Started.Kind | Should -Be Local
            $pool.LastHeartbeat | Should -BeOfType datetime
        }

        It 'runs jobs as they come, and counts them' {
            $pool = Start-JobPool -Workers 2
            $jobs = 1..5 | New-ScheduledJob Quick
            $bad = New-ScheduledJob Bad
            (@($jobs) + $bad | Wait-ScheduledJob -Timeout 30).Status | Should -Be (@('Finished') * 5 + 'Failed')
            $pool.Processed | Should -Be 6
            $pool.Failed | Should -Be 1
        }

        It 'has as many workers as there are processors' {
            (Start-JobPool).Workers | Should -Be ([Environment]::ProcessorCount)
        }

        It 'opens a runspace only when there is a job' {
            $before = (Get-Runspace).Count
            $null = Start-JobPool -Workers 1
            (Get-Runspace).Count | Should -Be $before
            $null = New-ScheduledJob Quick | Wait-ScheduledJob -Timeout 30
            (Get-Runspace).Count | Should -Be ($before + 1)
        }

        It 'runs only the types that it is told' {
            $bad, $quick = 'Bad', 'Quick' | ForEach-Object { New-ScheduledJob $_ }
            $null = Start-JobPool -Type Q* -Workers 1
            ($quick | Wait-ScheduledJob -Timeout 30).Status | Should -Be Finished
            (Get-JobStatus $bad).Status | Should -Be Queued
        }

        It 'Finding_24_A_later_type: serves a type that is registered later, and the handler that replaces it' {
            $null = Start-JobPool -Workers 1
            Register-JobType Later { 'late' }
            New-ScheduledJob Later | Receive-ScheduledJob -Wait | Should -Be late
            Register-JobType later { 'later' } -Force
            New-ScheduledJob Later | Receive-ScheduledJob -Wait | Should -Be later
        }

        It 'Finding_24_Missing_modules: names a module that a type needs and that is not there' -ForEach @(
            @{ Isolation = 'Scope' }
            @{ Isolation = 'Runspace' }
        ) {
            Register-JobType Needs { } -ImportModule NoSuchModule -Isolation $Isolation
            { Start-JobPool -Workers 1 } | Should -Throw -ErrorId 'ModuleNotFound,*'
            (Start-JobPool -Workers 1 -Type Quick).Types | Should -Be Quick
        }

        It 'Finding_31_AfterJob_in_the_callers_mode: may do no more than the session that starts the pool' {
            $file = Join-Path $TestDrive 'mode.txt'
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            try {
                $null = $shell.AddScript("Import-Module '$(Join-Path $PSScriptRoot '../../Jobs.psd1')'").Invoke()
                $shell.Runspace.SessionStateProxy.LanguageMode = 'ConstrainedLanguage'
                $shell.Commands.Clear()
                $null = $shell.AddScript("Start-JobPool -Workers 1 -AfterJob { Set-Content '$file' `$ExecutionContext.SessionState.LanguageMode }").Invoke()
                $shell.HadErrors | Should -BeFalse
                New-ScheduledJob Quick | Wait-ScheduledJob -Timeout 30 | Out-Null
                Wait-Until { Test-Path $file }
                Wait-Until { Get-Content $file }
                Get-Content $file | Should -Be ConstrainedLanguage
                Get-JobPool -Local | Stop-JobPool -Force
            }
            finally {
                $shell.Dispose()
            }
        }

        It 'calls -AfterJob with each ended job' {
            $file = Join-Path $TestDrive 'ended.txt'
            $after = [scriptblock]::Create("param(`$Job) Add-Content '$file' `"`$(`$Job.Data) `$(`$_.Status)`"")
            $null = Start-JobPool -Workers 1 -AfterJob $after
            1..3 | New-ScheduledJob Quick | Wait-ScheduledJob -Timeout 30 | Out-Null
            Wait-Until { (Test-Path $file) -and @(Get-Content $file).Count -eq 3 }
            Get-Content $file | Sort-Object | Should -Be '1 Finished', '2 Finished', '3 Finished'
        }

        It 'prepares each worker with -InitializationScript and -ImportModule' {
            $module = Join-Path $TestDrive 'Tools.psm1'
            Set-Content $module 'function Get-Tool { "a tool" }'
            Register-JobType Prepared { "$global:prepared and $(Get-Tool)" }
            $null = Start-JobPool -Workers 1 -InitializationScript { $global:prepared = 'prepared' } -ImportModule $module
            New-ScheduledJob Prepared | Receive-ScheduledJob -Wait | Should -Be 'prepared and a tool'
        }

        It 'is an error when the initialization fails' {
            { Start-JobPool -InitializationScript { throw 'no way' } } | Should -Throw '*no way*'
            Get-JobPool | Should -BeNullOrEmpty
        }

        It 'starts nothing with -WhatIf' {
            Start-JobPool -WhatIf | Should -BeNullOrEmpty
            Get-JobPool | Should -BeNullOrEmpty
        }

        It 'starts nothing when there is no type to run' {
            Get-JobType | Unregister-JobType
            { Start-JobPool } | Should -Throw -ErrorId 'JobTypeNotFound*'
        }

        It 'refuses <Name>' -ForEach @(
            @{ Name = 'no workers'; Given = @{ Workers = 0 } }
            @{ Name = 'a negative batch size'; Given = @{ BatchSize = -1 } }
            @{ Name = 'a batch size over 1,000'; Given = @{ BatchSize = 1001 } }
        ) {
            { Start-JobPool @Given } | Should -Throw -ErrorId 'ValueOutOfRange*'
            Get-JobPool | Should -BeNullOrEmpty
        }

        It 'Finding_41: Ctrl+C ends it at once during <During>' -ForEach @(
            @{ During = 'its initialization script'; Given = '-InitializationScript { Set-Content $using:mark here; Start-Sleep 600 }' }
            @{ During = 'a blocking call of its initialization script'; Given = '-InitializationScript { Set-Content $using:mark here; [System.Threading.Thread]::Sleep(600000) }' }
            @{ During = 'an import'; Given = '-ImportModule $module' }
        ) {
            $mark = Join-Path $TestDrive ([guid]::NewGuid())
            $module = "$mark.psm1"
            Set-Content $module "Set-Content '$mark' here; Start-Sleep 600"
            Register-JobType Quick { } -Force
            $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
            try {
                $null = $shell.AddScript("Import-Module '$(Join-Path $PSScriptRoot '../../Jobs.psd1')'; `$mark = '$mark'; `$module = '$module'; Start-JobPool $Given")
                $begun = $shell.BeginInvoke()
                Wait-Until { Test-Path $mark }
                $watch = [System.Diagnostics.Stopwatch]::StartNew()
                $shell.Stop()
                $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
                $begun.IsCompleted | Should -BeTrue
                Get-JobPool | Should -BeNullOrEmpty
            }
            finally { $shell.Dispose() }
        }
    }

    Context 'in the foreground' {
        It 'runs with -UntilEmpty all that is due, and emits each job as it ends' {
            1..5 | New-ScheduledJob Quick | Out-Null
            New-ScheduledJob Bad | Out-Null
            $later = New-ScheduledJob Quick -In 3600
            $ended = Start-JobPool -UntilEmpty -Workers 2
            $ended | Should -HaveCount 6
            ($ended | Where-Object Status -EQ Failed).Type | Should -Be Bad
            (Get-JobStatus $later).Status | Should -Be Scheduled
            Get-JobPool | Should -BeNullOrEmpty
        }

        It 'ends with -UntilEmpty at once when there is nothing to do' {
            Start-JobPool -UntilEmpty | Should -BeNullOrEmpty
        }

        It 'ends after -MaxJobs' {
            1..5 | New-ScheduledJob Quick | Out-Null
            Start-JobPool -MaxJobs 2 -Workers 1 | Should -HaveCount 2
            Get-JobStatus -Status Queued | Should -HaveCount 3
        }

        It 'Finding_34_UntilEmpty: emits jobs whose attempt failed and that are to be retried when it has gone' {
        Register-JobType Later { throw 'no luck' } -Retries 3 -RetryDelay 1h
        New-ScheduledJob Later | Out-Null
        $job = Start-JobPool -UntilEmpty
        $job.Status | Should -Be Scheduled
        $job.Error.Message | Should -Be 'no luck'
        $job.RetriesLeft | Should -Be 2
    }

    It 'Finding_34_UntilEmpty: waits for a rate limit' {
        Register-JobType Rated { } -RateLimit 2/300ms
        1..5 | New-ScheduledJob Rated | Out-Null
        Start-JobPool -UntilEmpty | Should -HaveCount 5
    }

    It 'ends after -RunFor' {
            1..2 | New-ScheduledJob Quick | Out-Null
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            Start-JobPool -RunFor 0.5 -Workers 1 | Should -HaveCount 2
            $watch.Elapsed.TotalSeconds | Should -BeGreaterThan 0.4
        }

        It 'ends when the pipeline wants no more' {
            1..5 | New-ScheduledJob Quick | Out-Null
            Start-JobPool -Wait -Workers 1 -BatchSize 0 | Select-Object -First 1 | Should -HaveCount 1
            Get-JobPool | Should -BeNullOrEmpty
        }

        It 'calls -AfterJob in the session of the caller' {
            $seen = [System.Collections.Generic.List[string]]::new()
            1..3 | New-ScheduledJob Quick | Out-Null
            $null = Start-JobPool -UntilEmpty -Workers 1 -AfterJob { param($Job) $seen.Add("$($Job.Data) $($_.Status)") }
            $seen | Should -Be '1 Finished', '2 Finished', '3 Finished'
        }

        It 'goes on when -AfterJob fails, with a warning' {
            1..2 | New-ScheduledJob Quick | Out-Null
            $output = Start-JobPool -UntilEmpty -AfterJob { throw 'oops' } 3>&1
            $output | Where-Object { $_ -is [System.Management.Automation.WarningRecord] } | Should -HaveCount 2
            Get-JobStatus -Status Finished | Should -HaveCount 2
        }

        It 'tells with -Verbose what it does' {
            $job = New-ScheduledJob Quick
            $said = Start-JobPool -UntilEmpty -Workers 1 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
            "$said" | Should -BeLike "*$($job.Id)*claimed*"
            $said | Where-Object { "$_" -like "*$($job.Id)*" } | ForEach-Object { "$_" | Should -Match "^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} $([regex]::Escape([Environment]::MachineName)): .*$($job.Id) \(Quick\)" }
        }

        It 'ends with -Wait at SIGTERM, when the running job has ended' {
            if ($IsWindows) { Set-ItResult -Skipped -Because 'there are no signals' }
            $script = 'Register-JobType Slow { Write-Progress begun; Start-Sleep -Milliseconds 1500; "done" }; (Start-JobPool -Wait -Workers 1).Status; "the end"; exit 7'
            $path = Join-Path $TestDrive 'service.ps1'
            $process = Start-TestProcess $store $path $script
            try {
                $first, $second = 1..2 | ForEach-Object { New-ScheduledJob Slow }
                Wait-Until { (Get-JobStatus $first).Progress }
                # By way of a shell: kill is an alias in PowerShell.
                & sh -c "kill -s TERM $($process.Id)"
                $process.WaitForExit(20000) | Should -BeTrue
                $process.ExitCode | Should -Be 7
                Get-Content "$path.out" | Should -Be Finished, 'the end'
                (Get-JobStatus $first).Status | Should -Be Finished
                (Get-JobStatus $second).Status | Should -Be Queued
                (Get-JobStatus $second).Attempts | Should -Be 0
                Get-JobPool | Should -BeNullOrEmpty
            }
            finally {
                if (-not $process.HasExited) { $process.Kill() }
            }
        }
    }

    Context '-IncludeRetries' {
        It 'stays until the retries of what it ran have come to an end' {
            Register-JobType Flaky -Retries 3 -RetryDelay 0.2 -Backoff Fixed { if ($JobContext.Attempt -lt 3) { throw 'not yet' }; "attempt $($JobContext.Attempt)" }
            Register-JobType Never -Retries 1 -RetryDelay 0.2 { throw 'never' }
            $flaky, $bad = @(New-ScheduledJob Flaky; New-ScheduledJob Never)
            $later = New-ScheduledJob Flaky -In 3600
            $ended = Start-JobPool -UntilEmpty -IncludeRetries -Workers 2
            $ended | Should -HaveCount 2
            ($ended | Where-Object Id -EQ $flaky.Id).Status | Should -Be Finished
            ($ended | Where-Object Id -EQ $bad.Id).Status | Should -Be Failed
            $flaky | Receive-ScheduledJob | Should -Be 'attempt 3'
            (Get-JobStatus $later.Id).Status | Should -Be Scheduled
        }

        It 'emits what another pool brought to its end, and does not wait for what was held or removed' {
            Register-JobType Flaky -Retries 1 -RetryDelay 60 { if ($JobContext.Attempt -eq 1) { throw 'not yet' } }
            $finished, $held, $removed = 1..3 | New-ScheduledJob Flaky
            # What somebody does while the pool waits.
            $ended = Start-JobPool -UntilEmpty -IncludeRetries -Workers 1 -PollInterval 0.05 -AfterJob { } -Verbose 4>&1 | ForEach-Object {
                if ($_ -is [System.Management.Automation.VerboseRecord]) {
                    if ("$_" -like "*$($removed.Id)*again*" -or "$_" -like "*$($removed.Id)*retr*") {
                        $held | Suspend-ScheduledJob
                        $removed | Remove-ScheduledJob
                        $finished | Stop-ScheduledJob
                    }
                }
                else { $_ }
            }
            $ended | Should -HaveCount 1
            $ended.Id | Should -Be $finished.Id
            $ended.Status | Should -Be Cancelled
        }

        It 'goes with -UntilEmpty only' {
            Register-JobType Any { }
            { Start-JobPool -IncludeRetries } | Should -Throw -ErrorId 'InvalidSchedule,*'
        }
    }
}
