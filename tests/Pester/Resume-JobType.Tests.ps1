Describe 'Resume-JobType' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $store = New-TestStore
    }
    BeforeEach {
        Reset-TestStore $store
        Register-JobType Mail { }
        Suspend-JobType Mail
    }
    AfterAll { Remove-TestStore $store }

    It 'lets a running pool start jobs of the type again' {
        $job = New-ScheduledJob Mail
        $null = Start-JobPool -Workers 1
        Resume-JobType Mail
        ($job | Wait-ScheduledJob -Timeout 30).Status | Should -Be Finished
        (Get-JobType Mail).IsPaused | Should -BeFalse
    }

    It 'takes types from the pipeline, and those that are not suspended' {
        Register-JobType Report { }
        Get-JobType | Resume-JobType
        (Get-JobType).IsPaused | Should -Be $false, $false
    }

    It 'resumes nothing with -WhatIf' {
        Resume-JobType Mail -WhatIf
        (Get-JobType Mail).IsPaused | Should -BeTrue
    }
}
