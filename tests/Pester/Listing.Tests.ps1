# Listing and changing go together, while pools run jobs and others schedule them.
Describe 'Listing and changing' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
        Reset-TestStore $store
        Register-JobType Work { }
        # What the test changes stands among what pools take away and others add, in the same statuses and of the same type.
        $parked = 1..2000 | New-ScheduledJob Work -Queue parked
        $pools = 1..2 | ForEach-Object { Start-JobPool -Workers 2 }
        $schedulers = 1..2 | ForEach-Object {
            $path = Join-Path $TestDrive "schedule$_.ps1"
            Start-TestProcess $store $path @"
while (-not (Test-Path '$path.stop')) {
    1..5 | New-ScheduledJob Work | Out-Null
    1..5 | New-ScheduledJob Work -Queue idle | Stop-ScheduledJob
    1..5 | New-ScheduledJob Work -Queue idle -Hold | Out-Null
    1..5 | New-ScheduledJob Work -Queue idle -In 3600 | Out-Null
    1..5 | New-ScheduledJob Work -Queue idle | Out-Null
    Start-Sleep -Milliseconds 100
}
"@
        }
        Wait-Until { (Get-JobStatus -Queue idle -First 100 | Measure-Object).Count -eq 100 }
    }
    AfterAll {
        1..2 | ForEach-Object { Set-Content (Join-Path $TestDrive "schedule$_.ps1.stop") '' }
        $schedulers | ForEach-Object { $null = $_.WaitForExit(30000) }
        Remove-TestStore $store
    }

    It 'Finding_2_every_listed_job_is_reached_once: by <Name>' -ForEach @(
        @{ Name = 'Suspend-ScheduledJob'; Status = 'Queued'; Then = 'Saved'; Given = @{ PassThru = $true } }
        @{ Name = 'Resume-ScheduledJob'; Status = 'Saved'; Then = 'Queued'; Given = @{ PassThru = $true } }
        @{ Name = 'Update-ScheduledJob'; Status = 'Queued'; Then = 'Scheduled'; Given = @{ PassThru = $true; In = 3600 } }
        @{ Name = 'Stop-ScheduledJob'; Status = 'Scheduled'; Then = 'Cancelled'; Given = @{ PassThru = $true } }
        @{ Name = 'Restart-ScheduledJob'; Status = 'Cancelled'; Then = 'Queued'; Given = @{ PassThru = $true } }
        @{ Name = 'Remove-ScheduledJob'; Status = 'Queued'; Then = $null; Given = @{} }
    ) {
        $changed = @(Get-JobStatus -Status $Status -Type work -OutVariable listed | & $Name @Given -ErrorVariable problems -ErrorAction SilentlyContinue)
        $ids = [System.Collections.Generic.HashSet[string]]::new([string[]] $listed.Id)
        $ids.Count | Should -Be $listed.Count
        $ids.IsSupersetOf([string[]] $parked.Id) | Should -BeTrue
        if ($Given.PassThru) {
            # Each was changed or refused (a pool was quicker), in their order.
            $answered = @($changed.Id) + @($problems | ForEach-Object TargetObject | Where-Object { $_ })
            $answered.Count | Should -Be $listed.Count
            $ids.SetEquals([string[]] $answered) | Should -BeTrue
            $order = @{}
            for ($i = 0; $i -lt $listed.Count; $i++) { $order[$listed[$i].Id] = $i }
            for ($i = 1; $i -lt $changed.Count; $i++) {
                if ($order[$changed[$i - 1].Id] -ge $order[$changed[$i].Id]) { throw "$($changed[$i].Id) came too late." }
            }
            ($parked | Get-JobStatus).Status | Select-Object -Unique | Should -Be $Then
        }
        else {
            Get-JobStatus -Queue parked | Should -BeNullOrEmpty
        }
    }
}
