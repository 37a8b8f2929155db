# What Should can check. Messages are worded as Pester words them.
#
# Each operator: a check that returns a complaint or nothing; whether it looks at the pipeline's input as a whole; whether it
# takes an expected value; and what its check needs to know.
function New-Operator([scriptblock] $Check, [switch] $TakesCollection, [switch] $NeedsExpected, [hashtable] $Detail) {
    @{ Check = $Check; TakesCollection = [bool] $TakesCollection; NeedsExpected = [bool] $NeedsExpected; Detail = $Detail }
}

# A complaint for a check that came out wrong: one wording for 'is not' and one for 'is'.
function Get-Complaint($Check, [bool] $Holds, [string] $Message, [string] $NotMessage) {
    if ($Holds -eq $Check.Not) { if ($Check.Not) { $NotMessage } else { $Message } }
}

function New-Comparison([string] $Phrase, [scriptblock] $Holds) {
    New-Operator -NeedsExpected -Detail @{ Phrase = $Phrase; Holds = $Holds } -Check {
        param($check)
        $end = "be $($check.Detail.Phrase) $(Format-Value $check.Expected),$($check.Because) but got $(Format-Value $check.Actual)."
        Get-Complaint $check (& $check.Detail.Holds $check.Actual $check.Expected) "Expected the actual value to $end" "Expected the actual value to not $end"
    }
}

function New-PatternMatch([string] $Kind, [scriptblock] $Holds) {
    New-Operator -NeedsExpected -Detail @{ Kind = $Kind; Holds = $Holds } -Check {
        param($check)
        $start = "Expected $($check.Detail.Kind) $(Format-Value $check.Expected) to"
        $end = "match $(Format-Value $check.Actual),$($check.Because) but it did"
        Get-Complaint $check (& $check.Detail.Holds $check.Actual $check.Expected) "$start $end not match." "$start not $end match."
    }
}

function New-Equality([bool] $CaseSensitive) {
    New-Operator -TakesCollection -NeedsExpected -Detail @{ CaseSensitive = $CaseSensitive } -Check {
        param($check)
        $caseSensitive = $check.Detail.CaseSensitive
        $word = if ($caseSensitive) { ' exactly' } else { '' }
        $actual, $expected = $check.Actual, $check.Expected
        if ((Test-Equal $actual $expected $caseSensitive) -ne $check.Not) { return }
        if ($check.Not) { return "Expected $(Format-Value $expected) to be different from the actual value,$($check.Because) but got$word the same value." }
        # One object of the pipeline is that object.
        if (@($actual).Count -eq 1) { $actual = @($actual)[0] }
        if ($actual -is [string] -and $expected -is [string]) { return Format-StringDifference $expected $actual $caseSensitive $check.Because }
        "Expected$word $(Format-Value $expected),$($check.Because) but got $(Format-Value $actual)."
    }
}

# Collections are equal item by item; a collection of one is equal to its item.
function Test-Equal($Actual, $Expected, [bool] $CaseSensitive) {
    $Actual, $Expected = @($Actual), @($Expected)
    $isEmpty = foreach ($side in $Actual, $Expected) { $side.Count -eq 0 -or ($side.Count -eq 1 -and $null -eq $side[0]) }
    if ($isEmpty -contains $true) { return $isEmpty[0] -and $isEmpty[1] }
    if ($Actual.Count -ne $Expected.Count) { return $false }
    for ($i = 0; $i -lt $Actual.Count; $i++) {
        $left, $right = $Actual[$i], $Expected[$i]
        $equal =
        if ($left -is [array] -or $right -is [array]) { Test-Equal $left $right $CaseSensitive }
        elseif ($CaseSensitive) { $right -ceq $left }
        else { $right -eq $left }
        if (-not $equal) { return $false }
    }
    $true
}

function Resolve-ExpectedType($Type) {
    if ($Type -is [type]) { return $Type }
    $resolved = ([string] $Type -replace '^\[(.*)\]$', '$1') -as [type]
    if (-not $resolved) { throw "Could not find type [$Type]. Make sure that the assembly that contains that type is loaded." }
    $resolved
}

