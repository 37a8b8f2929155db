Describe 'Get-JobStore' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach { Reset-TestStore $store }
    AfterAll { Remove-TestStore $store }

    It 'tells where the store is and what it is' {
        $info = Get-JobStore 3>$null
        $info.Endpoint | Should -Match ':\d+$'
        $info.Server | Should -BeIn 'redis', 'valkey', 'garnet'
        [version] $info.Version | Should -BeGreaterThan ([version] '6.0')
        $info.Database | Should -Be 0
        $info.Namespace | Should -Be $store.Namespace
        $info.RoundTrip | Should -BeOfType timespan
        $info.RoundTrip | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'shows how safely jobs are kept, and warns when they are not' {
        $output = @(Get-JobStore 3>&1)
        $info = $output[0]
        if ($info.AppendOnly -and $info.Fsync -eq 'always') {
            $output | Should -HaveCount 1
            $info | Out-String | Should -Match 'AppendOnlyFile\s*: on, fsync always'
        }
        else {
            $output[1] | Should -BeOfType ([System.Management.Automation.WarningRecord])
            $output[1].Message | Should -Be $info.Warning
        }
    }

    It 'prints no password' {
        if (-not $store.Local) { Set-ItResult -Skipped -Because 'the store has no password of its own' }
        $password = (Select-String -Path (Join-Path $store.DataPath 'redis.conf') -Pattern '^requirepass (\w+)').Matches[0].Groups[1].Value
        $password.Length | Should -BeGreaterThan 30
        $info = Get-JobStore
        $info | Format-List * -Force | Out-String | Should -Not -Match $password
        $info | ConvertTo-Json | Should -Not -Match $password
        Connect-JobStore @store -PassThru -Verbose *>&1 | Out-String | Should -Not -Match $password
    }
}
