; What is taken away: parts that are not chosen any more, and everything when Ringcard is removed.
;
; uninstall.exe [/S] [/DELETEDATA]   the data of this user (settings, journal, copies of the CRM, secrets) stay unless
; /DELETEDATA is given or the person says so.

!macro RemovalFunctions UN
; Everything that can be chosen. An upgrade chooses anew.
Function ${UN}ForgetChoices
  Delete "$SMPROGRAMS\${PRODUCT}.lnk"
  Delete "$DESKTOP\${PRODUCT}.lnk"
  DeleteRegValue SHCTX "${RUN_KEY}" "${PRODUCT}"
  DeleteRegKey SHCTX "Software\Classes\${LINK_CLASS}"
  DeleteRegKey SHCTX "Software\${PRODUCT}\Capabilities"
  DeleteRegKey /ifempty SHCTX "Software\${PRODUCT}"
  DeleteRegValue SHCTX "Software\RegisteredApplications" "${PRODUCT}"
FunctionEnd

; The program in $Place. What somebody still runs goes at the next start of Windows, and the folder with it.
Function ${UN}DeleteProgram
  Delete "$Place\ringcard.exe"
  Delete "$Place\WebView2Loader.dll"
  Delete "$Place\licences.html"
  Delete "$Place\uninstall.exe"
  Call ${UN}DeleteLeftovers
  RMDir /REBOOTOK "$Place"
FunctionEnd

; What was moved aside: without administrator's rights the start of Windows does not delete it. And what an installation
; that was cut off has prepared.
Function ${UN}DeleteLeftovers
  Delete /REBOOTOK "$Place\ringcard-*.old"
  Delete /REBOOTOK "$Place\WebView2Loader-*.old"
  Delete "$Place\ringcard.exe.new"
  Delete "$Place\WebView2Loader.dll.new"
  Delete "$Place\licences.html.new"
FunctionEnd
!macroend

!insertmacro RemovalFunctions ""
!insertmacro RemovalFunctions "un."

Function un.onInit
  SetRegView 64
  ${GetParameters} $Switches
  StrCpy $AllUsers 0
  SetShellVarContext current
  ReadRegStr $R0 HKCU "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $R0 != $INSTDIR
    ReadRegStr $R0 HKLM "${UNINSTALL_KEY}" "InstallLocation"
    ${If} $R0 == $INSTDIR
      StrCpy $AllUsers 1
      Call un.NeedAdministrator
      SetShellVarContext all
    ${EndIf}
  ${EndIf}
FunctionEnd

Function un.NeedAdministrator
  UserInfo::GetAccountType
  Pop $R3
  ${If} $R3 == "Admin"
    Return
  ${EndIf}
  ${IfNot} ${Silent}
    ClearErrors
    ExecShell "runas" "$INSTDIR\uninstall.exe" "$Switches"
    ${IfNot} ${Errors}
      Quit
    ${EndIf}
  ${EndIf}
  MessageBox MB_ICONSTOP "$(TextRights)" /SD IDOK
  !insertmacro LeaveWith ${EXIT_RIGHTS}
FunctionEnd

Section "Uninstall"
  StrCpy $Place $INSTDIR
  !insertmacro AskToLeave "un."
  Call un.ForgetChoices
  Call un.DeleteProgram
  DeleteRegKey SHCTX "${UNINSTALL_KEY}"
  DeleteRegKey SHCTX "${APP_PATHS_KEY}"
  ; What the program itself keeps in the registry of the user, and what Windows keeps for its notifications.
  DeleteRegValue HKCU "${RUN_KEY}" "${PRODUCT}"
  DeleteRegValue HKCU "${APPROVED_KEY}" "${PRODUCT}"
  DeleteRegKey HKCU "Software\Classes\AppUserModelId\${IDENTIFIER}"
  DeleteRegKey HKCU "Software\Microsoft\Windows\CurrentVersion\Notifications\Settings\${IDENTIFIER}"
  Call un.AskForData
  Pop $R0
  ${If} $R0 == 1
    Call un.DeleteData
    Call un.DeleteSecrets
  ${EndIf}
SectionEnd

; 1 if the data go as well.
Function un.AskForData
  ClearErrors
  ${GetOptions} $Switches "/DELETEDATA" $R1
  ${IfNot} ${Errors}
    Push 1
    Return
  ${EndIf}
  MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "$(TextDeleteData)" /SD IDNO IDYES delete
    Push 0
    Return
  delete:
    Push 1
FunctionEnd

!macro DeleteFolder FOLDER
  Push "${FOLDER}"
  Call un.DeleteFolder
!macroend

Function un.DeleteData
  ; Ten seconds for all of it.
  StrCpy $R9 40
  ${If} $AllUsers == 1
    SetShellVarContext all
    !insertmacro DeleteFolder "$APPDATA\${PRODUCT}"
  ${EndIf}
  SetShellVarContext current
  !insertmacro DeleteFolder "$APPDATA\${PRODUCT}"
  !insertmacro DeleteFolder "$LOCALAPPDATA\${PRODUCT}"
  !insertmacro DeleteFolder "$APPDATA\${IDENTIFIER}"
  !insertmacro DeleteFolder "$LOCALAPPDATA\${IDENTIFIER}"
FunctionEnd

; The processes of WebView2 end a moment after the program, and hold their files until then. $R9 times are tried.
Function un.DeleteFolder
  Pop $R0
  ${Do}
    RMDir /r "$R0"
    ${IfNot} ${FileExists} "$R0\*.*"
      Return
    ${EndIf}
    IntOp $R9 $R9 - 1
    Sleep 250
  ${LoopUntil} $R9 < 1
  RMDir /r /REBOOTOK "$R0"
FunctionEnd

; Ringcard's entries in the Credential Manager are named "NAME.Ringcard". The system finds beginnings only, so all
; names are read and the ends compared; no secret is looked at.
Function un.DeleteSecrets
  System::Call "advapi32::CredEnumerateW(p 0, i 0, *i .R1, *p .R2) i .R0"
  ${If} $R0 == 0
    Return
  ${EndIf}
  StrCpy $R3 0
  ${While} $R3 < $R1
    IntOp $R4 $R3 * ${NSIS_PTR_SIZE}
    System::Call "*$R2(&v$R4, p .R5)"
    ; A CREDENTIAL begins with flags, kind and the pointer to its name.
    System::Call "*$R5(i, i .R6, w .R7)"
    StrCpy $R8 $R7 "" -9
    ${If} $R8 == ".${PRODUCT}"
      System::Call "advapi32::CredDeleteW(w R7, i R6, i 0)"
    ${EndIf}
    IntOp $R3 $R3 + 1
  ${EndWhile}
  System::Call "advapi32::CredFree(p R2)"
FunctionEnd
