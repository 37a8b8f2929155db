# Which tests run.

function Get-Test($Block) {
    foreach ($item in $Block.Items) {
        if ($item.Kind -eq 'Test') { $item } else { Get-Test $item }
    }
}

function Test-Chosen($Test, $Filter) {
    $tags = @($Test.Tag) + @(Get-Ancestor $Test | ForEach-Object Tag)
    $fullName = Get-FullName $Test
    $isExcluded = Test-AnyLike $tags $Filter.ExcludeTag
    $isTagged = -not $Filter.Tag -or (Test-AnyLike $tags $Filter.Tag)
    $isNamed = -not $Filter.FullName -or (Test-AnyLike @($fullName) $Filter.FullName)
    -not $isExcluded -and $isTagged -and $isNamed
}

function Test-AnyLike([string[]] $Values, [string[]] $Patterns) {
    foreach ($pattern in $Patterns) {
        foreach ($value in $Values) {
            if ($value -and $value -like $pattern) { return $true }
        }
    }
    $false
}

function Get-Ancestor($Item) {
    for ($block = $Item.Parent; $block; $block = $block.Parent) { $block }
}

function Get-FullName($Test) {
    $names = @(Get-Ancestor $Test | Where-Object Name | ForEach-Object { Expand-Name $_.Name $_ })
    [array]::Reverse($names)
    ($names + (Expand-Name $Test.Name $Test)) -join '.'
}

# '<name>' in a title stands for a value of the test's data, or of the blocks around it; '<_>' for the item itself.
function Expand-Name([string] $Name, $Item) {
    [regex]::Replace($Name, '<([\w.]+)>', {
            param($match)
            $first, $members = $match.Groups[1].Value -split '\.'
            foreach ($owner in @($Item) + @(Get-Ancestor $Item)) {
                $data = $owner.Data
                if ($null -eq $data) { continue }
                if ($first -eq '_') { $value = $data }
                elseif ($data -is [System.Collections.IDictionary] -and $data.Contains($first)) { $value = $data[$first] }
                else { continue }
                foreach ($member in $members) { $value = $value.$member }
                return $(if ($null -eq $value) { '$null' } else { [string] $value })
            }
            $match.Value
        })
}
