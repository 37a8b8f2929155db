Describe 'Connect-JobStore' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
        Reset-TestStore $store
        $noServer = -not (Get-Command redis-server, valkey-server -ErrorAction Ignore)
    }
    AfterAll { Remove-TestStore $store }

    It 'says nothing unless it is asked' {
        Connect-JobStore @store | Should -BeNullOrEmpty
    }

    It 'emits with -PassThru what is known of the store' {
        $info = Connect-JobStore @store -PassThru
        $info.Endpoint | Should -Match ':\d+$'
        $info.Namespace | Should -Be $store.Namespace
        $info.Server | Should -BeIn 'redis', 'valkey', 'garnet'
    }

    It 'tells with -Verbose where it is' {
        $said = Connect-JobStore @store -Verbose 4>&1
        "$said" | Should -BeLike "Connected to *namespace '$($store.Namespace)'."
    }

    It 'uses $env:JOBS_STORE when nothing else is said' {
        $before = $env:JOBS_STORE
        $env:JOBS_STORE = '127.0.0.1:1'
        try {
            { Connect-JobStore } | Should -Throw '*127.0.0.1:1*' -ErrorId 'StoreUnreachable*'
        }
        finally {
            $env:JOBS_STORE = $before
            Connect-JobStore @store
        }
    }

    It 'keeps namespaces apart' {
        $job = New-ScheduledJob Visit
        Connect-JobStore @store
        $other = $store.Clone()
        $other.Namespace = "$($store.Namespace)-other"
        Connect-JobStore @other
        { Get-JobStatus $job.Id -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotFound*'
        Get-JobStatus | Should -BeNullOrEmpty
        Connect-JobStore @store
        (Get-JobStatus $job.Id).Type | Should -Be Visit
    }

    It 'may be called again and again' {
        $job = New-ScheduledJob Visit
        Connect-JobStore @store
        Connect-JobStore @store
        (Get-JobStatus $job.Id).Id | Should -Be $job.Id
    }

    It 'tells namespaces of other case apart' {
        $job = New-ScheduledJob Visit
        $other = $store.Clone()
        $other.Namespace = $store.Namespace.ToUpperInvariant()
        Connect-JobStore @other
        (Get-JobStore 3>$null).Namespace | Should -BeExactly $other.Namespace
        { Get-JobStatus $job.Id -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotFound*'
        Connect-JobStore @store
    }

    It 'stays with the store it had when a new one can not be reached' {
        $job = New-ScheduledJob Visit
        { Connect-JobStore 127.0.0.1:1 } | Should -Throw -ErrorId 'StoreUnreachable*'
        (Get-JobStatus $job.Id).Id | Should -Be $job.Id
    }

    It 'refuses a namespace that is not a name' {
        $bad = $store.Clone()
        $bad.Namespace = 'a b'
        { Connect-JobStore @bad } | Should -Throw "*'a b'*" -ErrorId 'InvalidName*'
    }

    It 'Finding_29_History_that_can_not_be_kept: a negative -MaxHistory or retention is an error, and clears nothing' {
        Register-JobType Quick { 'done' }
        $job = New-ScheduledJob Quick
        Start-JobPool -UntilEmpty | Out-Null
        { Connect-JobStore @store -MaxHistory -1 } | Should -Throw '*MaxHistory -1 is out of range*' -ErrorId 'ValueOutOfRange*'
        { Connect-JobStore @store -FinishedRetention -5 } | Should -Throw '*FinishedRetention*' -ErrorId 'DurationOutOfRange*'
        (Get-JobStatus $job.Id).Status | Should -Be Finished
    }

    Context 'with -Local' {
        BeforeAll {
            $local = @{ Local = $true; DataPath = Join-Path $TestDrive 'private'; Namespace = 'jobs' }
        }
        AfterAll {
            if (-not $noServer) {
                Connect-JobStore @local
                Disconnect-JobStore -Shutdown
            }
            Connect-JobStore @store
        }

        It 'starts one server for a folder, which writes every job to disk' {
            if ($noServer) { Set-ItResult -Skipped -Because 'there is no redis-server' }
            $first = Connect-JobStore @local -PassThru
            $first.AppendOnly | Should -BeTrue
            $first.Fsync | Should -Be always
            $first.Warning | Should -BeNullOrEmpty
            $first.Endpoint | Should -Match '^127\.0\.0\.1:'
            Disconnect-JobStore
            (Connect-JobStore @local -PassThru).Endpoint | Should -Be $first.Endpoint
        }

        It 'keeps jobs when the server is shut down and started again' {
            if ($noServer) { Set-ItResult -Skipped -Because 'there is no redis-server' }
            Connect-JobStore @local
            $job = New-ScheduledJob Kept 42
            Disconnect-JobStore -Shutdown
            Connect-JobStore @local
            (Get-JobStatus $job.Id).Data | Should -Be 42
        }

        It 'Finding_32_The_port_of_a_data_path: sessions that were connected go on when the server has been started again' {
            if ($noServer) { Set-ItResult -Skipped -Because 'there is no redis-server' }
            $endpoint = (Connect-JobStore @local -PassThru).Endpoint
            $script = Join-Path $TestDrive 'restart.ps1'
            Set-Content $script @"
Import-Module '$(Join-Path $PSScriptRoot '../../Jobs.psd1')'
Connect-JobStore -Local -DataPath '$($local.DataPath)'
Disconnect-JobStore -Shutdown
(Connect-JobStore -Local -DataPath '$($local.DataPath)' -PassThru).Endpoint
"@
            & ([Environment]::ProcessPath) -NoProfile -File $script | Should -Be $endpoint
            $job = New-ScheduledJob Kept
            Connect-JobStore @local
            (Get-JobStatus $job.Id).Id | Should -Be $job.Id
        }

        It 'lets only the user read the password' {
            if ($noServer -or $IsWindows) { Set-ItResult -Skipped -Because 'it takes a local server and file modes' }
            Connect-JobStore @local
            $file = Get-Item (Join-Path $local.DataPath 'redis.conf')
            [System.IO.File]::GetUnixFileMode($file.FullName) | Should -Be ([System.IO.UnixFileMode] 'UserRead, UserWrite')
        }
    }
}
