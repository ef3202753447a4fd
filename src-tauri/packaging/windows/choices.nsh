; What is installed where and for whom: switches first, then what is there already, then the usual.
;
;   /S                         ask nothing                     /D=FOLDER  (the last one, without quotes)
;   /ALLUSERS | /CURRENTUSER   for everybody, or for this user; without either as it is installed, else for this user
;   /LANG=en|de                language of the installer, and of Ringcard where it has no settings yet
;   /AUTOSTART=1|0             start when the user signs in
;   /STARTMENU=1|0  /DESKTOP=1|0   shortcuts
;   /SCHEMES=1|0               offer Ringcard for tel:, callto: and sip:
;   /SETTINGS=FILE             settings to begin with, for a user who has none; with /ALLUSERS the administrator's policy
;   /START=1                   start Ringcard after a silent installation

; The value of /NAME=value in $Answer, or nothing.
!macro ReadSwitch NAME
  ClearErrors
  ${GetOptions} $Switches "/${NAME}=" $Answer
  ${If} ${Errors}
    StrCpy $Answer ""
  ${EndIf}
!macroend

Function ChooseLanguage
  !insertmacro ReadSwitch "LANG"
  ${Select} $Answer
    ${Case} "de"
      StrCpy $LANGUAGE ${LANG_GERMAN}
    ${Case} "en"
      StrCpy $LANGUAGE ${LANG_ENGLISH}
  ${EndSelect}
FunctionEnd

Function ChooseUsers
  StrCpy $AllUsers 0
  ReadRegStr $R0 HKCU "${UNINSTALL_KEY}" "DisplayVersion"
  ReadRegStr $R1 HKLM "${UNINSTALL_KEY}" "DisplayVersion"
  ${If} $R0 == ""
  ${AndIf} $R1 != ""
    StrCpy $AllUsers 1
  ${EndIf}
  ClearErrors
  ${GetOptions} $Switches "/ALLUSERS" $R2
  ${IfNot} ${Errors}
    StrCpy $AllUsers 1
  ${EndIf}
  ClearErrors
  ${GetOptions} $Switches "/CURRENTUSER" $R2
  ${IfNot} ${Errors}
    StrCpy $AllUsers 0
  ${EndIf}
  ${If} $AllUsers == 1
    Call NeedAdministrator
    SetShellVarContext all
    StrCpy $Installed $R1
  ${Else}
    SetShellVarContext current
    StrCpy $Installed $R0
  ${EndIf}
FunctionEnd

; A silent installation fails without the rights; a person is asked for them.
Function NeedAdministrator
  UserInfo::GetAccountType
  Pop $R3
  ${If} $R3 == "Admin"
    Return
  ${EndIf}
  ${IfNot} ${Silent}
    ClearErrors
    ExecShell "runas" "$EXEPATH" "/ALLUSERS $Switches"
    ${IfNot} ${Errors}
      Quit
    ${EndIf}
  ${EndIf}
  MessageBox MB_ICONSTOP "$(TextRights)" /SD IDOK
  !insertmacro LeaveWith ${EXIT_RIGHTS}
FunctionEnd

Function ChooseFolder
  ; Not empty: /D=FOLDER was given.
  ${If} $INSTDIR != ""
    Return
  ${EndIf}
  ReadRegStr $INSTDIR SHCTX "${UNINSTALL_KEY}" "InstallLocation"
  ${If} $INSTDIR != ""
    Return
  ${EndIf}
  ${If} $AllUsers == 1
    StrCpy $INSTDIR "$PROGRAMFILES64\${PRODUCT}"
  ${Else}
    StrCpy $INSTDIR "$LOCALAPPDATA\Programs\${PRODUCT}"
  ${EndIf}
FunctionEnd

Function RefuseDowngrade
  ${If} $Installed == ""
    Return
  ${EndIf}
  ${VersionCompare} "$Installed" "${VERSION}" $R0
  ${If} $R0 == 1
    MessageBox MB_ICONSTOP "$(TextNewer)" /SD IDOK
    !insertmacro LeaveWith ${EXIT_NEWER}
  ${EndIf}
FunctionEnd


; A switch decides; else an upgrade leaves the part as it is; else it is as the section says.
!macro ChoosePart NAME SECTION PRESENT
  !insertmacro ReadSwitch "${NAME}"
  ${If} $Answer == "1"
    !insertmacro SelectSection ${SECTION}
  ${ElseIf} $Answer == "0"
    !insertmacro UnselectSection ${SECTION}
  ${ElseIf} $Installed != ""
    ${If} ${PRESENT}
      !insertmacro SelectSection ${SECTION}
    ${Else}
      !insertmacro UnselectSection ${SECTION}
    ${EndIf}
  ${EndIf}
!macroend

Function ChooseParts
  ReadRegStr $R0 SHCTX "${RUN_KEY}" "${PRODUCT}"
  ReadRegStr $R1 SHCTX "Software\RegisteredApplications" "${PRODUCT}"
  !insertmacro ChoosePart "STARTMENU" ${SecStartMenu} `${FileExists} "$SMPROGRAMS\${PRODUCT}.lnk"`
  !insertmacro ChoosePart "DESKTOP" ${SecDesktop} `${FileExists} "$DESKTOP\${PRODUCT}.lnk"`
  !insertmacro ChoosePart "AUTOSTART" ${SecAutostart} `$R0 != ""`
  !insertmacro ChoosePart "SCHEMES" ${SecSchemes} `$R1 != ""`
  ; Checked before anything is changed.
  Call CheckSettings
  !insertmacro ReadSwitch "START"
  StrCpy $StartAfter $Answer
FunctionEnd
