# Should -Throw: runs a script block, and looks at what it throws.

function Get-ThrowComplaint($Check) {
    if ($Check.Actual -isnot [scriptblock]) { throw [System.ArgumentException] 'Input to -Throw must be a script block, in curly braces.' }
    $thrown = $null
    try {
        do { $null = & $Check.Actual } until ($true)
    }
    catch {
        $thrown = $_
    }

    $position = if ($thrown) { (($thrown.InvocationInfo.PositionMessage -split '\r?\n' -match '\S') -join "`n    ") -replace '^At ', ' from ' }
    if ($Check.Not) {
        if ($thrown) { "Expected no exception to be thrown,$($Check.Because) but an exception `"$($thrown.Exception.Message)`" was thrown$position." }
        return
    }

    $wanted, $buts = @(), @()
    if ($Check.ExceptionType) {
        $wanted += "type $(Format-Value $Check.ExceptionType)"
        if ($thrown -and $thrown.Exception -isnot $Check.ExceptionType) { $buts += "the exception type was $(Format-Value $thrown.Exception.GetType())" }
    }
    if ($Check.Expected) {
        $wanted += "message like $(Format-Value ([System.Management.Automation.WildcardPattern]::Unescape($Check.Expected)))"
        if ($thrown -and $thrown.Exception.Message -notlike $Check.Expected) { $buts += "the message was $(Format-Value $thrown.Exception.Message)" }
    }
    if ($Check.ErrorId) {
        $wanted += "FullyQualifiedErrorId $(Format-Value $Check.ErrorId)"
        if ($thrown -and $thrown.FullyQualifiedErrorId -notlike $Check.ErrorId) { $buts += "the FullyQualifiedErrorId was $(Format-Value $thrown.FullyQualifiedErrorId)" }
    }
    if (-not $thrown) { $buts += 'no exception was thrown' }
    if ($buts) {
        $with = if ($wanted) { " with $($wanted -join ' and ')" }
        return "Expected an exception$with to be thrown,$($Check.Because) but $($buts -join ' and ').$position"
    }
    if ($Check.PassThru) { $Check.Output = $thrown }
}
