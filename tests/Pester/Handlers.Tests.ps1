Describe 'Handlers' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore

        # Registers a handler, runs one job of it, and emits the job.
        function Invoke-Handler([scriptblock] $Handler, [hashtable] $Type = @{}, [hashtable] $Job = @{}) {
            Register-JobType Test $Handler -Force @Type
            $null = New-ScheduledJob Test @Job
            Invoke-DueJob
        }
    }
    BeforeEach { Reset-TestStore $store }
    AfterAll { Remove-TestStore $store }

    Context 'stores' {
        BeforeEach {
            $first = $store.Namespace
            $other = @{ } + $store
            $other.Namespace = "$first-other"
        }

        It 'Finding_5_Pools_own_store: handlers use the store of their pool, whatever the session turns to' {
            Register-JobType Child { }
            Register-JobType Where { (Get-JobStore).Namespace; (New-ScheduledJob Child -Queue nowhere).Id }
            $null = Start-JobPool -Workers 1
            $job = New-ScheduledJob Where -Hold
            Connect-JobStore @other
            Connect-JobStore @store
            $null = $job | Resume-ScheduledJob
            Connect-JobStore @other
            # The job knows its store.
            Wait-Until { $job.Refresh(); $job.Status -eq 'Finished' }
            Get-JobStatus | Should -BeNullOrEmpty
            (Get-JobStore).Namespace | Should -Be $other.Namespace
            Get-JobPool | Should -BeNullOrEmpty
            Connect-JobStore @store
            $found = $job | Receive-ScheduledJob
            $found[0] | Should -Be $first
            (Get-JobStatus $found[1]).Type | Should -Be Child
        }

        It 'Finding_5_Own_connection: what a handler connects to is its own, for its run, with -Isolation <Isolation>' -ForEach @(
            @{ Isolation = 'Scope' }
            @{ Isolation = 'Runspace' }
        ) {
            $connect = [scriptblock]::Create("`$store = `$using:other; Connect-JobStore @store; (Get-JobStore).Namespace; if (`$JobContext.Attempt) { 'ran' }")
            $back = [scriptblock]::Create("`$store = `$using:other; Connect-JobStore @store; Disconnect-JobStore; (Get-JobStore).Namespace")
            Register-JobType Turns $connect -Isolation $Isolation
            Register-JobType Back $back -Isolation $Isolation
            Register-JobType Look { (Get-JobStore).Namespace } -Isolation $Isolation
            $pool = Start-JobPool -Workers 1
            $jobs = 'Turns', 'Look', 'Back', 'Look' | ForEach-Object { New-ScheduledJob $_ }
            $found = $jobs | Receive-ScheduledJob -Wait
            $found | Should -Be $other.Namespace, 'ran', $first, $first, $first
            (Get-JobStore).Namespace | Should -Be $first
            $pool.Status | Should -Be Running
        }

        It 'Finding_5_Not_in_a_handler: refuses <What>' -ForEach @(
            @{ What = 'Start-JobPool' }
            @{ What = 'Disconnect-JobStore -Shutdown' }
            @{ What = 'Wait-JobPool -Id $JobContext.PoolId' }
        ) {
            $job = Invoke-Handler ([scriptblock]::Create($What))
            $job.Error.ErrorId | Should -BeLike 'NotInHandler,*'
        }

        It 'Finding_5_Stops_its_own_pool: and ends, before the pool does' {
            Register-JobType Last { Stop-JobPool -Id $JobContext.PoolId; 'ended' }
            $pool = Start-JobPool -Workers 1
            $job = New-ScheduledJob Last
            $pool | Wait-JobPool -Timeout 30
            $job | Receive-ScheduledJob | Should -Be ended
        }
    }

    Context 'what stays behind' {
        It 'Finding_25_Thread_jobs: stops those that a handler leaves running' -Skip:(-not (Get-Module -ListAvailable Microsoft.PowerShell.ThreadJob)) {
            Register-JobType Leave { $null = 1..10 | ForEach-Object { Start-ThreadJob { Start-Sleep 600 } } }
            $null = New-ScheduledJob Leave
            (Invoke-DueJob).Status | Should -Be Finished
            $job = Start-ThreadJob { 'free' }
            $job | Receive-Job -Wait -AutoRemoveJob | Should -Be free
        }
    }

    Context 'errors' {
        It 'keeps the place of a script block that stands in a file' {
            $job = Invoke-Handler {
                Get-Item /no/such/item
            }
            $job.Status | Should -Be Failed
            $job.Error.ErrorId | Should -BeLike 'PathNotFound*'
            $job.Error.Position | Should -BeLike '*Handlers.Tests.ps1:* char:*'
            $job.Error.Position | Should -Match '(?m)^\+ Get-Item /no/such/item'
            $job.Error.StackTrace | Should -BeLike '*Handlers.Tests.ps1: line *'
        }

        It 'keeps the place of a file' {
            $file = Join-Path $TestDrive 'bad.ps1'
            Set-Content $file "'first'`n`n    throw 'boom'"
            Register-JobType File -FilePath $file
            $null = New-ScheduledJob File
            $job = Invoke-DueJob
            $job.Error.Message | Should -Be boom
            $job.Error.Position | Should -BeLike "At ${file}:3 char:5*"
        }

        It 'shows an error with Format-List as PowerShell shows its own' {
            $text = (Invoke-Handler { [int]::Parse('x') }).Error | Format-List | Out-String
            $text | Should -Match '(?m)^Message +: '
            $text | Should -Match '(?m)^Type +: System.FormatException'
            $text | Should -Match '(?m)^Position +: At .*Handlers.Tests.ps1'
        }

        It 'ends a handler at <Statement>' -ForEach @(
            @{ Statement = 'exit 0'; Status = 'Finished'; Message = '' }
            @{ Statement = 'exit 4'; Status = 'Failed'; Message = 'The handler ended with exit code 4.' }
            @{ Statement = 'return'; Status = 'Finished'; Message = '' }
            @{ Statement = 'break'; Status = 'Finished'; Message = '' }
            @{ Statement = 'continue'; Status = 'Finished'; Message = '' }
            @{ Statement = 'throw "no"'; Status = 'Failed'; Message = 'no' }
        ) {
            $job = Invoke-Handler ([scriptblock]::Create("'before'; $Statement; 'after'"))
            $job.Status | Should -Be $Status
            "$($job.Error.Message)" | Should -Be $Message
            if ($Status -eq 'Finished') { $job | Receive-ScheduledJob | Should -Be before }
        }

        It 'Finding_53_Error_id: is no second message' {
            (Invoke-Handler { throw 'boom' }).Error.ErrorId | Should -Be RuntimeException
            (Invoke-Handler { throw [InvalidOperationException]::new('boom') }).Error.ErrorId | Should -Be InvalidOperationException
        }

        It 'Finding_54_Program_lines: has the last lines of a failed program, and of that one only' -Skip:$IsWindows {
            $job = Invoke-Handler {
                /bin/sh -c 'echo other >&2'
                /bin/sh -c 'for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; exit 3'
            }
            $lines = $job.Error.Message -split '\r?\n'
            $lines[0] | Should -BeLike 'Program "sh" ended with non-zero exit code: 3*'
            $lines[1..9] | Should -Be (3..7 | ForEach-Object { "line $_" })
            $job = Invoke-Handler {
                /bin/sh -c 'echo other >&2'
                /bin/sh -c 'exit 3'
            }
            $job.Error.Message | Should -Not -BeLike '*other*'
        }

        It 'Finding_44_Formatted_output: is kept as the text that a console would show' {
            $job = Invoke-Handler { 1; [pscustomobject]@{ Name = 'a'; Size = 5 } | Format-Table; 'end' }
            $output = $job | Receive-ScheduledJob
            $output[0] | Should -Be 1
            $output[-1] | Should -Be end
            $output | Select-Object -Skip 1 | ForEach-Object { $_ | Should -BeOfType string }
            $output -join '|' | Should -Match 'Name +Size\|-+ +-+\|a +5'
        }

        It 'fails at the exit code of a program' -Skip:$IsWindows {
            $job = Invoke-Handler { /bin/sh -c 'exit 3' }
            $job.Status | Should -Be Failed
            $job.Error.Message | Should -BeLike '*non-zero exit code: 3*'
        }

        It 'refuses a text that can not be parsed' {
            $file = Join-Path $TestDrive 'broken.ps1'
            Set-Content $file "1`nif ("
            { Register-JobType Broken -FilePath $file } | Should -Throw -ErrorId 'HandlerParseError,*'
        }
    }

    Context 'the worker' {
        It 'knows the module''s own commands and its store' {
            Register-JobType Other { 'from another' }
            $job = Invoke-Handler { (New-ScheduledJob Other).Id; (Get-JobStore).Namespace } | Where-Object Type -EQ Test
            $id, $namespace = $job | Receive-ScheduledJob
            $namespace | Should -Be $store.Namespace
            Get-JobStatus $id | Wait-ScheduledJob -Timeout 30 | Receive-ScheduledJob | Should -Be 'from another'
        }

        It 'does not outlive Remove-Module by having used the module' {
            Register-JobType Use { (Get-JobStore).Namespace }
            $job = New-ScheduledJob Use
            $null = Start-JobPool -Workers 1
            $job | Receive-ScheduledJob -Wait | Should -Be $store.Namespace
            try {
                Remove-Module Jobs
            }
            finally {
                Import-Module (Join-Path $PSScriptRoot '../../Jobs.psd1') -Global
            }
            Connect-JobStore @store
            Get-JobPool | Should -BeNullOrEmpty
        }

        It 'defines classes' {
            Invoke-Handler { class Point { [int] $X = 5 }; [Point]::new().X } | Receive-ScheduledJob | Should -Be 5
        }

        It 'reports a missing module when the pool starts' {
            Register-JobType Any { }
            { Start-JobPool -UntilEmpty -ImportModule NoSuchModuleAnywhere } | Should -Throw -ErrorId 'ModuleNotFound,*'
        }

        It 'reports a failing initialization when the pool starts' {
            Register-JobType Any { }
            { Start-JobPool -UntilEmpty -InitializationScript { throw 'not today' } } | Should -Throw '*not today*'
        }

        It 'leaves nothing of a job to the next' {
            $null = Invoke-Handler { $global:left = 1; function global:Get-Left { }; Set-Location /; Set-StrictMode -Version 3 }
            $null = New-ScheduledJob Test
            Register-JobType Look { "$left|$(Get-Command Get-Left -ErrorAction Ignore)|$($PWD.Path)|$nothing" }
            $null = New-ScheduledJob Look
            $look = Start-JobPool -UntilEmpty -Workers 1 | Where-Object Type -EQ Look
            $look | Receive-ScheduledJob | Should -Be "||$([Environment]::CurrentDirectory)|"
        }

        It 'Finding_35: a time-out and a cancel end what the programs of a handler have started, at once, and no program of another job' -Skip:(-not $IsLinux) {
            $marks = 'TimedOut', 'Cancelled', 'Other' | ForEach-Object { Join-Path $TestDrive $_ }
            Register-JobType TimedOut -Timeout 1 { param($Mark) sh -c 'sleep 600 & echo $! > $0; wait' $Mark }
            Register-JobType Cancelled { param($Mark) sh -c 'sleep 600 & echo $! > $0; wait' $Mark }
            Register-JobType Other { param($Mark) sh -c 'sleep 3 & echo $! > $0; wait' $Mark; 'whole' }
            $pool = Start-JobPool -Workers 3
            $jobs = $marks | ForEach-Object { New-ScheduledJob (Split-Path $_ -Leaf) -Data $_ }
            Wait-Until { @($marks | Where-Object { (Test-Path $_) -and (Get-Content $_) }).Count -eq 3 }
            $jobs[1] | Stop-ScheduledJob
            $ended = $jobs | Wait-ScheduledJob -Timeout 30
            Stop-JobPool $pool
            $ended.Status | Should -Be Failed, Cancelled, Finished
            # What does not end within 5 s is abandoned.
            $ended[0].Error.Message | Should -BeLike '*was stopped*'
            $ended[0..1] | ForEach-Object { $_.Duration.TotalSeconds | Should -BeLessThan 5 }
            $marks[0..1] | ForEach-Object { Get-Process -Id (Get-Content $_) -ErrorAction Ignore | Should -BeNullOrEmpty }
            $ended[2] | Receive-ScheduledJob | Should -Be whole
        }
    }

    Context 'progress and streams' {
        It 'shows the progress of a running job, of nested activities too' {
            Register-JobType Show {
                Write-Progress 'Outer' -Status 'half' -PercentComplete 50
                Write-Progress 'Inner' -Status 'first' -Id 1 -ParentId 0
                while ($true) { Start-Sleep -Milliseconds 20 }
            }
            $job = New-ScheduledJob Show
            $null = Start-JobPool -Workers 1
            Wait-Until { (Get-JobStatus $job.Id).Progress }
            $progress = (Get-JobStatus $job.Id).Progress
            $progress.Activity | Should -Be Outer
            $progress.PercentComplete | Should -Be 50
            Wait-Until { (Get-JobStatus $job.Id).Progress.CurrentOperation -eq 'Inner: first' }
        }

        It 'marks where the log of a flood ends' {
            $job = Invoke-Handler { foreach ($i in 1..30000) { $Host.UI.WriteLine("line $i") }; 'end' }
            $log = @(Receive-ScheduledJob $job.Id -Log -InformationAction Continue 3>&1 6>&1)
            $log[-1] | Should -Be end
            "$($log[-2])" | Should -BeLike '*log of this attempt is full*'
            $log.Count | Should -BeLessThan 10010
        }

        It 'tells claim, start, failure, retry and end with -Verbose' {
            Register-JobType Shaky { if ($JobContext.Attempt -eq 1) { throw 'not yet' } } -Retries 1 -RetryDelay 00:00:00.001 -Backoff Fixed
            $id = (New-ScheduledJob Shaky).Id
            $said = Start-JobPool -Workers 1 -RunFor 30 -MaxJobs 2 -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object Message
            $said = @($said -like "*$id*")
            $said[0] | Should -BeLike '*(Shaky) claimed, attempt 1.'
            $said[1] | Should -BeLike '*(Shaky) starts.'
            $said[2] | Should -BeLike '*(Shaky) failed after * ms, attempt 1, retries left: 1: not yet'
            $said[3] | Should -BeLike '*claimed, attempt 2.'
            $said[4] | Should -BeLike '*starts.'
            $said[5] | Should -BeLike '*(Shaky) finished after * ms, attempt 2.'
        }
    }

    Context 'a process of its own' {
        BeforeAll { $alone = @{ Isolation = 'Process' } }

        It 'has its own id and gets all that others get' {
            $captured = @{ Name = 'Ann'; Since = [datetime] '2020-01-02' }
            $job = Invoke-Handler {
                param([int] $Number)
                $PID
                $Number + 1
                $using:captured.Name
                $using:captured.Since.Year
                $JobContext.Id
                Write-Warning careful
                [Console]::Out.WriteLine('printed')
            } -Type $alone -Job @{ Parameters = @{ Number = 41 } }
            $output = $job | Receive-ScheduledJob
            $output[0] | Should -Not -Be $PID
            $output[1..4] | Should -Be 42, 'Ann', 2020, $job.Id
            $log = $job | Receive-ScheduledJob -Log -InformationAction Continue 3>&1 6>&1
            "$log" | Should -BeLike '*careful*'
            "$log" | Should -BeLike '*printed*'
        }

        It 'can end its process, or crash it, without harm to the pool' {
            Register-JobType Exit { [Environment]::Exit(7) } -Isolation Process
            Register-JobType Crash { [Environment]::FailFast('dead') } -Isolation Process
            Register-JobType Go { 'goes on' }
            'Exit', 'Crash', 'Go' | ForEach-Object { $null = New-ScheduledJob $_ }
            $jobs = Invoke-DueJob
            ($jobs | Where-Object Type -EQ Exit).Error.ErrorId | Should -Be ExitCode7
            ($jobs | Where-Object Type -EQ Crash).Error.Type | Should -Be Jobs.ProcessEnded
            ($jobs | Where-Object Type -EQ Go) | Receive-ScheduledJob | Should -Be 'goes on'
        }

        It 'keeps errors with their place' {
            $job = Invoke-Handler { throw 'boom' } -Type $alone
            $job.Error.Message | Should -Be boom
            $job.Error.Position | Should -BeLike '*Handlers.Tests.ps1:*'
        }

        It 'runs finally blocks when it is stopped' {
            Register-JobType Endless { try { Write-Host begun; while ($true) { Start-Sleep -Milliseconds 10 } } finally { Write-Warning 'cleaned up' } } -Isolation Process
            $job = New-ScheduledJob Endless
            $null = Start-JobPool -Workers 1
            Wait-Until { $job | Receive-ScheduledJob -Log 6>&1 }
            $job | Stop-ScheduledJob
            ($job | Wait-ScheduledJob -Timeout 30).Status | Should -Be Cancelled
            "$($job | Receive-ScheduledJob -Log -ErrorAction Ignore 3>&1 6>&1)" | Should -BeLike '*cleaned up*'
        }

        It 'is killed when it does not end' {
            $file = Join-Path $TestDrive 'pid'
            Register-JobType Stuck { param($File) [System.IO.File]::WriteAllText($File, $PID); [System.Threading.Thread]::Sleep(600000) } -Isolation Process
            $job = New-ScheduledJob Stuck $file
            $null = Start-JobPool -Workers 1
            Wait-Until { (Test-Path $file) -and (Get-Content $file -Raw) }
            $job | Stop-ScheduledJob
            ($job | Wait-ScheduledJob -Timeout 30).Status | Should -Be Cancelled
            $id = [int] (Get-Content $file -Raw)
            Wait-Until { -not (Get-Process -Id $id -ErrorAction Ignore) }
        }

        It 'ends with its pool' {
            $file = Join-Path $TestDrive 'orphan'
            $pool = Start-TestProcess $store (Join-Path $TestDrive 'pool.ps1') @"
Register-JobType Stuck { [System.IO.File]::WriteAllText('$file', `$PID); [System.Threading.Thread]::Sleep(600000) } -Isolation Process
Start-JobPool -Wait
"@
            $null = New-ScheduledJob Stuck
            Wait-Until { (Test-Path $file) -and (Get-Content $file -Raw) }
            $pool.Kill()
            $id = [int] (Get-Content $file -Raw)
            Wait-Until { -not (Get-Process -Id $id -ErrorAction Ignore) }
        }

        It 'schedules jobs in the pool''s store' {
            Register-JobType Other { 'from another' }
            $job = Invoke-Handler { (New-ScheduledJob Other).Id } -Type $alone | Where-Object Type -EQ Test
            $job | Receive-ScheduledJob | Wait-ScheduledJob -Timeout 30 | Receive-ScheduledJob | Should -Be 'from another'
        }
    }
}
