# Named in the manifest of a checkout, and so run before its assembly is looked for: PowerShell alone would only say that it was not found.
# The packaged module does without.
if (-not [System.IO.File]::Exists("$PSScriptRoot/../bin/Jobs.PowerShell.dll")) {
    throw [System.IO.FileNotFoundException]::new('This checkout of Jobs is not built yet. Run ./build.ps1, or ./build.sh where there is no pwsh, and import the module again.')
}
