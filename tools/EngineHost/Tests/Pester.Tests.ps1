# The stand-in for Pester, tested with itself: what holds passes, and what does not hold fails.

Describe 'The two phases' {
    BeforeDiscovery {
        $sums = @{ A = 1; B = 2; Sum = 3 }, @{ A = 5; B = 6; Sum = 11 }
    }
    BeforeAll {
        $shared = 1
        $steps = [System.Collections.Generic.List[string]]::new()
        function Get-Twice($Number) { 2 * $Number }
    }
    BeforeEach {
        $each = 'fresh'
        $steps.Add('before')
    }
    AfterEach {
        $steps.Add("after $each")
    }

    It 'shows tests what BeforeAll and BeforeEach set' {
        $shared | Should -Be 1
        $each | Should -Be 'fresh'
        Get-Twice 4 | Should -Be 8
        $shared = 99
        $each = 'used'
    }
    It 'keeps changes of one test from the next' {
        $shared | Should -Be 1
        $steps -join ',' | Should -Be 'before,after used,before'
    }
    It 'adds <A> and <B>' -ForEach $sums {
        $A + $B | Should -Be $Sum
        $_.Sum | Should -Be $Sum
    }
    It 'takes <_> as it is' -ForEach 1, 2 {
        $_ | Should -BeIn 1, 2
    }
    It 'binds the parameters of a test' -TestCases @{ Value = 'v' } {
        param($Value)
        $Value | Should -Be 'v'
    }
    It 'does not run what is skipped' -Skip {
        throw 'It ran.'
    }
    Context 'in <_>' -ForEach 'one', 'two' {
        BeforeAll {
            $place = $_
            Set-Content TestDrive:/place.txt $place
        }
        It 'runs BeforeAll of a block with its data' {
            $place | Should -Be $_
            Get-Content (Join-Path $TestDrive 'place.txt') | Should -BeExactly $_
        }
    }
    It 'empties TestDrive after a block' {
        'TestDrive:/place.txt' | Should -Not -Exist
    }
}

Describe 'Should' {
    It 'accepts <Test>' -ForEach @(
        @{ Test = { 1, 2, 3 | Should -Be 1, 2, 3 } }
        @{ Test = { 1, 2 | Should -Not -Be 1, 3 } }
        @{ Test = { 'A' | Should -Be 'a' } }
        @{ Test = { 'A' | Should -Not -BeExactly 'a' } }
        @{ Test = { $null, '', @() | ForEach-Object { $_ | Should -BeNullOrEmpty } } }
        @{ Test = { 1, 2 | Should -Not -BeNullOrEmpty } }
        @{ Test = { $true | Should -BeTrue; $false | Should -BeFalse } }
        @{ Test = { 2 | Should -BeGreaterThan 1; 2 | Should -BeGreaterOrEqual 2 } }
        @{ Test = { 1 | Should -BeLessThan 2; 1 | Should -BeLessOrEqual 1 } }
        @{ Test = { 'x' | Should -BeOfType string; 1 | Should -Not -BeOfType ([string]) } }
        @{ Test = { 'hello' | Should -BeLike 'H*'; 'hello' | Should -Not -BeLikeExactly 'H*' } }
        @{ Test = { 'hello' | Should -Match '^H'; 'hello' | Should -Not -MatchExactly '^H' } }
        @{ Test = { 1, 2 | Should -Contain 2; 1, 2 | Should -HaveCount 2; @() | Should -HaveCount 0 } }
        @{ Test = { { throw 'boom' } | Should -Throw 'bo*' -ErrorId boom -ExceptionType ([System.Management.Automation.RuntimeException]) } }
        @{ Test = { { Get-Item nowhere -ErrorAction Stop } | Should -Throw -ErrorId 'PathNotFound*' } }
        @{ Test = { { } | Should -Not -Throw } }
    ) {
        $Test | Should -Not -Throw
    }

    It 'refuses <Test>' -ForEach @(
        @{ Test = { 1 | Should -Be 2 -Because 'it is so' }; Message = 'Expected 2, because it is so, but got 1.' }
        @{ Test = { $null | Should -Be 1 }; Message = 'Expected 1, but got $null.' }
        @{ Test = { 1 | Should -Not -Be 1 }; Message = 'Expected 1 to be different from the actual value, but got the same value.' }
        @{ Test = { 'abc' | Should -BeExactly 'abC' }; Message = 'Expected strings to be the same, but they were different.*Strings differ at index 2.*' }
        @{ Test = { 1, 2 | Should -HaveCount 3 }; Message = 'Expected a collection with size 3, but got collection with size 2 @(1, 2).' }
        @{ Test = { 1, 2 | Should -Contain 3 }; Message = 'Expected 3 to be found in collection @(1, 2), but it was not found.' }
        @{ Test = { 3 | Should -BeIn 1, 2 }; Message = 'Expected collection @(1, 2) to contain 3, but it was not found.' }
        @{ Test = { 1 | Should -BeNullOrEmpty }; Message = 'Expected $null or empty, but got 1.' }
        @{ Test = { $null | Should -Not -BeNullOrEmpty }; Message = 'Expected a value, but got $null or empty.' }
        @{ Test = { 0 | Should -BeTrue }; Message = 'Expected $true, but got 0.' }
        @{ Test = { 1 | Should -BeGreaterThan 1 }; Message = 'Expected the actual value to be greater than 1, but got 1.' }
        @{ Test = { 1 | Should -BeOfType string }; Message = 'Expected the value to have type * or any of its subtypes, but got 1 with type *int*' }
        @{ Test = { 'a' | Should -Match 'b' }; Message = "Expected regular expression 'b' to match 'a', but it did not match." }
        @{ Test = { 'nowhere' | Should -Exist }; Message = "Expected path 'nowhere' to exist, but it did not exist." }
        @{ Test = { {} | Should -Throw }; Message = 'Expected an exception to be thrown, but no exception was thrown.' }
        @{ Test = { { throw 'x' } | Should -Throw 'y' }; Message = "Expected an exception with message like 'y' to be thrown, but the message was 'x'.*" }
        @{ Test = { { throw 'x' } | Should -Not -Throw }; Message = 'Expected no exception to be thrown, but an exception "x" was thrown*' }
    ) {
        $Test | Should -Throw $Message -ErrorId 'PesterAssertionFailed'
    }

    It 'refuses what it does not know' {
        { 1 | Should -BeFancy } | Should -Throw -ErrorId 'NamedParameterNotFound*'
    }
}