$script:Operators = @{
    Be               = New-Equality $false
    BeExactly        = New-Equality $true
    BeTrue           = New-Operator {
        param($check)
        Get-Complaint $check ([bool] $check.Actual) "Expected `$true,$($check.Because) but got $(Format-Value $check.Actual)." "Expected `$false,$($check.Because) but got $(Format-Value $check.Actual)."
    }
    BeFalse          = New-Operator {
        param($check)
        Get-Complaint $check (-not $check.Actual) "Expected `$false,$($check.Because) but got $(Format-Value $check.Actual)." "Expected `$true,$($check.Because) but got $(Format-Value $check.Actual)."
    }
    BeNullOrEmpty    = New-Operator -TakesCollection {
        param($check)
        $actual = @($check.Actual)
        $first = $actual | Select-Object -First 1
        $isEmpty = $actual.Count -eq 0 -or ($actual.Count -eq 1 -and ($(if ($first -is [hashtable]) { $first.Count -eq 0 } else { [string]::IsNullOrEmpty($first) })))
        $shown = if ($actual.Count -eq 1) { $actual[0] } else { $actual }
        Get-Complaint $check $isEmpty "Expected `$null or empty,$($check.Because) but got $(Format-Value $shown)." "Expected a value,$($check.Because) but got `$null or empty."
    }
    BeGreaterThan    = New-Comparison 'greater than' { $args[0] -gt $args[1] }
    BeGreaterOrEqual = New-Comparison 'greater than or equal to' { $args[0] -ge $args[1] }
    BeLessThan       = New-Comparison 'less than' { $args[0] -lt $args[1] }
    BeLessOrEqual    = New-Comparison 'less than or equal to' { $args[0] -le $args[1] }
    BeLike           = New-PatternMatch 'like wildcard' { $args[0] -like $args[1] }
    BeLikeExactly    = New-PatternMatch 'case sensitive like wildcard' { $args[0] -clike $args[1] }
    Match            = New-PatternMatch 'regular expression' { $args[0] -match $args[1] }
    MatchExactly     = New-PatternMatch 'case sensitive regular expression' { $args[0] -cmatch $args[1] }
    BeOfType         = New-Operator -NeedsExpected {
        param($check)
        $type = Resolve-ExpectedType $check.Expected
        $actualType = if ($null -ne $check.Actual) { $check.Actual.GetType() }
        $but = "have type $(Format-Value $type) or any of its subtypes,$($check.Because) but got $(Format-Value $check.Actual) with type $(Format-Value $actualType)."
        Get-Complaint $check ($check.Actual -is $type) "Expected the value to $but" "Expected the value to not $but"
    }
    BeIn             = New-Operator -NeedsExpected {
        param($check)
        $start = "Expected collection $(Format-Value $check.Expected) to"
        $end = "contain $(Format-Value $check.Actual),$($check.Because) but it was"
        Get-Complaint $check ($check.Expected -contains $check.Actual) "$start $end not found." "$start not $end found."
    }
    Contain          = New-Operator -TakesCollection -NeedsExpected {
        param($check)
        $start = "Expected $(Format-Value $check.Expected) to"
        $end = "be found in collection $(Format-Value $check.Actual),$($check.Because) but it was"
        Get-Complaint $check ($check.Actual -contains $check.Expected) "$start $end not found." "$start not $end found."
    }
    HaveCount        = New-Operator -TakesCollection -NeedsExpected {
        param($check)
        $count = if ($null -eq $check.Actual) { 0 } else { @($check.Actual).Count }
        $expected = [int] $check.Expected
        $but = "$($check.Because) but got collection with size $count $(Format-Value $check.Actual)."
        Get-Complaint $check ($count -eq $expected) "Expected a collection with size $expected,$but" "Expected a collection with size different from $expected,$but"
    }
    Exist            = New-Operator {
        param($check)
        $path = Format-Value $check.Actual
        Get-Complaint $check (Test-Path $check.Actual) "Expected path $path to exist,$($check.Because) but it did not exist." "Expected path $path to not exist,$($check.Because) but it did exist."
    }
    Throw            = New-Operator { param($check) Get-ThrowComplaint $check }
}
