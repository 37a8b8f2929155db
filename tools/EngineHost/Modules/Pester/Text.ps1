# How values look in messages.

function Format-Value($Value) {
    if ($null -eq $Value) { '$null' }
    elseif ($Value -is [string]) { "'$Value'" }
    elseif ($Value -is [bool]) { "`$$("$Value".ToLowerInvariant())" }
    elseif ($Value -is [type]) { "[$($Value.FullName)]" }
    elseif ($Value -is [scriptblock]) { "{$Value}" }
    elseif ($Value -is [datetime] -or $Value -is [datetimeoffset]) { $Value.ToString('o') }
    elseif ($Value -is [System.Collections.IDictionary]) {
        "@{$(@($Value.Keys | Sort-Object { "$_" } | ForEach-Object { "$_=$(Format-Value $Value[$_])" }) -join '; ')}"
    }
    elseif ($Value -is [System.Collections.IEnumerable]) { "@($(@($Value | ForEach-Object { Format-Value $_ }) -join ', '))" }
    elseif ($Value -is [System.Management.Automation.PSCustomObject]) {
        "PSObject{$(@($Value.PSObject.Properties | ForEach-Object { "$($_.Name)=$(Format-Value $_.Value)" }) -join '; ')}"
    }
    else { [string] $Value }
}

function Format-Because([string] $Because) {
    if ($Because.Trim()) { " because $($Because.Trim() -replace '^because\s+')," }
}

function Format-StringDifference([string] $Expected, [string] $Actual, [bool] $CaseSensitive, [string] $BecauseText) {
    $length = [Math]::Max($Expected.Length, $Actual.Length)
    for ($index = 0; $index -lt $length; $index++) {
        $left, $right = $Expected[$index], $Actual[$index]
        if ($(if ($CaseSensitive) { $left -cne $right } else { $left -ne $right })) { break }
    }
    @(
        "Expected strings to be the same,$BecauseText but they were different."
        if ($Expected.Length -eq $Actual.Length) { "String lengths are both $($Expected.Length)." }
        else { "Expected length: $($Expected.Length)"; "Actual length:   $($Actual.Length)" }
        "Strings differ at index $index."
        "Expected: '$(ConvertTo-OneLine $Expected)'"
        "But was:  '$(ConvertTo-OneLine $Actual)'"
        ' ' * 11 + '-' * (ConvertTo-OneLine $Actual.Substring(0, [Math]::Min($index, $Actual.Length))).Length + '^'
    ) -join "`n"
}

function ConvertTo-OneLine([string] $Text) {
    $Text.Replace("`r", '\r').Replace("`n", '\n').Replace("`t", '\t').Replace([string][char]27, '\e')
}
