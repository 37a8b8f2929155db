function Should {
    [CmdletBinding()]
    param(
        [Parameter(Position = 0)] [Alias('ExpectedMessage', 'ExpectedType', 'RegularExpression')] [AllowNull()] $ExpectedValue,
        [Parameter(Position = 1)] [string] $Because,
        [Parameter(ValueFromPipeline)] [AllowNull()] $ActualValue,
        [switch] $Not,

        [switch] $Be,
        [switch] $BeExactly,
        [switch] $BeNullOrEmpty,
        [switch] $BeTrue,
        [switch] $BeFalse,
        [switch] $BeGreaterThan,
        [switch] $BeGreaterOrEqual,
        [switch] $BeLessThan,
        [switch] $BeLessOrEqual,
        [switch] $BeOfType,
        [switch] $BeIn,
        [switch] $BeLike,
        [switch] $BeLikeExactly,
        [switch] $Match,
        [switch] $MatchExactly,
        [switch] $Contain,
        [switch] $HaveCount,
        [switch] $Exist,
        [switch] $Throw,

        [string] $ErrorId,
        [type] $ExceptionType,
        [switch] $PassThru
    )
    begin {
        $values = [System.Collections.Generic.List[object]]::new()
    }
    process {
        $values.Add($ActualValue)
    }
    end {
        $operator = @($PSBoundParameters.Keys | Where-Object { $script:Operators.ContainsKey($_) })
        if ($operator.Count -ne 1) { throw "Should takes one operator, and got $($operator.Count): $operator" }
        $operator = $script:Operators[$operator[0]]
        foreach ($name in 'ErrorId', 'ExceptionType', 'PassThru') {
            if ($PSBoundParameters.ContainsKey($name) -and -not $Throw) { throw "-$name goes with -Throw." }
        }
        if ($operator.NeedsExpected -ne $PSBoundParameters.ContainsKey('ExpectedValue') -and -not $Throw) {
            throw "This operator takes $(if ($operator.NeedsExpected) { 'an' } else { 'no' }) expected value."
        }

        # Some operators look at the whole of the pipeline's input, the others at each of its objects.
        $isPiped = $MyInvocation.ExpectingInput
        $actuals =
        if ($values.Count -eq 0) { , $null }
        elseif (-not $operator.TakesCollection) { , @($values) }
        elseif ($isPiped) { , @(, $values.ToArray()) }
        else { , @(, @($ActualValue)) }
        foreach ($actual in @($actuals)) {
            $check = @{
                Actual        = $actual
                Expected      = $ExpectedValue
                Not           = [bool] $Not
                Because       = Format-Because $Because
                Detail        = $operator.Detail
                ErrorId       = $ErrorId
                ExceptionType = $ExceptionType
                PassThru      = $PassThru
            }
            # A check returns its complaint, or nothing.
            $complaint = & $operator.Check $check
            if ($complaint) {
                throw [System.Management.Automation.ErrorRecord]::new(
                    [System.Exception]::new($complaint), 'PesterAssertionFailed', 'InvalidResult', $null)
            }
            if ($check.Output) { $check.Output }
        }
    }
}
