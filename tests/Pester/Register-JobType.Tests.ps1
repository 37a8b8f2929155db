Describe 'Register-JobType' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach { Reset-TestStore $store }
    AfterAll { Remove-TestStore $store }

    It 'takes a script block that gets the data as its argument and as $_' {
        Register-JobType Both { param($Data) "$Data $_" }
        New-ScheduledJob Both 7 | Out-Null
        Invoke-DueJob | Receive-ScheduledJob | Should -Be '7 7'
    }

    It 'Finding_14_Names: takes names in any case' {
        Register-JobType Backup { "$($JobContext.Type) $($JobContext.Queue)" } -Queue Slow
        { Register-JobType backup { } -ErrorAction Stop } | Should -Throw -ErrorId 'JobTypeExists,*'
        $jobs = New-ScheduledJob backup; $jobs = @($jobs) + (New-ScheduledJob BACKUP -Queue SLOW)
        $jobs.Type | Should -BeExactly backup, backup
        $jobs.Queue | Should -BeExactly Slow, Slow
        Start-JobPool -UntilEmpty -Type bACK* -Queue slow | Receive-ScheduledJob | Should -BeExactly 'backup Slow', 'backup Slow'
        (Get-JobStatus -Type BACKUP -Queue sLOW).Count | Should -Be 2
        (Get-JobType backuP).TotalFinished | Should -Be 2
        Unregister-JobType BACKUP
        (Get-JobType).IsRegistered | Should -BeFalse
    }

    It 'Finding_11_ParameterSets: takes commands with parameter sets' {
        Register-JobType Processes -Command Get-Process
        New-ScheduledJob Processes -Name pwsh-none-such* | Out-Null
        New-ScheduledJob Processes -Parameters @{ Id = $PID } | Out-Null
        (Invoke-DueJob).Status | Should -Be Finished, Finished
        { New-ScheduledJob Processes -Parameters @{ Id = 1; Name = 'x' } -ErrorAction Stop } | Should -Throw -ErrorId 'ParameterSetNotFound,*'
    }

    It 'takes a script block without parameters' {
        Register-JobType None { 'ran' }
        New-ScheduledJob None | Out-Null
        Invoke-DueJob | Receive-ScheduledJob | Should -Be 'ran'
    }

    It 'takes a file' {
        $file = Join-Path $TestDrive 'handler.ps1'
        Set-Content $file 'param($Name, [int] $Count) function Get-Greeting { "Hello $Name" }; (Get-Greeting) * $Count; $PSScriptRoot'
        Register-JobType File -FilePath $file
        New-ScheduledJob File -Parameters @{ Name = 'Ann'; Count = 2 } | Out-Null
        Invoke-DueJob | Receive-ScheduledJob | Should -Be 'Hello AnnHello Ann', $TestDrive
    }

    It 'takes a command' {
        function global:Get-Twice($Number) { 2 * $Number }
        try {
            Register-JobType Twice -Command Get-Twice
            New-ScheduledJob Twice -Parameters @{ Number = 21 } | Out-Null
            Invoke-DueJob | Receive-ScheduledJob | Should -Be 42
        }
        finally {
            Remove-Item function:Get-Twice
        }
    }

    It 'gives the jobs their defaults' {
        Register-JobType Full { } -Retries 3 -RetryDelay 2 -Backoff Fixed -MaxRetryDelay 60 -Timeout 00:05:00 -Priority 7 -Queue mail -MaxConcurrency 4
        $type = Get-JobType Full
        $type.Retries | Should -Be 3
        $type.RetryDelay | Should -Be ([timespan] '00:00:02')
        $type.Backoff | Should -Be Fixed
        $type.MaxRetryDelay | Should -Be ([timespan] '00:01:00')
        $type.Timeout | Should -Be ([timespan] '00:05:00')
        $type.Priority | Should -Be 7
        $type.Queue | Should -Be mail
        $type.MaxConcurrency | Should -Be 4
        $job = New-ScheduledJob Full
        $job.RetriesLeft | Should -Be 3
        $job.Priority | Should -Be 7
        $job.Queue | Should -Be mail
        $job.Timeout | Should -Be ([timespan] '00:05:00')
    }

    It 'does not retry unless it is asked' {
        Register-JobType Once { throw 'no' }
        New-ScheduledJob Once | Out-Null
        $job = Invoke-DueJob
        $job.Status | Should -Be Failed
        $job.Attempts | Should -Be 1
    }

    It 'replaces a type with -Force' {
        Register-JobType Same { 'old' }
        Register-JobType Same { 'new' } -Force
        New-ScheduledJob Same | Out-Null
        Invoke-DueJob | Receive-ScheduledJob | Should -Be 'new'
    }

    It 'registers nothing with -WhatIf' {
        Register-JobType Ghost { } -WhatIf
        Get-JobType | Should -BeNullOrEmpty
    }

    It 'fails an attempt at the first error record, unless -ErrorPolicy is Continue' {
        Register-JobType Strict { Write-Error 'bad'; 'after' }
        Register-JobType Lax -ErrorPolicy Continue { Write-Error 'bad'; 'after' }
        New-ScheduledJob Strict | Out-Null
        New-ScheduledJob Lax | Out-Null
        $jobs = Invoke-DueJob
        ($jobs | Where-Object Type -EQ Strict).Status | Should -Be Failed
        ($jobs | Where-Object Type -EQ Strict).Error.Message | Should -Be bad
        ($jobs | Where-Object Type -EQ Lax).Status | Should -Be Finished
    }

    It 'imports modules into the workers' {
        $module = Join-Path $TestDrive 'Greeting.psm1'
        Set-Content $module 'function Get-Greeting { "from a module" }'
        Register-JobType Import { Get-Greeting } -ImportModule $module
        New-ScheduledJob Import | Out-Null
        Invoke-DueJob | Receive-ScheduledJob | Should -Be 'from a module'
    }

    It 'captures $using: values when it is called' {
        $value = 'then'
        Register-JobType Using { $using:value }
        $value = 'now'
        New-ScheduledJob Using | Out-Null
        Invoke-DueJob | Receive-ScheduledJob | Should -Be 'then'
    }

    Context 'what only this session has' {
        It 'warns of variables that the handler reads and never sets' {
            $server = 'web1'
            $paths = 'a', 'b'
            Register-JobType Save { foreach ($path in $paths) { $copy = "$server $path"; $copy } } -WarningVariable warnings 3> $null
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike '*''Save'' reads $paths and $server, which this session has*$using:paths and $using:server*'
            "$server$paths" | Should -Not -BeNullOrEmpty
        }

        It 'warns of functions' {
            function Get-Here { 'here' }
            Register-JobType Calls { Get-Here } -WarningVariable warnings 3> $null
            "$warnings" | Should -BeLike '*calls Get-Here, which only this session has*-ImportModule*'
        }

        It 'does not warn of <What>' -ForEach @(
            @{ What = 'what PowerShell sets'; Handler = { $_; $args; $input; $PSScriptRoot; $HOME; $PWD; $PID; $Error; $ErrorActionPreference; $env:PATH; $JobContext; $true; $null; $LASTEXITCODE; $Matches } }
            @{ What = 'captured values'; Handler = { $using:outer } }
            @{ What = 'parameters and what is set'; Handler = { param($outer) $inner = 1; $outer; $inner; $a, $b = 1, 2; $a; $b; [int] $typed = 3; $typed } }
            @{ What = 'what commands set'; Handler = { Set-Variable outer 1; $outer; Get-Date -OutVariable inner; $inner } }
            @{ What = 'parameters of inner functions'; Handler = { function Get-Inner($outer) { $outer }; Get-Inner 1 } }
            @{ What = 'what a dot-sourced script may bring'; Handler = { . ./functions.ps1; Get-Here; $outer } }
            @{ What = 'what nobody has'; Handler = { $never; Get-Never } }
            @{ What = 'everyone''s functions'; Handler = { prompt; Clear-Host } }
        ) {
            $outer = $inner = $a = $b = $typed = 1
            function Get-Here { $outer, $inner, $a, $b, $typed }
            Register-JobType Quiet $Handler -WarningVariable warnings 3> $null
            $warnings | Should -BeNullOrEmpty
        }
    }
}
