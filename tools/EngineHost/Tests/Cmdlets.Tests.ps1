# The stand-ins for pwsh's cmdlets: each row would say the same in pwsh.

Describe 'The cmdlets of pwsh' {
    BeforeAll {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'folder')
        Set-Content (Join-Path $folder 'a.txt') 'one', 'two', 'three'
        $null = New-Item -ItemType Directory (Join-Path $folder 'sub')
        Set-Content (Join-Path $folder 'sub/b.log') 'four'
    }

    It '<Expression> is <Expected>' -ForEach @(
        @{ Expression = { 1..5 | Select-Object -First 2 }; Expected = 1, 2 }
        @{ Expression = { 1..5 | Select-Object -Last 2 }; Expected = 4, 5 }
        @{ Expression = { 1..5 | Select-Object -Skip 1 -First 2 }; Expected = 2, 3 }
        @{ Expression = { 1..5 | Select-Object -SkipLast 3 }; Expected = 1, 2 }
        @{ Expression = { 'a'..'e' | Select-Object -Index 3, 1 }; Expected = 'b', 'd' }
        @{ Expression = { 1, 2, 1 | Select-Object -Unique }; Expected = 1, 2 }
        @{ Expression = { [pscustomobject]@{ N = 1; M = 2 } | Select-Object M, @{ n = 'L'; e = { $_.N + 1 } } | ForEach-Object { "$_" } }; Expected = '@{M=2; L=2}' }
        @{ Expression = { @{ A = 1, 2 } | Select-Object -ExpandProperty A }; Expected = 1, 2 }
        @{ Expression = { 'b', 'C', 'a' | Sort-Object }; Expected = 'a', 'b', 'C' }
        @{ Expression = { 3, 1, 2 | Sort-Object -Descending -Top 2 }; Expected = 3, 2 }
        @{ Expression = { 2, 1, 2 | Sort-Object -Unique }; Expected = 1, 2 }
        @{ Expression = { 'bb', 'a', 'cc' | Sort-Object Length, { $_ } -Descending }; Expected = 'cc', 'bb', 'a' }
        @{ Expression = { 1..6 | Group-Object { $_ % 2 } | ForEach-Object { "$($_.Name):$($_.Count)" } }; Expected = '0:3', '1:3' }
        @{ Expression = { ('x', 'y', 'x' | Group-Object -AsHashTable -AsString)['x'].Count }; Expected = 2 }
        @{ Expression = { $m = 1..4 | Measure-Object -Sum -Average -Maximum; $m.Count, $m.Sum, $m.Average, $m.Maximum }; Expected = 4, 10, 2.5, 4 }
        @{ Expression = { [ordered]@{ a = 1; b = $null; c = @(@{ d = [guid]::Empty }) } | ConvertTo-Json -Compress }; Expected = '{"a":1,"b":null,"c":[{"d":"00000000-0000-0000-0000-000000000000"}]}' }
        @{ Expression = { ConvertTo-Json @(1) -Compress }; Expected = '[1]' }
        @{ Expression = { ('{"a":[1,{"b":2}]}' | ConvertFrom-Json).a[1].b }; Expected = 2 }
        @{ Expression = { ('{"a":1}' | ConvertFrom-Json -AsHashtable).Keys }; Expected = 'a' }
        @{ Expression = { Get-Date '2020-02-03 04:05:06' -Format 'yyyyMMddHHmmss' }; Expected = '20200203040506' }
        @{ Expression = { (New-TimeSpan -Minutes 2).TotalSeconds }; Expected = 120 }
        @{ Expression = { ([pscustomobject]@{ a = 1 } | Add-Member b 2 -PassThru | Add-Member ScriptProperty c { $this.a + $this.b } -PassThru).c }; Expected = 3 }
        @{ Expression = { $x = 1; & { Set-Variable x 2 -Scope 1; $x }; $x }; Expected = 2, 2 }
        @{ Expression = { Write-Error 'e' -ErrorId 'Id' -ErrorAction SilentlyContinue -ErrorVariable e; "$($e[0])", $e[0].CategoryInfo.Activity }; Expected = 'e', 'Write-Error' }
        @{ Expression = { Write-Host a, b -Separator '-' 6>&1 | ForEach-Object { "$_" } }; Expected = 'a-b' }
        @{ Expression = { (1, 2 | Out-String -Stream) -join ',' }; Expected = '1,2' }
        @{ Expression = { ([pscustomobject]@{ Name = 'n'; Size = 5 } | Format-Table | Out-String).Trim() -split '\r?\n' }; Expected = 'Name Size', '---- ----', 'n       5' }
        @{ Expression = { 'text' > (Join-Path $folder 'c.tmp'); Get-Content (Join-Path $folder 'c.tmp'); Remove-Item (Join-Path $folder 'c.tmp') }; Expected = 'text' }
        @{ Expression = { Get-Content (Join-Path $folder 'a.txt') -Tail 1 }; Expected = 'three' }
        @{ Expression = { (Get-Content (Join-Path $folder 'a.txt') -Raw).Length }; Expected = "one|two|three|".Replace('|', [Environment]::NewLine).Length }
        @{ Expression = { (Select-String 't' (Join-Path $folder 'a.txt')).LineNumber }; Expected = 2, 3 }
        @{ Expression = { (Get-ChildItem $folder).Name }; Expected = 'sub', 'a.txt' }
        @{ Expression = { (Get-ChildItem $folder -Recurse -File -Filter *.log).Name }; Expected = 'b.log' }
        @{ Expression = { Test-Path $folder -PathType Container; Test-Path (Join-Path $folder 'no*') }; Expected = $true, $false }
        @{ Expression = { Split-Path /a/b.c -Leaf; Split-Path /a/b.c -LeafBase; Split-Path /a/b.c -Extension }; Expected = 'b.c', 'b', '.c' }
        @{ Expression = { (Get-Process -Id $PID).Id -eq $PID }; Expected = $true }
        @{ Expression = { (Start-Process ([Environment]::ProcessPath) '-c', '"exit 3"' -Wait -PassThru).ExitCode }; Expected = 3 }
    ) {
        & $Expression | Should -Be $Expected
    }

    It 'has the errors of pwsh: <Id>' -ForEach @(
        @{ Script = { Get-Item nowhere -ErrorAction Stop }; Id = 'PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand' }
        @{ Script = { Get-ChildItem nowhere -Recurse -ErrorAction Stop }; Id = 'PathNotFound,Microsoft.PowerShell.Commands.GetChildItemCommand' }
        @{ Script = { Get-Process -Id 2147483647 -ErrorAction Stop }; Id = 'NoProcessFoundForGivenId,Microsoft.PowerShell.Commands.GetProcessCommand' }
        @{ Script = { Get-Content nowhere -Wait }; Id = 'NamedParameterNotFound,Microsoft.PowerShell.Commands.GetContentCommand' }
    ) {
        $Script | Should -Throw -ErrorId $Id
    }

    It 'leaves a pipeline early' {
        $seen = [System.Collections.Generic.List[int]]::new()
        1..1000 | ForEach-Object { $seen.Add($_); $_ } | Select-Object -First 2 | Should -Be 1, 2
        $seen.Count | Should -Be 2
    }
}
