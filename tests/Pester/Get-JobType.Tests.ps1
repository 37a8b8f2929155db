Describe 'Get-JobType' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Mail.Send { }
        Register-JobType Mail.Sort { }
        Register-JobType Report { param($Fail) if ($Fail) { throw 'no' } }
    }
    AfterAll { Remove-TestStore $store }

    It 'lists all types in the order of their names' {
        (Get-JobType).Name | Should -Be 'Mail.Send', 'Mail.Sort', 'Report'
    }

    It 'takes wildcards, several names and names from the pipeline' {
        (Get-JobType Mail.*).Name | Should -Be 'Mail.Send', 'Mail.Sort'
        (Get-JobType Report, Mail.Send).Name | Should -Be 'Report', 'Mail.Send'
        ('Report' | Get-JobType).Name | Should -Be 'Report'
    }

    It 'emits nothing when no name matches a wildcard' {
        Get-JobType Nothing* | Should -BeNullOrEmpty
    }

    It 'counts the jobs of the store' {
        New-ScheduledJob Report $false | Out-Null
        New-ScheduledJob Report $true | Out-Null
        Invoke-DueJob | Out-Null
        New-ScheduledJob Report | Out-Null
        New-ScheduledJob Report -In 3600 | Out-Null
        New-ScheduledJob Report -Hold | Out-Null
        $type = Get-JobType Report
        $type.TotalFinished | Should -Be 1
        $type.TotalFailed | Should -Be 1
        # Finding_48: jobs are counted as by Get-JobStatus -Summary.
        $summary = Get-JobStatus -Summary | Where-Object Type -EQ Report
        $type.Finished, $type.Failed | Should -Be $summary.Finished, $summary.Failed
        $type.Queued | Should -Be 1
        $type.Scheduled | Should -Be 1
        $type.Saved | Should -Be 1
        $type.Executing | Should -Be 0
        $type.IsRegistered | Should -BeTrue
        $type.IsPaused | Should -BeFalse
    }

    It 'shows types that only other sessions run' {
        New-ScheduledJob Elsewhere | Out-Null
        $type = Get-JobType Elsewhere
        $type.IsRegistered | Should -BeFalse
        $type.Queued | Should -Be 1
    }

    It 'prints a table' {
        Get-JobType | Out-String -Width 120 | Should -Match '(?m)^Name +Here +State'
    }
}
