; Settings to begin with: a user's own, which are never replaced once they are there, or for everybody on this PC the
; administrator's policy, which is replaced by the one that is given.

Function CheckSettings
  StrCpy $SettingsFile ""
  !insertmacro ReadSwitch "SETTINGS"
  ${If} $Answer == ""
    Return
  ${EndIf}
  ; The working folder is another one when the file is taken in.
  GetFullPathName $SettingsFile "$Answer"
  ClearErrors
  FileOpen $R0 "$SettingsFile" r
  ${If} ${Errors}
    Call RefuseSettings
  ${EndIf}
  FileClose $R0
FunctionEnd

Function RefuseSettings
  Call DropPrepared
  MessageBox MB_ICONSTOP "$(TextNoSettings)" /SD IDOK
  !insertmacro LeaveWith ${EXIT_SETTINGS}
FunctionEnd

; Beside the file that they replace: nobody follows them before the program is there.
Function PrepareSettings
  ; In the context of all users $APPDATA is the folder that all share.
  StrCpy $R9 "$APPDATA\${PRODUCT}"
  StrCpy $R8 "$R9\settings.toml"
  ${If} $AllUsers == 1
    StrCpy $R8 "$R9\policy.toml"
    Call ProtectPolicy
  ${EndIf}
  ${If} ${FileExists} "$R8"
    ${If} $AllUsers != 1
    ${OrIf} $SettingsFile == ""
      Return
    ${EndIf}
  ${EndIf}
  ; Whatever is there, a link as well: nothing is written through it.
  Delete "$R8.new"
  RMDir "$R8.new"
  ${If} ${FileExists} "$R8.new"
    Call RefuseSettings
  ${EndIf}
  StrCpy $SettingsPlace $R8
  ${If} $SettingsFile != ""
    CreateDirectory "$R9"
    ClearErrors
    CopyFiles /SILENT "$SettingsFile" "$R8.new"
    ${If} ${Errors}
    ${OrIfNot} ${FileExists} "$R8.new"
      Call RefuseSettings
    ${EndIf}
  ${Else}
    Call WriteFirstSettings
  ${EndIf}
FunctionEnd

Function DropSettings
  ${If} $SettingsPlace != ""
    Delete "$SettingsPlace.new"
    ${If} $AllUsers != 1
      RMDir "$APPDATA\${PRODUCT}"
    ${EndIf}
  ${EndIf}
FunctionEnd

; Where the file resists, somebody holds it open; it is written over then, as far as he allows it.
Function TakeSettingsIn
  ${If} $SettingsPlace == ""
  ${OrIfNot} ${FileExists} "$SettingsPlace.new"
    Return
  ${EndIf}
  ${If} ${FileExists} "$SettingsPlace"
    SetFileAttributes "$SettingsPlace" NORMAL
  ${EndIf}
  System::Call 'kernel32::MoveFileExW(w "$SettingsPlace.new", w "$SettingsPlace", i ${REPLACE_EXISTING}) i .R0'
  ${If} $R0 = 0
    ClearErrors
    CopyFiles /SILENT "$SettingsPlace.new" "$SettingsPlace"
    ${If} ${Errors}
      MessageBox MB_ICONSTOP "$(TextSettingsHeld)" /SD IDOK
      SetErrorLevel 2
    ${EndIf}
    Delete "$SettingsPlace.new"
  ${EndIf}
  Call GivePolicyToAdministrators
FunctionEnd

; Ringcard follows no policy of anybody else's, and by now nobody else can write there.
Function GivePolicyToAdministrators
  ${If} $AllUsers == 1
    nsExec::Exec '"$SYSDIR\icacls.exe" "$SettingsPlace" /setowner *S-1-5-32-544 /L /Q'
    Pop $R7
  ${EndIf}
FunctionEnd

; Before anything is changed.
Function CheckPolicyFolder
  ${If} $AllUsers == 1
    StrCpy $R9 "$APPDATA\${PRODUCT}"
    Push $R9
    Call RefuseDetour
  ${EndIf}
FunctionEnd

