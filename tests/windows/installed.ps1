# Installs the bundle's installer on this Windows, asks the program, and removes it again. For the workflow, and for
# a person at a PC where Ringcard is not installed.
param([Parameter(Mandatory)][string]$Bundle)
$ErrorActionPreference = "Stop"
# `status` fails as long as no Ringcard answers, and is asked again.
$PSNativeCommandUseErrorActionPreference = $false

function Expect($condition, $reason) {
  if (-not $condition) { throw $reason }
  "ok: $reason"
}

# Asks again until it is so, or a minute has passed.
function Await([scriptblock]$condition, $reason) {
  $deadline = (Get-Date).AddSeconds(60)
  do { $so = & $condition } until ($so -or (Get-Date) -gt $deadline)
  Expect $so $reason
}

# Waits for this program alone: `-Wait` would wait for all it starts, and a silent upgrade starts Ringcard.
function Run($program, $arguments) {
  $process = Start-Process -FilePath $program -ArgumentList $arguments -PassThru
  # Without a handle that is asked for while it runs there is no exit code afterwards.
  $null = $process.Handle
  $process.WaitForExit()
  $process.ExitCode
}

$installer = (Get-ChildItem "$Bundle\ringcard-*-windows-x64.exe").FullName
$folder = "$env:LOCALAPPDATA\Programs\Ringcard"
$current = "HKCU:\Software\Microsoft\Windows\CurrentVersion"
$application = "app.ringcard.desktop"

function Read-Value($key, $name) {
  (Get-ItemProperty $key -ErrorAction SilentlyContinue).$name
}

Expect (-not (Test-Path $folder)) "nothing is installed yet"
Expect ((Run $installer "/S /AUTOSTART=1 /SCHEMES=1") -eq 0) "a silent installation for this user"
Expect (Test-Path "$folder\ringcard.exe") "the program is there"
Expect ((Read-Value "$current\Run" "Ringcard") -eq "`"$folder\ringcard.exe`"") "it starts with the session"
Expect (Read-Value "HKCU:\Software\RegisteredApplications" "Ringcard") "Windows offers it for links, as the switch says"
$menu = (New-Object -ComObject Shell.Application).Namespace("$env:APPDATA\Microsoft\Windows\Start Menu\Programs")
$shortcut = $menu.ParseName("Ringcard.lnk")
Expect ($shortcut.ExtendedProperty("System.AppUserModel.ID") -eq $application) "its shortcut names the application"
$version = Read-Value "$current\Uninstall\Ringcard" "DisplayVersion"
# A program without a console hands over what it prints only if somebody waits for it.
Expect ((& "$folder\ringcard.exe" --version | Out-String).Trim() -eq "ringcard $version") "it tells its version"

$started = Start-Process "$folder\ringcard.exe" "run --headless" -PassThru -WindowStyle Hidden
Await { (& "$folder\ringcard.exe" status --json | Out-String) -match '"secrets_in_file":false' } "the pipe answers, and secrets are in the Credential Manager"

Expect ((Run $installer "/S") -eq 0) "installed over the running program"
Expect ($started.WaitForExit(60000)) "it was asked to leave and left"
Await { (& "$folder\ringcard.exe" status --json | Out-String) -match '"reply":"status"' } "the new one was started"

# The uninstaller goes on in a copy of itself, and each thing goes at its own time.
Expect ((Run "$folder\uninstall.exe" "/S /DELETEDATA") -eq 0) "the removal begins"
Await { -not (Test-Path $folder) } "removed"
Await { -not (Test-Path "$current\Uninstall\Ringcard") } "not listed any more"
Await { -not (Read-Value "$current\Run" "Ringcard") } "no start with the session"
Await { -not (Read-Value "HKCU:\Software\RegisteredApplications" "Ringcard") } "no links"
Await { -not (Test-Path "$current\Notifications\Settings\$application") } "no switch for its notifications"
Await { -not (Test-Path "$env:LOCALAPPDATA\Ringcard") } "no data"
Await { -not (Test-Path "$env:LOCALAPPDATA\$application") } "nothing of its windows"
Await { -not ((cmdkey /list | Out-String) -match "Ringcard") } "no secret"
