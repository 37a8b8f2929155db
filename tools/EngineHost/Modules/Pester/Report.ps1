# What is printed. Depth of indentation follows the blocks.

function Write-Report([string] $Text, $Color) {
    if ($script:Run.Output -ne 'None') {
        if ($Color) { Write-Host $Text -ForegroundColor $Color } else { Write-Host $Text }
    }
}

function Get-Margin($Item) { ' ' * [Math]::Max(0, @(Get-Ancestor $Item).Count - 1) }

function Write-BlockStart($Block) {
    if ($script:Run.Output -ne 'Detailed') { return }
    if (-not $Block.Parent) { Write-Report "`nRunning tests from '$($Block.File)'" Magenta }
    else { Write-Report "$(Get-Margin $Block)$(if ($Block.Parent.Parent) { 'Context' } else { 'Describing' }) $(Expand-Name $Block.Name $Block)" Green }
}

function Write-BlockError($Block) {
    Write-Report "[-] $(if ($Block.Name) { "$($Block.Name)" } else { $Block.File }) failed" Red
    Write-Failure $Block.Error '  '
}

function Write-TestResult($Test) {
    $isDetailed = $script:Run.Output -eq 'Detailed'
    if (-not $isDetailed -and $Test.Result -ne 'Failed') { return }
    $margin = if ($isDetailed) { (Get-Margin $Test) + ' ' } else { '' }
    $name = if ($isDetailed) { $Test.ExpandedName } else { $Test.ExpandedPath }
    $milliseconds = "$([int] $Test.Duration.TotalMilliseconds)ms"
    switch ($Test.Result) {
        Passed { Write-Report "$margin[+] $name $milliseconds" DarkGreen }
        Skipped { Write-Report "$margin[!] $name$(if ($Test.ErrorRecord) { " $($Test.ErrorRecord[0])" })" Yellow }
        Failed {
            Write-Report "$margin[-] $name $milliseconds" Red
            foreach ($failure in $Test.ErrorRecord) { Write-Failure $failure "$margin  " }
        }
    }
}

function Write-Failure($ErrorRecord, [string] $Margin) {
    $isAssertion = $ErrorRecord.FullyQualifiedErrorId -eq 'PesterAssertionFailed'
    $text = if ($isAssertion) { "$ErrorRecord" } else { "$($ErrorRecord.Exception.GetType().Name): $ErrorRecord" }
    foreach ($line in $text -split '\r?\n') { Write-Report "$Margin$line" Red }
    # The innermost line of the tests' own comes first; the frames of this module say nothing about the failure.
    $frames = @($ErrorRecord.ScriptStackTrace -split '\r?\n' | Where-Object { $_ -and -not $_.Contains($PSScriptRoot) -and $_ -notmatch '<No file>' })
    foreach ($frame in $frames) { Write-Report "$Margin$frame" Red }
}

function Write-Summary($Result) {
    Write-Report "Tests completed in $([Math]::Round($Result.Duration.TotalSeconds, 2))s"
    Write-Report ("Tests Passed: {0}, Failed: {1}, Skipped: {2}, Inconclusive: 0, NotRun: {3}" -f
        $Result.PassedCount, $Result.FailedCount, $Result.SkippedCount, $Result.NotRunCount) $(if ($Result.Result -eq 'Passed') { 'Green' } else { 'Red' })
    if ($Result.FailedBlocksCount) { Write-Report "BeforeAll \ AfterAll failed: $($Result.FailedBlocksCount)" Red }
    if ($Result.FailedContainersCount) { Write-Report "Container failed: $($Result.FailedContainersCount)" Red }
}
