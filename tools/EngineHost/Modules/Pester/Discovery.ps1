# The first phase: a test file is run, and with it the bodies of Describe and Context. That leaves a tree of blocks and tests.

function New-Block([string] $Name, $Parent, $Data, [string[]] $Tag, [bool] $Skip) {
    [pscustomobject]@{
        Kind   = 'Block'
        Name   = $Name
        Parent = $Parent
        Data   = $Data
        Tag    = $Tag
        Skip   = $Skip -or ($Parent -and $Parent.Skip)
        Setup  = @{ BeforeAll = $null; BeforeEach = $null; AfterEach = $null; AfterAll = $null }
        Items  = [System.Collections.Generic.List[object]]::new()
        Error  = $null
    }
}

function New-Test([string] $Name, $Parent, $Data, [string[]] $Tag, [bool] $Skip, [scriptblock] $Body) {
    [pscustomobject]@{
        Kind         = 'Test'
        Name         = $Name
        ExpandedName = $Name
        ExpandedPath = $Name
        Parent       = $Parent
        Data         = $Data
        Tag          = $Tag
        Skip         = $Skip -or $Parent.Skip
        Body         = $Body
        Chosen       = $true
        Result       = 'NotRun'
        ErrorRecord  = $null
        Duration     = [timespan]::Zero
    }
}

function Add-Block([string] $Name, [scriptblock] $Fixture, $ForEach, [bool] $HasData, [string[]] $Tag, [bool] $Skip) {
    $items = Get-DataItem $ForEach $HasData
    foreach ($data in $items) {
        $parent = Get-Current
        $block = New-Block $Name $parent $data $Tag $Skip
        $parent.Items.Add($block)
        $script:Run.Current = $block
        try {
            & $script:Run.DiscoverBlock $Fixture (Get-DataVariable $data $HasData)
        }
        finally {
            $script:Run.Current = $parent
        }
    }
}

function Describe {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [scriptblock] $Fixture,
        [AllowEmptyCollection()] [AllowNull()] $ForEach,
        [string[]] $Tag,
        [switch] $Skip
    )
    Add-Block $Name $Fixture $ForEach $PSBoundParameters.ContainsKey('ForEach') $Tag $Skip
}

function Context {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [scriptblock] $Fixture,
        [AllowEmptyCollection()] [AllowNull()] $ForEach,
        [string[]] $Tag,
        [switch] $Skip
    )
    Add-Block $Name $Fixture $ForEach $PSBoundParameters.ContainsKey('ForEach') $Tag $Skip
}

function It {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory, Position = 0)] [string] $Name,
        [Parameter(Mandatory, Position = 1)] [scriptblock] $Test,
        [Alias('TestCases')] [AllowEmptyCollection()] [AllowNull()] $ForEach,
        [string[]] $Tag,
        [switch] $Skip
    )
    $parent = Get-Current
    $items = Get-DataItem $ForEach $PSBoundParameters.ContainsKey('ForEach')
    foreach ($data in $items) {
        $parent.Items.Add((New-Test $Name $parent $data $Tag $Skip $Test))
    }
}

function BeforeAll([Parameter(Mandatory)] [scriptblock] $Scriptblock) { Add-Setup BeforeAll $Scriptblock }
function BeforeEach([Parameter(Mandatory)] [scriptblock] $Scriptblock) { Add-Setup BeforeEach $Scriptblock }
function AfterEach([Parameter(Mandatory)] [scriptblock] $Scriptblock) { Add-Setup AfterEach $Scriptblock }
function AfterAll([Parameter(Mandatory)] [scriptblock] $Scriptblock) { Add-Setup AfterAll $Scriptblock }

# Runs where it stands, its variables serving the rest of the discovery.
function BeforeDiscovery([Parameter(Mandatory)] [scriptblock] $ScriptBlock) {
    $null = Get-Current
    . $ScriptBlock
}

function Add-Setup([string] $Phase, [scriptblock] $Body) {
    $setup = (Get-Current).Setup
    if ($setup[$Phase]) { throw "$Phase is already defined in this block." }
    $setup[$Phase] = $Body
}

function Get-Current {
    if (-not $script:Run -or -not $script:Run.Current) {
        throw 'This belongs in the discovery phase of a *.Tests.ps1 file, run by Invoke-Pester.'
    }
    $script:Run.Current
}

# The items of -ForEach; one that is nothing without it. Pester 6 refuses an empty list, for it hides tests.
function Get-DataItem($ForEach, [bool] $HasData) {
    if ($HasData -and @($ForEach).Count -eq 0) { throw 'The value of -ForEach is null or empty.' }
    , @(if ($HasData) { $ForEach } else { $null })
}

# An item of -ForEach is $_; the keys of a hashtable are variables as well.
function Get-DataVariable($Data, [bool] $HasData) {
    $variables = @{}
    if ($HasData) {
        if ($Data -is [System.Collections.IDictionary]) {
            foreach ($key in $Data.Keys) { $variables[[string] $key] = $Data[$key] }
        }
        $variables['_'] = $Data
    }
    $variables
}
