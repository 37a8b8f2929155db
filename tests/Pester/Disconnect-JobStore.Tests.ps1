Describe 'Disconnect-JobStore' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach { Reset-TestStore $store }
    AfterAll { Remove-TestStore $store }

    It 'stops the pools of the session first, and lets their jobs end' {
        Register-JobType Short { Start-Sleep -Milliseconds 300; 'done' }
        $job = New-ScheduledJob Short
        $pool = Start-JobPool -Workers 1
        # Claimed is not enough: what no worker has begun goes back.
        Wait-Until { $pool.Busy }
        Disconnect-JobStore
        $pool.Status | Should -Be Stopped
        Get-JobPool -Local | Should -BeNullOrEmpty
        Connect-JobStore @store
        (Get-JobStatus $job.Id).Status | Should -Be Finished
    }

    It 'keeps registered types' {
        Register-JobType Kept { }
        Disconnect-JobStore
        Connect-JobStore @store
        (Get-JobType Kept).IsRegistered | Should -BeTrue
    }

    It 'may be repeated' {
        Disconnect-JobStore
        { Disconnect-JobStore } | Should -Not -Throw
    }

    It 'does nothing with -WhatIf' {
        Register-JobType Any { }
        $pool = Start-JobPool -Workers 1
        Disconnect-JobStore -WhatIf
        $pool.Status | Should -Be Running
        (Get-JobStore).Namespace | Should -Be $store.Namespace
    }

    It 'ends with -Shutdown the private server' {
        if (-not $store.Local) { Set-ItResult -Skipped -Because 'the store is not a private one' }
        $endpoint = (Get-JobStore).Endpoint
        Disconnect-JobStore -Shutdown
        { Connect-JobStore $endpoint } | Should -Throw -ErrorId 'StoreUnreachable*'
    }
}
