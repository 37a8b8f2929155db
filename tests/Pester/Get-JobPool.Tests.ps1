Describe 'Get-JobPool' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
        Reset-TestStore $store
        Register-JobType Any { }
        $first = Start-JobPool -Workers 1 -Name First
        $second = Start-JobPool -Workers 2 -Name Second
        $process = Start-TestProcess $store (Join-Path $TestDrive 'pool.ps1') 'Register-JobType Far { }; Start-JobPool -Wait -Workers 3 -Name Third -Queue far'
        Wait-Until { Get-JobPool | Where-Object Name -EQ Third }
    }
    AfterAll {
        Stop-JobPool -All -Force
        $process.WaitForExit(10000) | Out-Null
        Remove-TestStore $store
    }

    It 'emits all live pools of the store' {
        (Get-JobPool).Name | Should -Be First, Second, Third
    }

    It 'emits with -Local those of this session' {
        (Get-JobPool -Local).Id | Should -Be $first.Id, $second.Id
    }

    It 'describes a pool of another process' {
        $third = Get-JobPool | Where-Object Name -EQ Third
        $third.ProcessId | Should -Be $process.Id
        $third.HostName | Should -Be ([Environment]::MachineName)
        $third.Workers | Should -Be 3
        $third.Queues | Should -Be far
        $third.Types | Should -Be Far
        $third.Status | Should -Be Running
    }

    It 'takes ids and pools' {
        (Get-JobPool $second.Id).Name | Should -Be Second
        ($first, $second | Get-JobPool).Name | Should -Be First, Second
    }

    It 'goes on after an id it does not know' {
        $found = Get-JobPool nowhere, $first.Id -ErrorAction SilentlyContinue -ErrorVariable problems
        $found.Id | Should -Be $first.Id
        $problems.FullyQualifiedErrorId | Should -BeLike 'PoolNotFound,*'
    }

    It 'prints a table that fits 120 columns' {
        $lines = (Get-JobPool | Out-String -Width 120) -split '\r?\n'
        $lines -match "^$($second.Id) Second .* Running +0/2 " | Should -HaveCount 1
    }

    It 'completes ids' {
        (TabExpansion2 'Get-JobPool ' 12).CompletionMatches.CompletionText | Should -Contain $first.Id
    }
}
