Describe 'Restart-ScheduledJob' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Flaky -Retries 1 -RetryDelay 0 { param($File) if (-not (Test-Path $File)) { throw 'not yet' }; 'there' }
    }
    AfterAll { Remove-TestStore $store }

    It 'runs failed jobs again, with all their retries' {
        $file = Join-Path $TestDrive 'ready'
        $jobs = $file, $file | New-ScheduledJob Flaky
        Invoke-DueJob | Out-Null
        ($jobs | Get-JobStatus).Status | Should -Be Failed, Failed
        Set-Content $file ''
        $again = Get-JobStatus -Status Failed -Type Flaky | Restart-ScheduledJob -PassThru
        $again.Status | Should -Be Queued, Queued
        $again.RetriesLeft | Should -Be 1, 1
        Invoke-DueJob | Receive-ScheduledJob | Should -Be there, there
    }

    It 'Finding_13_Parents: waits again for the jobs of -After' {
        $parent = New-ScheduledJob Flaky $PSHOME
        $child = New-ScheduledJob Flaky $PSHOME -After $parent
        Invoke-DueJob | Out-Null
        $again = $parent, $child | Restart-ScheduledJob -PassThru
        $again.Status | Should -Be Queued, Saved
        (Invoke-DueJob).Id | Should -Be $parent.Id, $child.Id
    }

    It 'Finding_57_Completion: offers what can be restarted, and resumed' {
        $done = New-ScheduledJob Flaky $PSHOME
        Invoke-DueJob | Out-Null
        $waiting = New-ScheduledJob Flaky $PSHOME -In 1h
        $held = New-ScheduledJob Flaky $PSHOME -Hold
        (TabExpansion2 'Restart-ScheduledJob ' 21).CompletionMatches.CompletionText | Should -Be $done.Id
        (TabExpansion2 'Resume-ScheduledJob ' 20).CompletionMatches.CompletionText | Should -Be $held.Id
        (TabExpansion2 'Stop-ScheduledJob ' 18).CompletionMatches.CompletionText | Should -Be $waiting.Id, $held.Id
    }

    It 'runs cancelled jobs again' {
        $job = New-ScheduledJob Flaky $PSHOME -In 3600
        Stop-ScheduledJob $job
        Restart-ScheduledJob $job
        (Invoke-DueJob).Status | Should -Be Finished
    }

    It 'refuses a job that has not ended' {
        $job = New-ScheduledJob Flaky $PSHOME
        { Restart-ScheduledJob $job -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotEnded*'
    }

    It 'restarts nothing with -WhatIf' {
        $job = New-ScheduledJob Flaky $PSHOME
        Invoke-DueJob | Out-Null
        Restart-ScheduledJob $job -WhatIf
        (Get-JobStatus $job).Status | Should -Be Finished
    }
}
