# Installs the bundle's installer on this Windows, asks the program, and removes it again. For the workflow, and for
# a person at a PC where Ringcard is not installed.
param([Parameter(Mandatory)][string]$Bundle)
$ErrorActionPreference = "Stop"

function Expect($condition, $reason) {
  if (-not $condition) { throw $reason }
  "ok: $reason"
}

function Run($program, $arguments) {
  (Start-Process -FilePath $program -ArgumentList $arguments -PassThru -Wait).ExitCode
}

$installer = (Get-ChildItem "$Bundle\ringcard-*-windows-x64.exe").FullName
$folder = "$env:LOCALAPPDATA\Programs\Ringcard"
$listed = "HKCU:\Software\Microsoft\Windows\CurrentVersion\Uninstall\Ringcard"
$run = "HKCU:\Software\Microsoft\Windows\CurrentVersion\Run"

Expect (-not (Test-Path $folder)) "nothing is installed yet"
Expect ((Run $installer "/S /AUTOSTART=1 /SCHEMES=1") -eq 0) "a silent installation for this user"
Expect (Test-Path "$folder\ringcard.exe") "the program is there"
Expect ((Get-ItemProperty $run).Ringcard -eq "`"$folder\ringcard.exe`"") "it starts with the session"
$version = (Get-ItemProperty $listed).DisplayVersion
# A program without a console hands over what it prints only if somebody waits for it.
Expect ((& "$folder\ringcard.exe" --version | Out-String).Trim() -eq "ringcard $version") "it tells its version"

$started = Start-Process "$folder\ringcard.exe" "run --headless" -PassThru -WindowStyle Hidden
$deadline = (Get-Date).AddSeconds(60)
do { $status = (& "$folder\ringcard.exe" status --json | Out-String) } until ($status -match '"reply":"status"' -or (Get-Date) -gt $deadline)
Expect ($status -match '"secrets_in_file":false') "the pipe answers, and secrets are in the Credential Manager"

Expect ((Run $installer "/S") -eq 0) "installed over the running program"
Expect ($started.WaitForExit(60000)) "it was asked to leave and left"

Run "$folder\uninstall.exe" "/S /DELETEDATA" | Out-Null
$deadline = (Get-Date).AddSeconds(60)
while ((Test-Path $folder) -and (Get-Date) -lt $deadline) { [Threading.Thread]::Yield() | Out-Null }
Expect (-not (Test-Path $folder)) "removed"
Expect (-not (Test-Path $listed)) "not listed any more"
Expect (-not (Get-ItemProperty $run).Ringcard) "no start with the session"
Expect (-not (Test-Path "$env:LOCALAPPDATA\Ringcard")) "no data"
Expect (-not ((cmdkey /list | Out-String) -match "Ringcard")) "no secret"
