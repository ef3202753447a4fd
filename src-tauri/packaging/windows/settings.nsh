; Settings to begin with: a user's own, which are never replaced once they are there, or for everybody on this PC the
; administrator's policy, which is replaced by the one that is given.

Function CheckSettings
  !insertmacro ReadSwitch "SETTINGS"
  ${If} $Answer == ""
  ${OrIf} ${FileExists} "$Answer"
    Return
  ${EndIf}
  MessageBox MB_ICONSTOP "$(TextNoSettings)" /SD IDOK
  !insertmacro LeaveWith ${EXIT_SETTINGS}
FunctionEnd

Function TakeSettingsIn
  ; In the context of all users $APPDATA is the folder that all share.
  StrCpy $R9 "$APPDATA\${PRODUCT}"
  StrCpy $R8 "$R9\settings.toml"
  ${If} $AllUsers == 1
    StrCpy $R8 "$R9\policy.toml"
    Call ProtectPolicy
  ${EndIf}
  !insertmacro ReadSwitch "SETTINGS"
  ${If} ${FileExists} "$R8"
    ${If} $AllUsers != 1
    ${OrIf} $Answer == ""
      Return
    ${EndIf}
  ${EndIf}
  ${If} $Answer != ""
    CreateDirectory "$R9"
    CopyFiles /SILENT "$Answer" "$R8"
    Return
  ${EndIf}
  Call WriteFirstSettings
FunctionEnd

; The folder of the policy: administrators write, users read. Windows lets everybody make files in its parent, so
; whoever made it first must not stay its owner.
Function ProtectPolicy
  CreateDirectory "$R9"
  nsExec::Exec '"$SYSDIR\icacls.exe" "$R9" /setowner *S-1-5-32-544 /T /C /Q'
  Pop $R7
  nsExec::Exec '"$SYSDIR\icacls.exe" "$R9" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX /Q'
  Pop $R7
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
  FileOpen $R6 "$R8" w
  ${IfNot} ${Errors}
    FileWrite $R6 "[general]$\r$\n$R7"
    FileClose $R6
  ${EndIf}
FunctionEnd
