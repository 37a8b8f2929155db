Describe 'Import-JobSchedule' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore

        # Writes a file of schedules and emits its path.
        function New-File([string] $Text, [string] $Extension = 'psd1') {
            $path = Join-Path $TestDrive "$([guid]::NewGuid()).$Extension"
            Set-Content $path $Text
            $path
        }
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Report { param($What) "$What" }
        $two = New-File @'
@{
    # What the night is for.
    nightly = @{ Type = 'Report'; Cron = '0 3 * * MON-FRI'; TimeZone = 'Europe/Berlin'; Retries = 3 }
    'every hour' = @{ Type = 'Report'; Every = '1h'; Parameters = @{ What = 'disks' }; Queue = 'slow' }
}
'@
    }
    AfterAll { Remove-TestStore $store }

    It 'adds what is not there, and does nothing the second time' {
        $first = Import-JobSchedule $two
        $first.Action | Should -Be Add, Add
        $first.UniqueKey | Should -Be nightly, 'every hour'
        $first.IsDone | Should -Be $true, $true
        $nightly = Get-JobStatus $first[0].Id
        $nightly.UniqueKey | Should -Be nightly
        $nightly.Cron | Should -Be '0 3 * * MON-FRI'
        $nightly.TimeZone | Should -Be Europe/Berlin
        $nightly.RetriesLeft | Should -Be 3
        (Get-JobStatus $first[1].Id).Queue | Should -Be slow
        $second = Import-JobSchedule $two
        $second.Action | Should -Be Keep, Keep
        $second.Id | Should -Be $first.Id
        @(Get-JobStatus) | Should -HaveCount 2
    }

    It 'changes what differs, says what, and keeps the next time of a rhythm that stays' {
        $null = Import-JobSchedule $two
        $before = (Get-JobSchedule 'every hour').Next
        $changes = Import-JobSchedule (New-File @'
@{
    nightly = @{ Type = 'Report'; Cron = '0 4 * * *'; TimeZone = 'Europe/Berlin'; Retries = 3 }
    'every hour' = @{ Type = 'Report'; Every = 3600; Parameters = @{ What = 'mail' }; Queue = 'slow'; Timeout = '90s' }
}
'@)
        $changes.Action | Should -Be Change, Change
        $changes[0].Changes | Should -Be 'Cron 0 3 * * MON-FRI -> 0 4 * * *'
        $changes[1].Changes | Should -Be 'Parameters.What "disks" -> "mail"', 'Timeout none -> 00:01:30'
        (Get-JobSchedule nightly).Rhythm | Should -Be 'at 04:00, each day, Europe/Berlin'
        (Get-JobStatus $changes[1].Id).Data.What | Should -Be mail
        (Get-JobSchedule 'every hour').Next | Should -Be $before
    }

    It 'removes with -Prune what matches and the file has not' {
        $null = Import-JobSchedule $two
        $null = New-ScheduledJob Report -UniqueKey other -Every 1h -In 60
        $null = New-ScheduledJob Report -Every 1h -In 60
        $one = New-File "@{ nightly = @{ Type = 'Report'; Cron = '0 3 * * MON-FRI'; TimeZone = 'Europe/Berlin'; Retries = 3 } }"
        (Import-JobSchedule $one).Action | Should -Be Keep
        $removed = Import-JobSchedule $one -Prune every*
        $removed.Action | Should -Be Keep, Remove
        (Get-JobStatus $removed[1].Id).Status | Should -Be Cancelled
        (Import-JobSchedule $one -Prune *).UniqueKey | Should -Be nightly, other
        @(Get-JobSchedule) | Should -HaveCount 2
    }

    It 'plans with -WhatIf, and does nothing' {
        $null = New-ScheduledJob Report -UniqueKey other -Every 1h -In 60
        $null = New-ScheduledJob Report -UniqueKey nightly -Cron '0 3 * * *' -TimeZone Europe/Berlin -Retries 3
        $plan = Import-JobSchedule $two -Prune * -WhatIf
        $plan.Action | Should -Be Change, Add, Remove
        $plan.IsDone | Should -Be $false, $false, $false
        $plan[0].Changes | Should -Be 'Cron 0 3 * * * -> 0 3 * * MON-FRI'
        $plan[1].Rhythm | Should -Be 'every hour'
        $plan[1].Id | Should -BeNullOrEmpty
        (Get-JobSchedule).UniqueKey | Sort-Object | Should -Be nightly, other
        (Get-JobSchedule nightly).Cron | Should -Be '0 3 * * *'
        $plan | Out-String -Width 80 | Should -BeLike '*Change*nightly*Cron 0 3 * `* `* -> 0 3*'
    }

    It 'puts a new schedule on the regular times of its At' {
        $file = New-File '{ "half": { "type": "Report", "every": "01:00:00", "at": "2026-01-01T00:30:00Z" } }' json
        $null = Import-JobSchedule $file
        $next = (Get-JobSchedule half).Next
        $next | Should -BeGreaterThan (Get-Date).AddSeconds(-5)
        $next.ToUniversalTime().ToString('mm:ss') | Should -Be '30:00'
        (Import-JobSchedule $file).Action | Should -Be Keep
    }

    It 'holds and releases' {
        $held = New-File "@{ a = @{ Type = 'Report'; Every = '1h'; Hold = `$true } }"
        $free = New-File "@{ a = @{ Type = 'Report'; Every = '1h'; Hold = `$false } }"
        $silent = New-File "@{ a = @{ Type = 'Report'; Every = '1h' } }"
        $null = Import-JobSchedule $held
        (Get-JobSchedule a).Status | Should -Be Saved
        (Import-JobSchedule $silent).Action | Should -Be Keep
        (Import-JobSchedule $free).Changes | Should -Be 'Hold True -> False'
        (Get-JobSchedule a).Status | Should -Not -Be Saved
        (Import-JobSchedule $held).Action | Should -Be Change
        (Get-JobSchedule a).Status | Should -Be Saved
    }

    It 'finds everything right before it changes anything' {
        $file = New-File @'
@{
    cron = @{ Type = 'Report'; Cron = '0 4 * *' }
    name = @{ Type = 'Report'; Evry = '1h' }
    time = @{ Type = 'Report'; Every = 'soon' }
    both = @{ Type = 'Report'; Every = '1h'; Cron = '* * * * *' }
    none = @{ Type = 'Report' }
    type = @{ Every = '1h' }
    zone = @{ Type = 'Report'; Cron = '0 4 * * *'; TimeZone = 'Mars/Olympus' }
    much = @{ Type = 'Report'; Every = '1h'; Priority = 1000000 }
    part = @{ Type = 'Report'; Every = '1h'; Parameters = @{ Whom = 'Ann' } }
    good = @{ Type = 'Report'; Every = '1h' }
}
'@
        { Import-JobSchedule $file -ErrorAction SilentlyContinue -ErrorVariable script:problems } | Should -Throw -ErrorId 'InvalidScheduleFile,*'
        $wrong = $problems | Where-Object FullyQualifiedErrorId -Like 'InvalidSchedule,*'
        $wrong.TargetObject | Should -Be cron, name, time, both, none, type, zone, much, part
        "$($wrong[1])" | Should -BeLike "Schedule 'name' of '*' is wrong: 'Evry' is nothing that a schedule has*"
        Get-JobStatus | Should -BeNullOrEmpty
    }

    It 'says what is wrong with a file: <Case>' -ForEach @(
        @{ Case = 'a command'; Extension = 'psd1'; Text = "@{`n a = @{ Type = (Get-Date) } }"; Like = '*line 2*Get-Date*' }
        @{ Case = 'a variable'; Extension = 'psd1'; Text = '@{ a = $env:PATH }'; Like = '*$env:PATH*' }
        @{ Case = 'an open brace'; Extension = 'psd1'; Text = '@{ a = '; Like = '*line 1*' }
        @{ Case = 'no hashtable'; Extension = 'psd1'; Text = "'text'"; Like = '*unique keys*' }
        @{ Case = 'half of a JSON'; Extension = 'json'; Text = '{ "a": '; Like = "*can't be read*" }
        @{ Case = 'a key twice'; Extension = 'json'; Text = '{ "a": 1, "a": 2 }'; Like = "*can't be read*" }
        @{ Case = 'another kind'; Extension = 'xml'; Text = '<a/>'; Like = '*.psd1 or .json*' }
    ) {
        $file = New-File $Text $Extension
        $problem = $null
        try { Import-JobSchedule $file } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'InvalidScheduleFile,*'
        $problem.Exception.Message | Should -BeLike $Like
    }

    It 'is an error without the file' {
        { Import-JobSchedule (Join-Path $TestDrive none.psd1) } | Should -Throw -ErrorId 'ScheduleFileNotFound,*'
    }

    It 'makes the same of a repeated import while runs come and go' {
        $null = Import-JobSchedule $two
        Invoke-DueJob | Out-Null
        (Import-JobSchedule $two).Action | Should -Be Keep, Keep
    }
}