; The folder of the policy: administrators write, users read. Windows lets everybody make files in its parent: whoever
; made the folder first must not stay its owner, keep rights in it, lead us elsewhere, or have written the policy.
; What is a link is never followed (/L).
Function ProtectPolicy
  CreateDirectory "$R9"
  Push $R9
  Call RefuseDetour
  nsExec::Exec '"$SYSDIR\icacls.exe" "$R9" /setowner *S-1-5-32-544 /L /Q'
  Pop $R7
  nsExec::Exec '"$SYSDIR\icacls.exe" "$R9" /reset /L /Q'
  Pop $R7
  nsExec::Exec '"$SYSDIR\icacls.exe" "$R9" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX /L /Q'
  Pop $R7
  ${If} $R7 != 0
    Call RefusePolicy
  ${EndIf}
  ; From here on nobody else can exchange the folder.
  Push $R9
  Call RefuseDetour
  nsExec::Exec '"$SYSDIR\icacls.exe" "$R9\*" /reset /T /C /L /Q'
  Pop $R7
  Call RefusePlanted
  nsExec::Exec '"$SYSDIR\icacls.exe" "$R9\*" /setowner *S-1-5-32-544 /T /C /L /Q'
  Pop $R7
FunctionEnd

; A folder or file that leads elsewhere: what is done to it would be done there.
Function IsDetour
  Exch $R0
  System::Call "kernel32::GetFileAttributesW(w R0) i .R0"
  ; -1: it is not there.
  ${If} $R0 <> -1
    IntOp $R0 $R0 & 0x400 ; FILE_ATTRIBUTE_REPARSE_POINT
  ${Else}
    StrCpy $R0 0
  ${EndIf}
  Exch $R0
FunctionEnd

Function RefuseDetour
  Call IsDetour
  Pop $R0
  ${If} $R0 <> 0
    Call RefusePolicy
  ${EndIf}
FunctionEnd

Function RefusePolicy
  MessageBox MB_ICONSTOP "$(TextPolicy)" /SD IDOK
  !insertmacro LeaveWith ${EXIT_POLICY}
FunctionEnd

; A policy that no administrator has written is put aside, and not overwritten: its author may hold it open.
Function RefusePlanted
  ${IfNot} ${FileExists} "$R8"
    Return
  ${EndIf}
  Push $R8
  Call IsDetour
  Pop $R0
  Push $R8
  Call IsAdministrators
  Pop $R1
  ${If} $R0 = 0
  ${AndIf} $R1 = 1
    Return
  ${EndIf}
  Delete "$R8.refused"
  Rename "$R8" "$R8.refused"
  ${If} ${FileExists} "$R8"
    Call RefusePolicy
  ${EndIf}
FunctionEnd

; 1 if a file belongs to administrators, to the system, or to whom that belongs which an administrator makes now.
Function IsAdministrators
  Call OwnerOf
  Pop $R1
  InitPluginsDir
  Push $PLUGINSDIR
  Call OwnerOf
  Pop $R2
  ${If} $R1 == "S-1-5-32-544"
  ${OrIf} $R1 == "S-1-5-18"
  ${OrIf} $R1 == $R2
    Push 1
  ${Else}
    Push 0
  ${EndIf}
FunctionEnd

Function OwnerOf
  Pop $R3
  System::Call "advapi32::GetNamedSecurityInfoW(w R3, i 1, i 1, *p .R4, p 0, p 0, p 0, *p .R5) i .R6"
  ${If} $R6 <> 0
    Push "nobody knows whom"
    Return
  ${EndIf}
  System::Call "advapi32::ConvertSidToStringSidW(p R4, *w .R6)"
  System::Call "kernel32::LocalFree(p R5)"
  Push $R6
FunctionEnd

; Ringcard's own switches agree with what was chosen here.
Function WriteFirstSettings
  StrCpy $R7 ""
  ${If} ${SectionIsSelected} ${SecAutostart}
    StrCpy $R7 "autostart = true$\r$\n"
  ${EndIf}
  !insertmacro ReadSwitch "LANG"
  ${If} $Answer == "de"
  ${OrIf} $Answer == "en"
    StrCpy $R7 '$R7language = "$Answer"$\r$\n'
  ${EndIf}
  ${If} $R7 == ""
    Return
  ${EndIf}
  CreateDirectory "$R9"
  ClearErrors
  FileOpen $R6 "$R8.new" w
  ${IfNot} ${Errors}
    FileWrite $R6 "[general]$\r$\n$R7"
    FileClose $R6
  ${EndIf}
FunctionEnd
