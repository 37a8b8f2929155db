Describe 'Remove-ScheduledJob' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Long { Start-Sleep -Seconds 60 }
    }
    AfterAll { Remove-TestStore $store }

    It 'leaves no trace' {
        $job = New-ScheduledJob Long
        $job | Remove-ScheduledJob | Should -BeNullOrEmpty
        Get-JobStatus | Should -BeNullOrEmpty
        (Get-JobStatus -Summary)[0].Total | Should -Be 0
        { Get-JobStatus $job -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotFound*'
    }

    It 'may be repeated' {
        $job = New-ScheduledJob Long
        Remove-ScheduledJob $job
        { Remove-ScheduledJob $job -ErrorAction Stop } | Should -Not -Throw
    }

    It 'removes an executing job only with -Force' {
        $pool = Start-JobPool -Workers 1
        $job = New-ScheduledJob Long
        Wait-Until { (Get-JobStatus $job).Status -eq 'Executing' }
        { Remove-ScheduledJob $job -ErrorAction Stop } | Should -Throw -ErrorId 'JobExecuting*'
        Remove-ScheduledJob $job -Force
        Wait-Until { $pool.Busy -eq 0 }
        Get-JobStatus | Should -BeNullOrEmpty
    }

    It 'removes nothing with -WhatIf' {
        $job = New-ScheduledJob Long
        Remove-ScheduledJob $job -WhatIf
        (Get-JobStatus).Id | Should -Be $job.Id
    }
}
