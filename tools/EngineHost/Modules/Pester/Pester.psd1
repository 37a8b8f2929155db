# A stand-in: the part of Pester 6 that tests/Pester uses. What is not here is an unknown command or parameter.
@{
    RootModule           = 'Pester.psm1'
    ModuleVersion        = '6.0.0'
    CompatiblePSEditions = 'Core'
    FunctionsToExport    = @(
        'AfterAll'
        'AfterEach'
        'BeforeAll'
        'BeforeDiscovery'
        'BeforeEach'
        'Context'
        'Describe'
        'Invoke-Pester'
        'It'
        'Set-ItResult'
        'Should'
    )
    CmdletsToExport      = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
}
