Describe 'The module' {
    BeforeDiscovery {
        $cmdlets = (Import-PowerShellDataFile (Join-Path $PSScriptRoot '../../Jobs.psd1')).CmdletsToExport | ForEach-Object { @{ Name = $_ } }
    }
    BeforeAll {
        . (Join-Path $PSScriptRoot 'TestStore.ps1')
        $root = (Resolve-Path (Join-Path $PSScriptRoot '../..')).Path

        # Runs a script in a new process and emits its output.
        function Invoke-Process([string] $Script) {
            $path = Join-Path $TestDrive "$([guid]::NewGuid()).ps1"
            Set-Content $path "`$ErrorActionPreference = 'Stop'`n$Script"
            & ([Environment]::ProcessPath) -NoProfile -File $path
            if ($LASTEXITCODE) { throw "The process ended with $LASTEXITCODE." }
        }
    }

    It 'is a valid manifest' {
        $manifest = Import-PowerShellDataFile (Join-Path $root 'Jobs.psd1')
        [version] $manifest.PowerShellVersion | Should -BeGreaterOrEqual ([version] '7.6')
        $manifest.CompatiblePSEditions | Should -Be Core
        (Get-Module Jobs).ExportedCmdlets.Keys | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
    }

    It 'Finding_56: tells who imports an unbuilt checkout to build it' {
        $clone = Join-Path $TestDrive unbuilt
        $null = New-Item -ItemType Directory -Force -Path (Join-Path $clone tools)
        foreach ($file in 'Jobs.psd1', 'Jobs.Format.ps1xml', 'Jobs.Types.ps1xml', 'tools/assert-built.ps1') {
            Copy-Item (Join-Path $root $file) (Join-Path $clone $file)
        }
        Invoke-Process "try { Import-Module '$clone/Jobs.psd1' } catch { `$_.Exception.Message }" | Should -BeLike '*not built yet. Run ./build.ps1*'
    }

    It 'has at least two examples of <Name>, and help for each parameter' -ForEach $cmdlets {
        $help = Get-Help $Name -Full
        $help.Synopsis | Should -Not -Match "^\s*$Name"
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        foreach ($parameter in $help.parameters.parameter) {
            "$($parameter.description.Text)" | Should -Not -BeNullOrEmpty -Because "-$($parameter.name) needs a description"
        }
    }

    It 'supports -WhatIf in <Name> where it changes something' -ForEach $cmdlets {
        $changes = $Name -notmatch '^(Get|Wait|Receive|Connect)-'
        (Get-Command $Name).Parameters.ContainsKey('WhatIf') | Should -Be $changes
    }

    It 'shadows no command of core' {
        $own = (Get-Module Jobs).ExportedCmdlets.Keys
        $own | Where-Object { $_ -match '^\w+-Job$' -or $_ -match '^(Get|Set|Enable|Disable|Register|Unregister|Add)-(ScheduledJob|ScheduledJobOption|JobTrigger)$' } | Should -BeNullOrEmpty
        foreach ($name in $own) { (Get-Command $name -All) | Should -HaveCount 1 -Because "$name is ours alone" }
    }

    It 'keeps its dependencies out of the default load context' {
        $names = Invoke-Process @"
            Import-Module '$root/Jobs.psd1'
            try { Connect-JobStore 127.0.0.1:1 } catch { }
            [System.Runtime.Loader.AssemblyLoadContext]::All | ForEach-Object {
                foreach (`$assembly in `$_.Assemblies) { "`$(`$_ -eq [System.Runtime.Loader.AssemblyLoadContext]::Default) `$(`$assembly.GetName().Name)" }
            }
"@
        $names | Should -Contain 'False StackExchange.Redis'
        $names | Should -Contain 'False Jobs.Core'
        $names | Should -Contain 'True Jobs.PowerShell'
        $names | Should -Not -Contain 'True StackExchange.Redis'
        $names | Should -Not -Contain 'True Jobs.Core'
    }

    It 'works beside another version of a dependency' {
        $output = Invoke-Process @"
            # What another module would have loaded before: an assembly of the same name and another version.
            `$name = [System.Reflection.AssemblyName]::new('StackExchange.Redis, Version=1.0.0.0')
            `$builder = [System.Reflection.Emit.PersistedAssemblyBuilder]::new(`$name, [object].Assembly)
            `$null = `$builder.DefineDynamicModule('m').DefineType('StackExchange.Redis.ConnectionMultiplexer', 'Public').CreateType()
            `$file = '$TestDrive/StackExchange.Redis.dll'
            `$builder.Save(`$file)
            `$other = [System.Runtime.Loader.AssemblyLoadContext]::Default.LoadFromAssemblyPath(`$file)
            Import-Module '$root/Jobs.psd1'
            Connect-JobStore -Local -DataPath '$TestDrive/beside'
            try {
                Register-JobType Any { 'ran' }
                New-ScheduledJob Any | Out-Null
                Start-JobPool -UntilEmpty | Receive-ScheduledJob
            }
            finally { Disconnect-JobStore -Shutdown }
            `$other.GetName().Version.ToString()
            [AppDomain]::CurrentDomain.GetAssemblies().Where{ `$_.GetName().Name -eq 'StackExchange.Redis' }.Count
