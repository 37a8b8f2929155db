Describe 'Export-JobSchedule' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
        $rich = [ordered]@{ When = [timespan] '01:00:00'; Names = @("O'Brien", "a`nb"); One = , 'x'; Nested = , @(1, 2); None = $null; Point = 1.0; Yes = $true; Big = 12345678901; Empty = @{ } }
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Report { }
        $null = New-ScheduledJob Report -UniqueKey nightly -Cron '0 3 * * MON-FRI' -TimeZone Europe/Berlin -Data $rich
        $null = New-ScheduledJob Report -UniqueKey "it's often" -Every 15m -In 60 -Retries 3 -Timeout 90 -Queue slow -Missed RunOnce -Backoff Fixed -RetryDelay 5
        $null = New-ScheduledJob Report -UniqueKey held -Every 1d -Hold
    }
    AfterAll { Remove-TestStore $store }

    It 'writes what can be imported into this store without a change: as <Extension>' -ForEach @(@{ Extension = 'psd1' }, @{ Extension = 'json' }) {
        $file = Join-Path $TestDrive "schedules.$Extension"
        Export-JobSchedule $file
        (Import-JobSchedule $file -Prune *).Action | Should -Be Keep, Keep, Keep
    }

    It 'writes what makes the same schedules in another store: as <Extension>' -ForEach @(@{ Extension = 'psd1' }, @{ Extension = 'json' }) {
        $file = Join-Path $TestDrive "moved.$Extension"
        Export-JobSchedule $file
        $before = Get-JobSchedule -Next 2 | Sort-Object UniqueKey
        Reset-TestStore $store
        (Import-JobSchedule $file).Action | Should -Be Add, Add, Add
        $after = Get-JobSchedule -Next 2 | Sort-Object UniqueKey
        $after.Rhythm | Should -Be $before.Rhythm
        $after[0].Status | Should -Be Saved
        # The same moments, but for what is cut below a millisecond.
        foreach ($i in 1, 2) { [math]::Abs(($after[$i].Times[1] - $before[$i].Times[1]).TotalMilliseconds) | Should -BeLessThan 1 }
        $data = (Get-JobSchedule nightly | Get-JobStatus).Data
        $data.When | Should -Be ([timespan] '01:00:00')
        $data.Names | Should -Be "O'Brien", "a`nb"
        $data.One.GetType().IsArray | Should -BeTrue
        $data.Nested[0] | Should -Be 1, 2
        $data.Point | Should -BeOfType [double]
        $data.Big | Should -Be 12345678901
        $often = Get-JobSchedule "it's often" | Get-JobStatus
        $often.RetriesLeft | Should -Be 3
        $often.Timeout.TotalSeconds | Should -Be 90
        $often.Queue | Should -Be slow
    }

    It 'writes a data file that PowerShell reads' {
        $file = Join-Path $TestDrive read.psd1
        Export-JobSchedule $file
        $read = Import-PowerShellDataFile $file
        $read.Keys | Sort-Object | Should -Be held, "it's often", nightly
        $read.nightly.Cron | Should -Be '0 3 * * MON-FRI'
        $read.nightly.Data.Names[1] | Should -Be "a`nb"
        $read["it's often"].Timeout | Should -Be '00:01:30'
        $read.held.Hold | Should -BeTrue
        $read.nightly.ContainsKey('Retries') | Should -BeFalse
    }

    It 'writes the same file as long as the schedules are the same' {
        $null = New-ScheduledJob Report -UniqueKey now -Every 15m
        $first, $second = (Join-Path $TestDrive first.psd1), (Join-Path $TestDrive second.psd1)
        Export-JobSchedule $first
        Invoke-DueJob | Out-Null
        Export-JobSchedule $second
        Get-Content $second -Raw | Should -Be (Get-Content $first -Raw)
    }

    It 'chooses by key and by type' {
        Register-JobType Other { }
        $null = New-ScheduledJob Other -UniqueKey other -Every 1h -In 60
        $file = Join-Path $TestDrive chosen.psd1
        Export-JobSchedule $file n*
        (Import-PowerShellDataFile $file).Keys | Should -Be nightly
        Export-JobSchedule $file -Type oth*
        (Import-PowerShellDataFile $file).Keys | Should -Be other
    }

    It 'warns of recurring jobs without a key' {
        $null = New-ScheduledJob Report -Every 1h -In 60
        Export-JobSchedule (Join-Path $TestDrive warned.psd1) -WarningVariable warnings 3> $null
        "$warnings" | Should -BeLike '1 recurring job has no unique key*'
    }

    It 'writes nothing with -WhatIf, and refuses other kinds of files' {
        $file = Join-Path $TestDrive none.psd1
        Export-JobSchedule $file -WhatIf
        Test-Path $file | Should -BeFalse
        { Export-JobSchedule (Join-Path $TestDrive none.xml) } | Should -Throw -ErrorId 'InvalidScheduleFile,*'
        { Export-JobSchedule (Join-Path $TestDrive missing none.json) } | Should -Throw -ErrorId 'ScheduleFileNotWritable,*'
    }
}
