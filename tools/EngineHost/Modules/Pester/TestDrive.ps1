# TestDrive: and $TestDrive, a temporary folder for each test file; what a block leaves there goes with it.

function New-TestDrive {
    $path = (New-Item -ItemType Directory -Path (Join-Path ([System.IO.Path]::GetTempPath()) "pester_$(New-Guid)")).FullName
    $null = New-PSDrive -Name TestDrive -PSProvider FileSystem -Root $path -Scope Global
    $path
}

function Get-TestDriveItem {
    [System.IO.Directory]::GetFileSystemEntries($script:Run.TestDrive, '*', 'AllDirectories')
}

function Clear-TestDrive([string[]] $Keep) {
    Get-TestDriveItem | Where-Object { $_ -notin $Keep } | Sort-Object Length -Descending | ForEach-Object {
        Remove-Item -LiteralPath $_ -Recurse -Force -ErrorAction Ignore
    }
}

function Remove-TestDrive([string] $Path) {
    Remove-PSDrive -Name TestDrive -Force -Scope Global
    Remove-Item -LiteralPath $Path -Recurse -Force -ErrorAction Ignore
}
