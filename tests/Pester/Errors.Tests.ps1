# Bad input: each has a stable id, says what is wrong, and leaves nothing in the store.
Describe 'Errors' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore

        # One command to a server, as redis-cli would send it.
        function Invoke-Redis([string] $Endpoint, [string] $Password, [string[]] $Command) {
            $address, $port = $Endpoint -split ':'
            $client = [System.Net.Sockets.TcpClient]::new($address, [int] $port)
            try {
                $stream = $client.GetStream()
                $stream.ReadTimeout = 5000
                $writer = [System.IO.StreamWriter]::new($stream)
                $reader = [System.IO.StreamReader]::new($stream)
                foreach ($line in @("AUTH $Password") + $Command) {
                    $writer.Write("$line`r`n")
                    $writer.Flush()
                    $reply = $reader.ReadLine()
                    if ($reply -notlike '+*' -and $reply -notlike ':*') { throw "$line was answered with $reply" }
                }
            }
            finally {
                $client.Dispose()
            }
        }

        function New-Credential([string] $User, [string] $Password) {
            [pscredential]::new($User, (ConvertTo-SecureString $Password -AsPlainText -Force))
        }
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Known { param([int] $Number) }
    }
    AfterAll { Remove-TestStore $store }

    Context 'in a schedule' {
        It 'refuses <Name>: <Id>' -ForEach @(
            @{ Name = 'a priority over the range'; Given = @{ Priority = 500001 }; Id = 'PriorityOutOfRange' }
            @{ Name = 'a priority under the range'; Given = @{ Priority = -500001 }; Id = 'PriorityOutOfRange' }
            @{ Name = 'negative retries'; Given = @{ Retries = -1 }; Id = 'RetriesOutOfRange' }
            @{ Name = 'too many retries'; Given = @{ Retries = 1000001 }; Id = 'RetriesOutOfRange' }
            @{ Name = 'a negative retry delay'; Given = @{ RetryDelay = -1 }; Id = 'DurationOutOfRange' }
            @{ Name = 'a time-out of nothing'; Given = @{ Timeout = 0 }; Id = 'DurationOutOfRange' }
            @{ Name = 'a rhythm of nothing'; Given = @{ Every = 0 }; Id = 'DurationOutOfRange' }
            @{ Name = 'a negative rhythm'; Given = @{ Every = -5 }; Id = 'DurationOutOfRange' }
            @{ Name = 'a time zone that does not exist'; Given = @{ Cron = '0 3 * * *'; TimeZone = 'Mars/Olympus' }; Id = 'TimeZoneNotFound' }
            @{ Name = 'a time zone without a cron expression'; Given = @{ TimeZone = 'UTC' }; Id = 'InvalidSchedule' }
            @{ Name = 'a cron expression that can not be read'; Given = @{ Cron = 'every day' }; Id = 'InvalidCron' }
            @{ Name = 'a cron expression that never matches'; Given = @{ Cron = '0 0 31 2 *' }; Id = 'InvalidCron' }
            @{ Name = 'a time and a delay'; Given = @{ At = [datetime]::Now; In = 5 }; Id = 'InvalidSchedule' }
            @{ Name = 'a rhythm and a cron expression'; Given = @{ Every = 5; Cron = '* * * * *' }; Id = 'InvalidSchedule' }
            @{ Name = 'a queue that is not a name'; Given = @{ Queue = 'a b' }; Id = 'InvalidName' }
            @{ Name = 'a predecessor that does not exist'; Given = @{ After = 'nowhere' }; Id = 'JobNotFound' }
            @{ Name = 'a value of the wrong type'; Given = @{ Data = 'seven' }; Id = 'ParameterNotConvertible' }
        ) {
            $problem = { New-ScheduledJob Known @Given -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*" -PassThru
            $problem.Exception.Message.Length | Should -BeGreaterThan 20
            Get-JobStatus | Should -BeNullOrEmpty
            (Get-JobStatus -Summary)[0].Total | Should -Be 0
        }

        It 'refuses a type that is not a name' {
            { New-ScheduledJob 'a b' -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidName,*'
            Get-JobStatus | Should -BeNullOrEmpty
        }

        It 'refuses secrets' {
            { New-ScheduledJob Any ([securestring]::new()) -ErrorAction Stop } | Should -Throw -ErrorId 'DataNotSupported,*'
            { New-ScheduledJob Any @{ Login = New-Credential user hunter2 } -ErrorAction Stop } | Should -Throw -ErrorId 'DataNotSupported,*'
            Get-JobStatus | Should -BeNullOrEmpty
        }

        It 'refuses data over 1 MiB' {
            { New-ScheduledJob Any ('x' * 1MB) -ErrorAction Stop } | Should -Throw -ErrorId 'DataNotSupported,*'
            Get-JobStatus | Should -BeNullOrEmpty
        }

        It 'goes on after an object of the pipeline that can not be data' {
            $jobs = 1, [securestring]::new(), 3 | New-ScheduledJob Any -ErrorAction SilentlyContinue -ErrorVariable problems
            $jobs.Data | Should -Be 1, 3
            $problems.FullyQualifiedErrorId | Should -BeLike 'DataNotSupported,*'
        }
    }

    Context 'in a type' {
        It 'refuses <Name>: <Id>' -ForEach @(
            @{ Name = 'negative retries'; Given = @{ Retries = -1 }; Id = 'RetriesOutOfRange' }
            @{ Name = 'a priority out of range'; Given = @{ Priority = 500001 }; Id = 'PriorityOutOfRange' }
            @{ Name = 'a negative time-out'; Given = @{ Timeout = -1 }; Id = 'DurationOutOfRange' }
            @{ Name = 'a limit of no jobs'; Given = @{ MaxConcurrency = 0 }; Id = 'ValueOutOfRange' }
            @{ Name = 'a rate that can not be read'; Given = @{ RateLimit = 'often' }; Id = 'ValueOutOfRange' }
        ) {
            { Register-JobType New { } @Given } | Should -Throw -ErrorId "$Id,*"
            Get-JobType New* | Should -BeNullOrEmpty
        }

        It 'refuses a name that is not one' {
            { Register-JobType 'a b' { } } | Should -Throw -ErrorId 'InvalidName,*'
        }

        It 'refuses a second registration' {
            { Register-JobType Known { } } | Should -Throw "*'Known'*-Force*" -ErrorId 'JobTypeExists,*'
        }

        It 'refuses a file that does not exist, and one that can not be parsed' {
            { Register-JobType New -FilePath (Join-Path $TestDrive 'nowhere.ps1') } | Should -Throw -ErrorId 'HandlerFileNotFound,*'
            $file = Join-Path $TestDrive 'broken.ps1'
            Set-Content $file 'if ('
            { Register-JobType New -FilePath $file } | Should -Throw -ErrorId 'HandlerParseError,*'
        }

        It 'refuses a command that does not exist' {
            { Register-JobType New -Command Get-Nowhere } | Should -Throw -ErrorId 'HandlerCommandNotFound,*'
        }

        It 'refuses a $using: variable that is not set' {
            { Register-JobType New { $using:notSetAnywhere } } | Should -Throw '*notSetAnywhere*' -ErrorId 'UsingVariableNotSet,*'
        }

        It 'does not know an unknown type: <Command>' -ForEach @(
            @{ Command = { Start-JobPool -Type Nowhere } }
            @{ Command = { Get-JobType Nowhere -ErrorAction Stop } }
            @{ Command = { Unregister-JobType Nowhere -ErrorAction Stop } }
            @{ Command = { Suspend-JobType Nowhere -ErrorAction Stop } }
            @{ Command = { Resume-JobType Nowhere -ErrorAction Stop } }
        ) {
            $problem = $Command | Should -Throw "*'Nowhere'*" -ErrorId 'JobTypeNotFound,*' -PassThru
            $problem.CategoryInfo.Category | Should -Be ObjectNotFound
        }
    }

    Context 'in an id' {
        It 'does not know an unknown job: <Command>' -ForEach @(
            @{ Command = { Get-JobStatus nowhere -ErrorAction Stop } }
            @{ Command = { Get-JobStatus nowhere -Runs -ErrorAction Stop } }
            @{ Command = { Wait-ScheduledJob nowhere -ErrorAction Stop } }
            @{ Command = { Receive-ScheduledJob nowhere -ErrorAction Stop } }
            @{ Command = { Stop-ScheduledJob nowhere -ErrorAction Stop } }
            @{ Command = { Update-ScheduledJob nowhere -In 5 -ErrorAction Stop } }
            @{ Command = { Restart-ScheduledJob nowhere -ErrorAction Stop } }
            @{ Command = { Suspend-ScheduledJob nowhere -ErrorAction Stop } }
            @{ Command = { Resume-ScheduledJob nowhere -ErrorAction Stop } }
        ) {
            $problem = $Command | Should -Throw "*'nowhere'*" -ErrorId 'JobNotFound,*' -PassThru
            $problem.CategoryInfo.Category | Should -Be ObjectNotFound
        }

        It 'treats a removed job as an unknown one' {
            $job = New-ScheduledJob Known
            Remove-ScheduledJob $job
            { $job | Wait-ScheduledJob -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotFound,*'
        }

        It 'takes an id as it is, whatever is in it' {
            { Get-JobStatus '*' -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotFound,*'
            { Get-JobStatus "a`nb" -ErrorAction Stop } | Should -Throw -ErrorId 'JobNotFound,*'
        }
    }

    Context 'in a store' {
        It 'tells within 5 s that <Configuration> can not be reached, and no password' -ForEach @(
            @{ Configuration = '127.0.0.1:1,password=hunter2'; Endpoint = '127.0.0.1:1' }
            @{ Configuration = 'redis://somebody:hunter2@127.0.0.1:1/0'; Endpoint = '127.0.0.1:1' }
            # An address that no network has: packets to it vanish.
            @{ Configuration = '192.0.2.1:6379,password=hunter2'; Endpoint = '192.0.2.1:6379' }
            @{ Configuration = 'nowhere.invalid:6379,password=hunter2'; Endpoint = 'nowhere.invalid:6379' }
        ) {
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $problem = { Connect-JobStore $Configuration } | Should -Throw "*$Endpoint*" -ErrorId 'StoreUnreachable,*' -PassThru
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
            $problem.CategoryInfo.Category | Should -Be ConnectionError
            $problem | Format-List * -Force | Out-String | Should -Not -Match hunter2
            $problem.Exception.ToString() | Should -Not -Match hunter2
        }

        It 'can not read <Configuration>' -ForEach @(
            @{ Configuration = 'redis://' }
            @{ Configuration = 'localhost:6379,nonsense=1' }
        ) {
            { Connect-JobStore $Configuration } | Should -Throw -ErrorId 'InvalidConfiguration,*'
        }

        It 'is refused with a wrong password' {
            if (-not $store.Local) { Set-ItResult -Skipped -Because 'the store has no password of its own' }
            $endpoint = (Get-JobStore).Endpoint
            $problem = { Connect-JobStore $endpoint -Credential (New-Credential default hunter2) } |
                Should -Throw "*$endpoint*" -ErrorId 'StoreAuthenticationFailed,*' -PassThru
            $problem.Exception.ToString() | Should -Not -Match hunter2
            { Connect-JobStore $endpoint } | Should -Throw -ErrorId 'StoreAuthenticationFailed,*'
        }

        It 'may not write as a user that may only read' {
            if (-not $store.Local) { Set-ItResult -Skipped -Because 'it takes a store of its own' }
            $endpoint = (Get-JobStore).Endpoint
            $password = (Select-String -Path (Join-Path $store.DataPath 'redis.conf') -Pattern '^requirepass (\w+)').Matches[0].Groups[1].Value
            Invoke-Redis $endpoint $password 'ACL SETUSER reader on >reader1 ~* &* +@all -@write'
            Connect-JobStore $endpoint -Credential (New-Credential reader reader1) -Namespace $store.Namespace
            $problem = { New-ScheduledJob Any } | Should -Throw -ErrorId 'StorePermissionDenied,*' -PassThru
            $problem.CategoryInfo.Category | Should -Be PermissionDenied
            Connect-JobStore @store
            Get-JobStatus | Should -BeNullOrEmpty
        }

        It 'Finding_16_A_right_that_is_missing: nothing is half done, and the rule that grants it is named' {
            if (-not $store.Local) { Set-ItResult -Skipped -Because 'it takes a store of its own' }
            $endpoint = (Get-JobStore).Endpoint
            $password = (Select-String -Path (Join-Path $store.DataPath 'redis.conf') -Pattern '^requirepass (\w+)').Matches[0].Groups[1].Value
            Invoke-Redis $endpoint $password 'ACL SETUSER limited on >limited1 ~* &* +@all -publish -unlink'
            $kept = New-ScheduledJob Any kept
            Connect-JobStore $endpoint -Credential (New-Credential limited limited1) -Namespace $store.Namespace
            (Get-JobStore 3>$null).DeniedCommands | Should -Be PUBLISH, UNLINK
            { New-ScheduledJob Any } | Should -Throw "*'limited'*PUBLISH*ACL SETUSER limited*+publish*" -ErrorId 'StorePermissionDenied,*'
            { Remove-ScheduledJob $kept -ErrorAction Stop } | Should -Throw '*UNLINK*' -ErrorId 'StorePermissionDenied,*'
            { Start-JobPool -Type Known } | Should -Throw '*PUBLISH*' -ErrorId 'StorePermissionDenied,*'
            (Get-JobStatus).Data | Should -Be kept
            Connect-JobStore @store
            (Get-JobStatus).Data | Should -Be kept
            Remove-ScheduledJob $kept
            Get-JobStatus | Should -BeNullOrEmpty
        }

        It 'Finding_17_A_server_that_throws_jobs_away: Connect-JobStore and Get-JobStore warn' {
            if (-not $store.Local) { Set-ItResult -Skipped -Because 'it takes a store of its own' }
            $endpoint = (Get-JobStore).Endpoint
            $password = (Select-String -Path (Join-Path $store.DataPath 'redis.conf') -Pattern '^requirepass (\w+)').Matches[0].Groups[1].Value
            Connect-JobStore @store 3>&1 | Should -BeNullOrEmpty
            Invoke-Redis $endpoint $password 'CONFIG SET maxmemory 500mb', 'CONFIG SET maxmemory-policy allkeys-lru'
            try {
                "$(Connect-JobStore @store 3>&1)" | Should -BeLike "*'allkeys-lru'*noeviction*"
                "$(Get-JobStore 3>&1)" | Should -BeLike "*'allkeys-lru'*noeviction*"
            }
            finally {
                Invoke-Redis $endpoint $password 'CONFIG SET maxmemory 0', 'CONFIG SET maxmemory-policy noeviction'
            }
        }

        It 'Finding_43_A_data_path_that_others_may_write_to: it is refused' {
            if ($IsWindows) { Set-ItResult -Skipped -Because 'it takes file modes' }
            $shared = Join-Path $TestDrive shared
            $null = New-Item -ItemType Directory $shared
            [System.IO.File]::SetUnixFileMode($shared, [System.IO.UnixFileMode] 'UserRead, UserWrite, UserExecute, GroupWrite, OtherWrite')
            { Connect-JobStore -Local -DataPath $shared } | Should -Throw "*'$shared'*chmod*" -ErrorId 'InvalidDataPath,*'
        }

        It 'Finding_49_A_database_that_is_not_there: it is told' {
            if (-not $store.Local) { Set-ItResult -Skipped -Because 'it takes a store of its own' }
            $endpoint = (Get-JobStore).Endpoint
            $password = (Select-String -Path (Join-Path $store.DataPath 'redis.conf') -Pattern '^requirepass (\w+)').Matches[0].Groups[1].Value
            $problem = { Connect-JobStore "$endpoint,password=$password" -Database 77 } | Should -Throw '*77*' -ErrorId 'DatabaseOutOfRange,*' -PassThru
            $problem.Exception.ToString() | Should -Not -Match $password
        }

        It 'Finding_50_An_option_that_is_not_known: it is named' {
            { Connect-JobStore 'redis://127.0.0.1:1?colour=red' } | Should -Throw "*'colour'*" -ErrorId 'InvalidConfiguration,*'
        }

        It 'can not be shut down when it is not the private one' {
            if (-not $store.Local) { Set-ItResult -Skipped -Because 'it takes a store of its own' }
            $endpoint = (Get-JobStore).Endpoint
            $password = (Select-String -Path (Join-Path $store.DataPath 'redis.conf') -Pattern '^requirepass (\w+)').Matches[0].Groups[1].Value
            Connect-JobStore $endpoint -Credential (New-Credential default $password)
            { Disconnect-JobStore -Shutdown } | Should -Throw -ErrorId 'InvalidConfiguration,*'
        }
    }
}
