<#
.SYNOPSIS
    Shows the module at work, in about ten seconds: on a private store that is gone afterwards.
.DESCRIPTION
    ./build.sh Demo builds the module and runs this. Each step prints a command as you would type it, then what it puts out.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$watch = [System.Diagnostics.Stopwatch]::StartNew()
$folder = Join-Path ([System.IO.Path]::GetTempPath()) "jobs-demo-$([guid]::NewGuid())"

function Write-Step([string] $Heading, [string] $Explanation) {
    Write-Host "`n== $Heading" -ForegroundColor Cyan
    Write-Host "$Explanation`n"
}

# Prints a command, then runs it.
function Invoke-Shown([scriptblock] $Command) {
    $lines = $Command.ToString().Trim() -split '\r?\n' -replace '^ {8}', '    '
    Write-Host "PS> $($lines -join "`n")" -ForegroundColor Yellow
    $output = & $Command
    $output | Out-Host
    # Tables bring their own.
    if ($null -eq $output -or $output -is [string]) { Write-Host '' }
}

Import-Module (Join-Path $PSScriptRoot '../Jobs.psd1')
$isConnected = $false
try {
    Write-Step 'A store' 'Jobs live in Redis. -Local starts a private server for this machine, which writes each job to disk at once.'
    Invoke-Shown { Connect-JobStore -Local -DataPath $folder -Namespace demo -PassThru }
    $isConnected = $true

    Write-Step 'Two types of jobs' 'A type is a name and a script block. SendMail is flaky: it fails twice, then works; and it may be tried three times.'
    Invoke-Shown {
        Register-JobType ResizeImage {
            param($File)
            foreach ($percent in 20, 40, 60, 80, 100) {
                Write-Progress -Activity $File -Status scaling -PercentComplete $percent
                Start-Sleep -Milliseconds 300
            }
            "$File is 800 pixels wide now."
        }
    }
    Invoke-Shown {
        Register-JobType SendMail -Retries 2 -RetryDelay 0.5 {
            param($To)
            Write-Host "Attempt $($JobContext.Attempt) to reach $To"
            if ($To -notlike '*@*') { throw "'$To' is not an address." }
            if ($JobContext.Attempt -lt 3) { throw 'The mail server is busy.' }
            "Sent to $To."
        }
    }

    Write-Step 'Jobs' 'Now, one job for each object of the pipeline; more urgent than the others; later; and again and again.'
    Invoke-Shown { 'anna.jpg', 'bob.jpg', 'cleo.jpg' | New-ScheduledJob ResizeImage }
    Invoke-Shown { 'anna@example.org', 'nowhere' | New-ScheduledJob SendMail }
    Invoke-Shown { New-ScheduledJob ResizeImage 'urgent.jpg' -Priority 100 }
    Invoke-Shown { New-ScheduledJob ResizeImage 'later.jpg' -In 4 }
    Invoke-Shown { New-ScheduledJob ResizeImage 'webcam.jpg' -Every 3 }

    Write-Step 'A pool' 'Its workers run the jobs: here in the background, elsewhere in any number of processes and machines.'
    Invoke-Shown { Start-JobPool -Workers 3 }

    Write-Step 'At work' 'The urgent job went first. Failed mails wait for their next attempt.'
    Start-Sleep -Milliseconds 800
    Invoke-Shown { Get-JobStatus -Oldest }
    Write-Host 'A little later:'
    Start-Sleep -Milliseconds 1500
    Invoke-Shown { Get-JobStatus -Oldest }

    Write-Step 'The end' 'Wait for all jobs but the recurring one, which has no end.'
    Invoke-Shown { Get-JobStatus -Oldest | Where-Object -Not IsRecurring | Wait-ScheduledJob }

    Write-Step 'In sum' 'Counts by type, and what the pool has done.'
    Invoke-Shown { Get-JobStatus -Summary }
    Invoke-Shown { Get-JobPool }

    Write-Step 'The recurring job' 'It stands for its next time, and its last runs are kept.'
    Invoke-Shown { Get-JobStatus | Where-Object IsRecurring | Get-JobStatus -Runs }

    Write-Step 'What went wrong' 'A job that fails for good keeps its error: what, and where in the script.'
    Invoke-Shown { Get-JobStatus -Status Failed | ForEach-Object Error }

    Write-Step 'What came out' 'The output of a job, and with -Log also what its script wrote to other streams, in all attempts.'
    Invoke-Shown { Get-JobStatus -Type SendMail -Status Finished | Receive-ScheduledJob }
    Invoke-Shown { Get-JobStatus -Type SendMail -Status Finished | Receive-ScheduledJob -Log }
}
finally {
    Write-Step 'Clean up' 'Stop the pool, end the private server, and remove its files.'
    try {
        # Of a store that was not connected to there is nothing to end: -Shutdown would mean the user's own.
        if ($isConnected) {
            Invoke-Shown { Get-JobPool -Local | Stop-JobPool -Timeout 5 }
            Invoke-Shown { Disconnect-JobStore -Shutdown }
        }
    }
    finally {
        if (Test-Path $folder) { Remove-Item $folder -Recurse -Force }
    }
}
Write-Host "Done in $([int] $watch.Elapsed.TotalSeconds) s." -ForegroundColor Cyan
