# The scripts of real work in examples/, each run as its users would.

Describe 'Examples' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
        $examples = Join-Path $PSScriptRoot '../../examples'
    }
    BeforeEach {
        Reset-TestStore $store
        $folder = (New-Item -ItemType Directory -Path (Join-Path $TestDrive ([guid]::NewGuid()))).FullName
    }
    AfterAll { Remove-TestStore $store }

    It 'nightly-backup.ps1 declares its schedule once, and backs up what it can' {
        $null = New-Item -ItemType Directory -Path (Join-Path $folder one)
        $null = New-Item -ItemType Directory -Path (Join-Path $folder two)
        Set-Content (Join-Path $folder one/a.txt) 'text'
        Set-Content (Join-Path $folder two/b.txt) 'text'
        $night = @{ Path = (Join-Path $folder one), (Join-Path $folder two); Target = Join-Path $folder target; Store = $store }
        $output = & (Join-Path $examples nightly-backup.ps1) @night -Now
        $output[0].Rhythm | Should -BeLike 'at 03:00, each day*'
        $output[1].Type | Should -Be BackupSummary
        $output[1].Status | Should -Be Finished
        Receive-ScheduledJob $output[1] | Should -BeLike '2 folders, * bytes; 0 failed'
        @(Get-ChildItem (Join-Path $folder target) -Filter *.zip) | Should -HaveCount 2
        & (Join-Path $examples nightly-backup.ps1) @night | Out-Null
        @(Get-JobSchedule) | Should -HaveCount 1
    }

    It 'nightly-backup.ps1 makes a failed summary of a night that failed' {
        $null = New-Item -ItemType Directory -Path (Join-Path $folder one)
        # A backup that fails would be tried again for half a minute.
        $script = (Get-Content (Join-Path $examples nightly-backup.ps1) -Raw) -replace '-RetryDelay 5s', '-RetryDelay 10ms' -replace '\$PSScriptRoot', "'$examples'"
        $quick = Join-Path $folder quick.ps1
        Set-Content $quick $script
        $output = & $quick -Path (Join-Path $folder one), (Join-Path $folder missing) -Target (Join-Path $folder target) -Now -Store $store -ErrorAction SilentlyContinue
        $output[1].Status | Should -Be Failed
        $output[1].Error.Message | Should -BeLike 'Backups failed: *'
        (Get-JobStatus -Type BackupFolder -Status Failed).Error.Message | Should -BeLike '*missing*'
    }

    It 'rolling-restart.ps1 restarts group after group' {
        $ended = & (Join-Path $examples rolling-restart.ps1) -Server a, b, c, d -AtOnce 2 -Store $store
        $ended.Status | Should -Be (@('Finished') * 4)
        $first = ($ended[0..1].Finished | Measure-Object -Maximum).Maximum
        $ended[2].Started | Should -BeGreaterOrEqual $first
        $ended[3].Started | Should -BeGreaterOrEqual $first
        Get-JobPool | Should -BeNullOrEmpty
    }

    It 'rolling-restart.ps1 leaves the rest alone when a server does not come back' {
        $script = Join-Path $examples rolling-restart.ps1
        $problems = $null
        $ended = try { & $script -Server a, broken-b, c, d -Store $store } catch { $problems = $_ }
        $problems.FullyQualifiedErrorId | Should -BeLike 'JobFailed,*'
        $problems.Exception.Message | Should -BeLike '*broken-b has not come back*'
        (Get-JobStatus -Type RestartServer -Oldest).Status | Should -Be Finished, Failed, Cancelled, Cancelled
        Get-JobPool | Should -BeNullOrEmpty
    }

    It 'certificate-check.ps1 declares checks, plans, and fails one that will expire' {
        foreach ($days in 10, 100) {
            $key = [System.Security.Cryptography.RSA]::Create(2048)
            $request = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new("CN=days$days", $key, 'SHA256', [System.Security.Cryptography.RSASignaturePadding]::Pkcs1)
            $certificate = $request.CreateSelfSigned([datetimeoffset]::Now.AddDays(-1), [datetimeoffset]::Now.AddDays($days))
            Set-Content (Join-Path $folder "$days.pem") $certificate.ExportCertificatePem()
        }
        $script = Join-Path $examples certificate-check.ps1
        $both = (Join-Path $folder 10.pem), (Join-Path $folder 100.pem)
        (& $script -Path $both -Store $store -WhatIf).Action | Should -Be Add, Add
        Get-JobSchedule | Should -BeNullOrEmpty
        (& $script -Path $both -Store $store).Action | Should -Be Add, Add
        (& $script -Path $both -Store $store).Action | Should -Be Keep, Keep
        Get-JobSchedule | Update-ScheduledJob -In 0
        Invoke-DueJob | Out-Null
        $checks = Get-JobSchedule
        ($checks | Where-Object UniqueKey -Like *10.pem).LastError.Message | Should -BeLike 'CN=days10 in * expires in * days*'
        ($checks | Where-Object UniqueKey -Like *100.pem).LastStatus | Should -Be Finished
        $changes = & $script -Path $both[1] -Days 50 -Store $store
        $changes.Action | Should -Be Change, Remove
        $changes[0].Changes | Should -Be 'Parameters.Days 30 -> 50'
    }

    It 'import-files.ps1 imports 5,000 files, and tells of those that are broken' {
        foreach ($i in 1..5000) { [System.IO.File]::WriteAllText("$folder/$i.json", "{ `"amount`": $i }") }
        [System.IO.File]::WriteAllText("$folder/7.json", '{ "amount": 0 }')
        $result = & (Join-Path $examples import-files.ps1) -Path $folder -Store $store -WarningVariable warnings 3> $null
        $result | Should -Be '4999 imported, 1 failed'
        "$warnings" | Should -BeLike '7.json: the amount is 0.'
        [System.IO.Directory]::GetFiles("$folder/done").Count | Should -Be 4999
        [System.IO.File]::WriteAllText("$folder/7.json", '{ "amount": 7 }')
        & (Join-Path $examples import-files.ps1) -Path $folder -Store $store | Should -Be '1 imported, 0 failed'
    }

    It 'ci-gate.ps1 exits with <Code> when <Case>' -ForEach @(
        @{ Case = 'all checks pass'; Last = 'exit 0'; Code = 0 }
        @{ Case = 'a check fails'; Last = 'Write-Host looking; throw "two is odd"'; Code = 1 }
        @{ Case = 'a check exits with an error'; Last = 'exit 3'; Code = 1 }
    ) {
        Set-Content (Join-Path $folder one.ps1) "'fine'"
        Set-Content (Join-Path $folder two.ps1) $Last
        # With a private store of its own.
        $gate = Join-Path $folder gate.ps1
        Set-Content $gate "& '$examples/ci-gate.ps1' -Check '$folder/one.ps1', '$folder/two.ps1' -Store @{ Local = `$true; DataPath = '$folder/store' }; exit `$LASTEXITCODE"
        try {
            $output = & ([Environment]::ProcessPath) -NoProfile -File $gate
            $LASTEXITCODE | Should -Be $Code -Because "$output"
            "$output" | Should -BeLike '*Finished*one.ps1*'
            if ($Last -like '*odd*') { "$output" | Should -BeLike '*Failed*two.ps1*looking*two is odd*' }
        }
        finally {
            Connect-JobStore -Local -DataPath "$folder/store"
            Disconnect-JobStore -Shutdown
        }
    }

    It 'fan-out.ps1 does something for each row, and then something with all' -Skip:(-not (Get-Command Import-Csv -ErrorAction Ignore)) {
        $csv = Join-Path $folder servers.csv
        Set-Content $csv 'Server,Port', 'web1,80', 'web2,', 'down1,8080', ',25', 'web3,many'
        $report = & (Join-Path $examples fan-out.ps1) -Csv $csv -Store $store 2>&1
        $problems = @($report | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
        $problems.TargetObject.Port | Should -Be 25, many
        @($report | Where-Object { $_ -is [string] }) | Should -Be '3 probed, 1 silent', 'silent: down1:8080'
    }

    It 'approval.ps1 keeps a deployment back until it is approved' {
        $script = Join-Path $examples approval.ps1
        $deploy = & $script -Request 2.4.0 -Store $store
        (& $script -Request 2.4.0 -Store $store).Id | Should -Be $deploy.Id
        Invoke-DueJob | Out-Null
        (Get-JobStatus $deploy.Id).Status | Should -Be Saved
        (& $script -Approve $deploy.Id -By Ada -Store $store).Status | Should -Be Queued
        Invoke-DueJob | Out-Null
        Receive-ScheduledJob $deploy.Id | Should -Be 'Deployed 2.4.0.'
        (Get-JobStatus -Type Announce -Oldest | Receive-ScheduledJob) | Should -Contain 'Version 2.4.0 is out.'
        $declined = & $script -Request 2.5.0 -Store $store
        (& $script -Decline $declined.Id -Store $store).Status | Should -Be Cancelled
    }
}
