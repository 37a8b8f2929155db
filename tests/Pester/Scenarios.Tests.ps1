Describe 'Scenarios' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
        $examples = Join-Path $PSScriptRoot '../../examples'
    }
    BeforeEach { Reset-TestStore $store }
    AfterAll { Remove-TestStore $store }

    It 'sends a welcome e-mail: examples/welcome-email.ps1' {
        $output = & (Join-Path $examples 'welcome-email.ps1') -Store $store
        $output[0].Type | Should -Be welcomeEmail
        $output[0].Status | Should -Be Finished
        $output[0].Priority | Should -Be 100
        $output[0].RetriesLeft | Should -Be 3
        $output[1] | Should -Be 'To foo@example.com: Hello, Foo! Thanks for signing up for foo.com.'
        Get-JobPool | Should -BeNullOrEmpty
    }

    It 'runs the demo to its end, and leaves nothing behind' {
        $before = @(Get-ChildItem ([System.IO.Path]::GetTempPath()) -Filter 'jobs-demo-*').Count
        $output = & ([Environment]::ProcessPath) -NoProfile -File (Join-Path $examples 'demo.ps1')
        $LASTEXITCODE | Should -Be 0
        # Without colours, which a console writes also where nobody sees them.
        $text = $output -join "`n" -replace '\e\[[\d;]*m'
        $text | Should -Match '(?m)^\w{26} ResizeImage +Executing'
        $text | Should -Match '(?m)^\w{26} SendMail +Failed .* 3 '
        $text | Should -Match '(?m)^Message +: .*nowhere'
        $text | Should -Match '(?m)^Sent to anna@example\.org\.$'
        $text | Should -Match '(?m)^Done in \d+ s\.$'
        @(Get-ChildItem ([System.IO.Path]::GetTempPath()) -Filter 'jobs-demo-*').Count | Should -Be $before
    }

    It 'retries a flaky job until it works' {
        Register-JobType Flaky -Retries 3 -RetryDelay 0.05 -Backoff Fixed {
            if ($JobContext.Attempt -lt 3) { throw "attempt $($JobContext.Attempt)" }
            "attempt $($JobContext.Attempt)"
        }
        $null = Start-JobPool -Workers 1
        $job = New-ScheduledJob Flaky | Wait-ScheduledJob -Timeout 30
        $job.Status | Should -Be Finished
        $job.Attempts | Should -Be 3
        $job.RetriesLeft | Should -Be 1
        $job | Receive-ScheduledJob | Should -Be 'attempt 3'
    }

    It 'keeps the error of a job that fails for good' {
        Register-JobType Broken -Retries 1 -RetryDelay 0 { Get-Item (Join-Path $PSHOME 'nowhere') }
        $job = New-ScheduledJob Broken
        $null = Start-JobPool -Workers 1
        $job = $job | Wait-ScheduledJob -Timeout 30
        $job.Attempts | Should -Be 2
        $job.RetriesLeft | Should -Be 0
        $job.Error.Category | Should -Be ObjectNotFound
        $job.Error.ErrorId | Should -BeLike 'PathNotFound,*'
        $job.Error | Format-List | Out-String | Should -Match 'Position +: At .*Scenarios\.Tests\.ps1:\d+'
    }

    It 'runs a job once, however many pools there are' {
        # A file a run: what two processes append to one can get lost.
        $folder = (New-Item -ItemType Directory -Path (Join-Path $TestDrive 'runs')).FullName
        $script = "Register-JobType Count { param(`$Number) Set-Content `"$folder/`$Number-`$([guid]::NewGuid())`" '' }; Start-JobPool -Wait -Workers 2"
        $processes = 1..2 | ForEach-Object { Start-TestProcess $store (Join-Path $TestDrive "pool$_.ps1") $script }
        try {
            Wait-Until { @(Get-JobPool).Count -eq 2 }
            $jobs = 1..200 | New-ScheduledJob Count
            ($jobs | Wait-ScheduledJob -Timeout 30 | Where-Object Status -NE Finished) | Should -BeNullOrEmpty
            Get-ChildItem $folder | ForEach-Object { [int] ($_.Name -split '-')[0] } | Sort-Object | Should -Be (1..200)
            Stop-JobPool -All
        }
        finally {
            $processes | Where-Object { -not $_.WaitForExit(10000) } | ForEach-Object { $_.Kill() }
        }
    }

    It 'brings back a job whose process was killed' {
        $marker = Join-Path $TestDrive 'first'
        $handler = "Register-JobType Fragile { if (-not (Test-Path '$marker')) { Set-Content '$marker' ''; Start-Sleep -Seconds 60 }; 'survived' }"
        $process = Start-TestProcess $store (Join-Path $TestDrive 'victim.ps1') "$handler; Start-JobPool -Wait -Workers 1 -StaleTimeout 2"
        $job = New-ScheduledJob Fragile
        Wait-Until { Test-Path $marker }
        $process.Kill()
        . ([scriptblock]::Create($handler))
        $null = Start-JobPool -Workers 1 -StaleTimeout 2
        $job | Receive-ScheduledJob -Wait | Should -Be survived
        (Get-JobStatus $job).Attempts | Should -Be 2
    }

    It 'shows the progress of a running job' {
        $go = Join-Path $TestDrive 'go'
        Register-JobType Copy { param($Go) Write-Progress -Activity Copying -Status 'file 3' -PercentComplete 42; while (-not (Test-Path $Go)) { Start-Sleep -Milliseconds 20 } }
        $null = Start-JobPool -Workers 1
        $job = New-ScheduledJob Copy $go
        Wait-Until { (Get-JobStatus $job).Progress }
        $job.Refresh()
        $job.Progress.PercentComplete | Should -Be 42
        $job.Progress.Activity | Should -Be Copying
        $job.Progress.Status | Should -Be 'file 3'
        $job.Duration | Should -BeOfType timespan
        $job | Out-String -Width 120 | Should -Match '42 % Copying: file 3'
        Set-Content $go ''
        ($job | Wait-ScheduledJob -Timeout 30).Status | Should -Be Finished
    }

    It 'tells a handler of its job in $JobContext' {
        Register-JobType Context -Timeout 60 {
            "$($JobContext.Id) $($JobContext.Type) $($JobContext.Attempt) $($JobContext.Priority) $($JobContext.Queue) $($JobContext.PoolId)"
            $JobContext.Due
            $JobContext.Deadline
            $JobContext.CancellationToken.CanBeCanceled
        }
        $job = New-ScheduledJob Context -Priority 3 -Queue mail
        $output = Start-JobPool -UntilEmpty -Queue mail | Receive-ScheduledJob
        $output[0] | Should -Be "$($job.Id) Context 1 3 mail $((Get-JobStatus $job).PoolId)"
        $output[1] | Should -Be $job.Due
        $output[2] | Should -BeGreaterThan (Get-Date)
        $output[3] | Should -BeTrue
    }

    It 'ends an attempt at its time-out' {
        Register-JobType Slow -Timeout 0.3 { Start-Sleep -Seconds 60 }
        New-ScheduledJob Slow | Out-Null
        $job = Start-JobPool -UntilEmpty -Workers 1
        $job.Status | Should -Be Failed
        $job.Error.Message | Should -BeLike '*time-out*'
        $job.Duration.TotalSeconds | Should -BeLessThan 20
    }

    It 'limits how many jobs of a type run at once' {
        Register-JobType Limited -MaxConcurrency 1 { Start-Sleep -Milliseconds 50 }
        1..4 | New-ScheduledJob Limited | Out-Null
        $jobs = Start-JobPool -UntilEmpty -Workers 3 | Sort-Object Started
        for ($i = 1; $i -lt 4; $i++) { $jobs[$i].Started | Should -BeGreaterOrEqual $jobs[$i - 1].Finished }
    }

    It 'ends a scheduled task with the number of failures' {
        Register-JobType Check { param($Ok) if (-not $Ok) { throw 'no' } }
        $true, $false, $false | New-ScheduledJob Check | Out-Null
        $failed = @(Start-JobPool -UntilEmpty | Where-Object Status -EQ Failed)
        $failed | Should -HaveCount 2
    }

    Context 'data' {
        It 'hands <Name> to the handler as it was' -ForEach @(
            @{ Name = 'a number'; Value = 42 }
            @{ Name = 'a long number'; Value = 9007199254740993 }
            @{ Name = 'a fraction'; Value = 0.1 }
            @{ Name = 'a decimal'; Value = 1.10d }
            @{ Name = 'a truth'; Value = $true }
            @{ Name = 'a text'; Value = "Grüße, 世界 🎉`n`"quoted`"" }
            @{ Name = 'an empty text'; Value = '' }
            @{ Name = 'a local time'; Value = [datetime]::new(2026, 3, 29, 12, 30, 15, 123, [DateTimeKind]::Local) }
            @{ Name = 'a time in UTC'; Value = [datetime]::new(2026, 3, 29, 12, 30, 15, 123, [DateTimeKind]::Utc) }
            @{ Name = 'a time with an offset'; Value = [datetimeoffset] '2026-03-29T12:30:15.1234567+05:30' }
            @{ Name = 'a time span'; Value = [timespan] '1.02:03:04.5' }
            @{ Name = 'a guid'; Value = [guid] '01234567-89ab-cdef-0123-456789abcdef' }
        ) {
            Register-JobType Echo { param($Value) $Value }
            $job = New-ScheduledJob Echo $Value
            $job.Data | Should -BeOfType $Value.GetType()
            $output = Invoke-DueJob | Receive-ScheduledJob
            $output | Should -BeExactly $Value
            $output | Should -BeOfType $Value.GetType()
            if ($Value -is [datetime]) { $output.Kind | Should -Be $Value.Kind }
        }

        It 'hands over <Name>' -ForEach @(
            @{ Name = 'nothing'; Value = $null; Test = { param($Value) $null -eq $Value } }
            @{ Name = 'bytes'; Value = [byte[]] (0, 127, 255); Test = { param($Value) $Value -is [byte[]] -and "$Value" -eq '0 127 255' } }
            @{ Name = 'an array of one'; Value = @(7); Test = { param($Value) $Value -is [array] -and $Value.Count -eq 1 -and $Value[0] -eq 7 } }
            @{ Name = 'an empty array'; Value = @(); Test = { param($Value) $Value -is [array] -and $Value.Count -eq 0 } }
            @{ Name = 'a hashtable'; Value = @{ a = 1; b = @{ c = 'x' } }; Test = { param($Value) $Value -is [hashtable] -and $Value.b.c -eq 'x' } }
            @{ Name = 'an ordered hashtable'; Value = [ordered]@{ z = 1; a = 2; m = 3 }; Test = { param($Value) "$($Value.Keys)" -eq 'z a m' } }
            @{ Name = 'an object'; Value = [pscustomobject]@{ Name = 'n'; Tags = 'a', 'b' }; Test = { param($Value) $Value.Name -eq 'n' -and $Value.Tags.Count -eq 2 } }
        ) {
            Register-JobType Test $Test
            New-ScheduledJob Test -Data $Value | Out-Null
            Invoke-DueJob | Receive-ScheduledJob | Should -BeTrue
        }

        It 'is converted to what the handler declares' {
            Register-JobType Typed {
                param([datetime] $When, [version] $Version, [System.DayOfWeek] $Day, [int[]] $Numbers, [switch] $Force)
                "$($When.Year) $($Version.Major) $Day $($Numbers.Count) $Force"
            }
            New-ScheduledJob Typed -Parameters @{ When = '2026-01-02'; Version = '7.6.1'; Day = 'Friday'; Numbers = 1, 2; Force = $true } | Out-Null
            Invoke-DueJob | Receive-ScheduledJob | Should -Be '2026 7 Friday 2 True'
        }
    }
}