Describe 'Invoke-Pester' {
    BeforeAll {
        # All the samples run in one child, for the sake of time.
        $samples = @{
            'all is well'                  = 'Describe d { It i { 1 | Should -Be 1 } }'
            'a test fails'                 = "Describe d {`n    It i {`n        1 | Should -Be 2`n    }`n    It j { }`n}"
            'a test throws'                = 'Describe d { It i { throw "x" } }'
            'a test skips itself'          = 'Describe d { It i { Set-ItResult -Skipped -Because "of this" } }'
            'AfterEach throws'             = 'Describe d { AfterEach { throw "x" }; It i { } }'
            'BeforeAll throws'             = 'Describe d { BeforeAll { throw "x" }; It i { }; It j { } }'
            'AfterAll throws'              = 'Describe d { AfterAll { throw "x" }; It i { } }'
            'a file can not be parsed'     = 'Describe d {'
            'a file uses what is not here' = 'Describe d { Mock x { } }'
            'tests have tags'              = 'Describe d { It one -Tag a { }; It two { } }'
        }
        foreach ($case in $samples.Keys) { Set-Content (Join-Path $TestDrive "$case.Tests.ps1") $samples[$case] }
        Set-Content (Join-Path $TestDrive 'run.ps1') @'
            $runs = @{}
            foreach ($file in Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1) {
                $output = Invoke-Pester $file.FullName -PassThru 6>&1
                $runs[$file.Name.Replace('.Tests.ps1', '')] = $output[-1] | Select-Object *Count, @{ Name = 'Output'; Expression = { $output[0..($output.Count - 2)] -join "`n" } }
            }
            foreach ($filter in @{ TagFilter = 'a' }, @{ ExcludeTagFilter = 'a' }, @{ FullNameFilter = '*.two' }) {
                $run = Invoke-Pester "$PSScriptRoot/tests have tags.Tests.ps1" -PassThru -Output None @filter
                $runs[[string] $filter.Keys] = $run | Select-Object *Count, @{ Name = 'Output'; Expression = { $run.Passed.ExpandedPath } }
            }
            $runs | ConvertTo-Json -Depth 3 | Set-Content "$PSScriptRoot/runs.json"
'@
        & ([Environment]::ProcessPath) -NoProfile -File (Join-Path $TestDrive 'run.ps1')
        $runs = Get-Content (Join-Path $TestDrive 'runs.json') -Raw | ConvertFrom-Json
    }

    It 'counts <Passed> passed, <Failed> failed when <Case>' -ForEach @(
        @{ Case = 'all is well'; Passed = 1; Failed = 0 }
        @{ Case = 'a test fails'; Passed = 1; Failed = 1 }
        @{ Case = 'a test throws'; Passed = 0; Failed = 1 }
        @{ Case = 'a test skips itself'; Passed = 0; Failed = 0 }
        @{ Case = 'AfterEach throws'; Passed = 0; Failed = 1 }
        @{ Case = 'BeforeAll throws'; Passed = 0; Failed = 2 }
        @{ Case = 'AfterAll throws'; Passed = 1; Failed = 0 }
        @{ Case = 'tests have tags'; Passed = 2; Failed = 0 }
    ) {
        $runs.$Case.PassedCount | Should -Be $Passed
        $runs.$Case.FailedCount | Should -Be $Failed
    }

    It 'counts a block or a file that failed: <Case>' -ForEach @(
        @{ Case = 'BeforeAll throws'; Count = 'FailedBlocksCount' }
        @{ Case = 'AfterAll throws'; Count = 'FailedBlocksCount' }
        @{ Case = 'a file can not be parsed'; Count = 'FailedContainersCount' }
        @{ Case = 'a file uses what is not here'; Count = 'FailedContainersCount' }
    ) {
        $runs.$Case.$Count | Should -Be 1
    }

    It 'says what failed, and where' {
        $output = $runs.'a test fails'.Output
        $output | Should -Match 'd\.i'
        $output | Should -Match 'Expected 2, but got 1\.'
        $output | Should -Match 'a test fails\.Tests\.ps1: line 3'
        $output | Should -Match 'Tests Passed: 1, Failed: 1, Skipped: 0'
    }

    It 'runs the tests chosen by <Filter>' -ForEach @(
        @{ Filter = 'TagFilter'; Path = 'd.one' }
        @{ Filter = 'ExcludeTagFilter'; Path = 'd.two' }
        @{ Filter = 'FullNameFilter'; Path = 'd.two' }
    ) {
        $runs.$Filter.PassedCount | Should -Be 1
        $runs.$Filter.NotRunCount | Should -Be 1
        $runs.$Filter.Output | Should -Be $Path
    }

    It 'ends a CI run with the number of failures' {
        & ([Environment]::ProcessPath) -NoProfile -Command "Invoke-Pester '$TestDrive/BeforeAll throws.Tests.ps1' -CI -Output None"
        $LASTEXITCODE | Should -Be 3
    }
}