"@
        $output | Should -Be 'ran', '1.0.0.0', '2'
    }

    It 'stops its pools when it is removed, and can be imported again' {
        $output = Invoke-Process @"
            function Test-Module {
                Connect-JobStore -Local -DataPath '$TestDrive/again'
                Register-JobType Any { Start-Sleep -Milliseconds 300; 'ran' }
                Start-JobPool -Workers 1
            }
            Import-Module '$root/Jobs.psd1'
            try {
                `$pool = Test-Module
                `$job = New-ScheduledJob Any
                while ((Get-JobStatus `$job.Id).Status -eq 'Queued') { Start-Sleep -Milliseconds 20 }
                Remove-Module Jobs
                "`$(`$pool.Status)"
                Import-Module '$root/Jobs.psd1' -Force
                `$null = Test-Module
                "`$((Get-JobStatus `$job.Id).Status)"
                Import-Module '$root/Jobs.psd1' -Force
                Connect-JobStore -Local -DataPath '$TestDrive/again'
                @(Get-JobType | Where-Object IsRegistered).Count
                `$null = Test-Module
                New-ScheduledJob Any | Receive-ScheduledJob -Wait
            }
            finally {
                Connect-JobStore -Local -DataPath '$TestDrive/again'
                Disconnect-JobStore -Shutdown
            }
"@
        $output | Should -Be 'Stopped', 'Finished', '0', 'ran'
    }

    It 'works from the output of Package' {
        # As build.ps1 lays it out: without sources, under its version.
        $version = (Import-PowerShellDataFile (Join-Path $root 'Jobs.psd1')).ModuleVersion
        $target = Join-Path $TestDrive "modules/Jobs/$version"
        $null = New-Item -ItemType Directory -Path $target
        foreach ($part in 'Jobs.psd1', 'Jobs.Format.ps1xml', 'Jobs.Types.ps1xml', 'bin', 'en-US') { Copy-Item (Join-Path $root $part) $target -Recurse }
        $manifest = Join-Path $target Jobs.psd1
        (Get-Content $manifest) -notmatch '^\s*ScriptsToProcess' | Set-Content $manifest
        $output = Invoke-Process @"
            `$env:PSModulePath = '$TestDrive/modules' + [System.IO.Path]::PathSeparator + `$env:PSModulePath
            Import-Module Jobs
            (Get-Module Jobs).ModuleBase
            Connect-JobStore -Local -DataPath '$TestDrive/packaged'
            try {
                Register-JobType Any { 'ran' }
                New-ScheduledJob Any | Out-Null
                Start-JobPool -UntilEmpty | Receive-ScheduledJob
            }
            finally { Disconnect-JobStore -Shutdown }
            (Get-Help New-ScheduledJob).examples.example.Count -ge 2
"@
        $output | Should -Be $target, 'ran', 'True'
    }
}
