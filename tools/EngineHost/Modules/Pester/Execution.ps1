# The second phase: the tree is walked, and set-ups and tests are run.

# These run in the session state that called Invoke-Pester, where the test files' script blocks are at home: each call makes
# a scope there, and what is dot-sourced into it is seen by the blocks and tests below, and by nothing else.
$script:ScopeSources = @{
    File          = 'param($______path) & $______path'
    DiscoverBlock = '
        param($______fixture, $______variables)
        foreach ($______name in $______variables.Keys) { Set-Variable -Name $______name -Value $______variables[$______name] }
        $null = . $______fixture'
    Block         = '
        param($______pester)
        foreach ($______name in $______pester.Variables.Keys) { Set-Variable -Name $______name -Value $______pester.Variables[$______name] }
        try {
            try { if ($______pester.BeforeAll) { $null = . $______pester.BeforeAll } } catch { $______pester.Errors.Add($_) }
            & $______pester.Continue $______pester
        }
        finally {
            try { if ($______pester.AfterAll) { $null = . $______pester.AfterAll } } catch { $______pester.Errors.Add($_) }
        }'
    Test          = '
        param($______pester)
        foreach ($______name in $______pester.Variables.Keys) { Set-Variable -Name $______name -Value $______pester.Variables[$______name] }
        try {
            try {
                do {
                    foreach ($______step in $______pester.Before) { $null = . $______step }
                    $______splat = $______pester.Parameters
                    $null = . $______pester.Body @______splat
                } until ($true)
            }
            catch { $______pester.Errors.Add($_) }
        }
        finally {
            foreach ($______step in $______pester.After) {
                try { $null = . $______step } catch { $______pester.Errors.Add($_) }
            }
        }'
}

function Invoke-Block($Block, [hashtable] $Extra = @{}) {
    $tests = @(Get-Test $Block | Where-Object Chosen)
    if (-not $tests) { return }
    $drive = Get-TestDriveItem
    Write-BlockStart $Block
    $isSkipped = -not ($tests | Where-Object { -not $_.Skip })
    $frame = @{
        Block     = $Block
        Variables = (Get-DataVariable $Block.Data ($null -ne $Block.Data)) + $Extra
        BeforeAll = $(if (-not $isSkipped) { $Block.Setup.BeforeAll })
        AfterAll  = $(if (-not $isSkipped) { $Block.Setup.AfterAll })
        Errors    = [System.Collections.Generic.List[object]]::new()
        Continue  = {
            param($frame)
            $frame.Block.Error = $frame.Errors | Select-Object -First 1
            foreach ($item in $frame.Block.Items) {
                if ($item.Kind -eq 'Block') { Invoke-Block $item } else { Invoke-Test $item }
            }
        }
    }
    & $script:Run.Block $frame
    if ($frame.Errors.Count -gt 0) {
        $Block.Error = $frame.Errors[0]
        $script:Run.FailedBlocks.Add($Block)
        Write-BlockError $Block
    }
    Clear-TestDrive $drive
}

function Invoke-Test($Test) {
    if (-not $Test.Chosen) { return }
    $Test.ExpandedName = Expand-Name $Test.Name $Test
    $Test.ExpandedPath = Get-FullName $Test
    $blockError = Get-Ancestor $Test | Where-Object Error | ForEach-Object Error | Select-Object -Last 1
    if ($Test.Skip) {
        $Test.Result = 'Skipped'
    }
    elseif ($blockError) {
        $Test.Result = 'Failed'
        $Test.ErrorRecord = @($blockError)
    }
    else {
        Invoke-TestBody $Test
    }
    Write-TestResult $Test
}

function Invoke-TestBody($Test) {
    $ancestors = @(Get-Ancestor $Test)
    $after = @($ancestors | ForEach-Object { $_.Setup.AfterEach } | Where-Object { $_ })
    $before = @($ancestors | ForEach-Object { $_.Setup.BeforeEach } | Where-Object { $_ })
    [array]::Reverse($before)
    $frame = @{
        Variables  = Get-DataVariable $Test.Data ($null -ne $Test.Data)
        Parameters = Get-BodyParameter $Test
        Before     = $before
        Body       = $Test.Body
        After      = $after
        Errors     = [System.Collections.Generic.List[object]]::new()
    }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $script:Run.CurrentTest = $Test
    try { & $script:Run.Test $frame } finally { $script:Run.CurrentTest = $null }
    $Test.Duration = $watch.Elapsed
    $Test.ErrorRecord = @($frame.Errors)
    $Test.Result =
    if ($frame.Errors.Count -eq 0) { 'Passed' }
    elseif ($frame.Errors[0].FullyQualifiedErrorId -eq 'PesterTestSkipped') { 'Skipped' }
    else { 'Failed' }
}

# A test body may declare the data as parameters.
function Get-BodyParameter($Test) {
    $splat = @{}
    if ($Test.Body.Ast.ParamBlock -and $Test.Data -is [System.Collections.IDictionary]) {
        foreach ($parameter in $Test.Body.Ast.ParamBlock.Parameters) {
            $name = $parameter.Name.VariablePath.UserPath
            if ($Test.Data.Contains($name)) { $splat[$name] = $Test.Data[$name] }
        }
    }
    $splat
}

function Set-ItResult {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [switch] $Skipped,
        [string] $Because
    )
    if (-not $script:Run.CurrentTest) { throw 'Set-ItResult belongs in a test.' }
    $message = 'is skipped' + $(if ($Because) { ", because $Because" })
    throw [System.Management.Automation.ErrorRecord]::new([System.Exception]::new($message), 'PesterTestSkipped', 'OperationStopped', $null)
}
