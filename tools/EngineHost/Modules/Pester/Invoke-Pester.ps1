function Invoke-Pester {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [string[]] $Path = '.',
        [Alias('Tag')] [string[]] $TagFilter,
        [Alias('ExcludeTag')] [string[]] $ExcludeTagFilter,
        [string[]] $FullNameFilter,
        [ValidateSet('Detailed', 'Normal', 'None')] [string] $Output = 'Normal',
        [switch] $CI,
        [switch] $PassThru
    )
    $outer = $script:Run
    $script:Run = @{
        Output       = $Output
        Filter       = @{ Tag = $TagFilter; ExcludeTag = $ExcludeTagFilter; FullName = $FullNameFilter }
        Current      = $null
        CurrentTest  = $null
        TestDrive    = $null
        FailedBlocks = [System.Collections.Generic.List[object]]::new()
    }
    # A script block made in the caller's session state stays at home there.
    foreach ($name in $script:ScopeSources.Keys) {
        $script:Run[$name] = $PSCmdlet.InvokeCommand.InvokeScript($PSCmdlet.SessionState, [scriptblock]::Create("{ $($script:ScopeSources[$name]) }"))[0]
    }

    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    try {
        $failedFiles = 0
        $roots = foreach ($file in Get-TestFile $Path) {
            $root = Find-FileTest $file
            if ($root.Error) { $failedFiles++ } else { $root }
        }
        foreach ($root in $roots) { Invoke-File $root }
        $tests = @($roots | ForEach-Object { Get-Test $_ })
        $result = New-Result $tests $failedFiles $script:Run.FailedBlocks.Count $watch.Elapsed
        Write-Summary $result
    }
    finally {
        $script:Run = $outer
    }

    if ($PassThru) { $result }
    if ($CI) {
        $failures = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
        if ($failures) { exit [Math]::Min($failures, 255) }
    }
}

function Get-TestFile([string[]] $Path) {
    $files = foreach ($item in Get-Item -Path $Path) {
        if ($item.PSIsContainer) { Get-ChildItem -LiteralPath $item.FullName -Recurse -File -Filter *.Tests.ps1 } else { $item }
    }
    if (-not $files) { throw "No test files were found in $Path." }
    $files | Sort-Object FullName -Unique | ForEach-Object FullName
}

function Find-FileTest([string] $File) {
    $root = New-Block '' $null $null @() $false
    $root | Add-Member -NotePropertyName File -NotePropertyValue $File
    $script:Run.Current = $root
    try {
        $null = & $script:Run.File $File
        foreach ($test in Get-Test $root) {
            $test.Chosen = Test-Chosen $test $script:Run.Filter
        }
    }
    catch {
        $root.Error = $_
        Write-Report "[-] Discovery in $File failed with:" Red
        Write-Failure $_ '  '
    }
    finally {
        $script:Run.Current = $null
    }
    $root
}

function Invoke-File($Root) {
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $script:Run.TestDrive = New-TestDrive
    try {
        Invoke-Block $Root @{ TestDrive = $script:Run.TestDrive }
    }
    finally {
        Remove-TestDrive $script:Run.TestDrive
    }
    if ($script:Run.Output -eq 'Normal') {
        $isFailed = $Root.Error -or (Get-Test $Root | Where-Object Result -EQ 'Failed')
        Write-Report "[$(if ($isFailed) { '-' } else { '+' })] $($Root.File) $([int] $watch.Elapsed.TotalMilliseconds)ms" $(if ($isFailed) { 'Red' } else { 'Green' })
    }
}

function New-Result($Tests, [int] $FailedFiles, [int] $FailedBlocks, [timespan] $Duration) {
    $by = @{ Passed = @(); Failed = @(); Skipped = @(); NotRun = @() }
    foreach ($group in $Tests | Group-Object Result) { $by[$group.Name] = @($group.Group) }
    [pscustomobject]@{
        Result                = $(if ($by.Failed -or $FailedFiles -or $FailedBlocks) { 'Failed' } else { 'Passed' })
        PassedCount           = $by.Passed.Count
        FailedCount           = $by.Failed.Count
        SkippedCount          = $by.Skipped.Count
        NotRunCount           = $by.NotRun.Count
        TotalCount            = @($Tests).Count
        FailedBlocksCount     = $FailedBlocks
        FailedContainersCount = $FailedFiles
        Duration              = $Duration
        Tests                 = @($Tests)
        Passed                = $by.Passed
        Failed                = $by.Failed
        Skipped               = $by.Skipped
    }
}
