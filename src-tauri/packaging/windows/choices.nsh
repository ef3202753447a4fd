; What is installed where and for whom: switches first, then what is there already, then the usual.
;
;   /S                         ask nothing                     /D=FOLDER  (the last one)
;   /ALLUSERS | /CURRENTUSER   for everybody, or for this user; without either as it is installed, else for this user
;   /LANG=en|de                language of the installer, and of Ringcard where it has no settings yet
;   /AUTOSTART=1|0             start when the user signs in, whatever the settings say
;   /STARTMENU=1|0  /DESKTOP=1|0   shortcuts
;   /SCHEMES=1|0               offer Ringcard for tel:, callto: and sip: (0 unless given: it does not open them yet)
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

; "/NAME=a value" becomes /NAME="a value": many programs quote a whole switch, and NSIS looks for none there.
Function MoveQuotes
  Exch $R0
  Push $R1 ; the place
  Push $R2 ; what stands there
  Push $R3 ; the result
  Push $R4 ; 1: in such a switch, before its =
  Push $R5
  StrCpy $R1 0
  StrCpy $R3 ""
  StrCpy $R4 0
  ${Do}
    StrCpy $R5 $R3 1 -1
    StrCpy $R2 $R0 2 $R1
    ${If} $R2 == '"/'
      ${If} $R5 == " "
      ${OrIf} $R5 == ""
        StrCpy $R4 1
        IntOp $R1 $R1 + 1
      ${EndIf}
    ${EndIf}
    StrCpy $R2 $R0 1 $R1
    ${If} $R2 == ""
      ${ExitDo}
    ${EndIf}
    IntOp $R1 $R1 + 1
    ${If} $R4 == 1
    ${AndIf} $R2 == '"'
      StrCpy $R4 0 ; "/ALLUSERS" has no value
    ${Else}
      StrCpy $R3 "$R3$R2"
      ${If} $R4 == 1
      ${AndIf} $R2 == "="
        StrCpy $R3 '$R3"'
        StrCpy $R4 0
      ${EndIf}
    ${EndIf}
  ${Loop}
  StrCpy $R0 $R3
  Pop $R5
  Pop $R4
  Pop $R3
  Pop $R2
  Pop $R1
  Exch $R0
FunctionEnd

; NSIS reads /D=FOLDER itself, last and without quotes. It passes over "/D=FOLDER", and spoils /D="FOLDER".
Function ReadFolder
  StrCpy $R0 $INSTDIR 2
  StrCpy $R1 $R0 1 1
  ${If} $R1 == ":"
  ${OrIf} $R0 == "\\"
    Return
  ${EndIf}
  ; NSIS cut its own copy off.
  System::Call "kernel32::GetCommandLineW() w .R0"
  Push $R0
  Call MoveQuotes
  Pop $R0
  ClearErrors
  ${GetOptions} $R0 "/D=" $Answer
  ${If} ${Errors}
    StrCpy $Answer ""
  ${EndIf}
  StrCpy $INSTDIR $Answer
FunctionEnd

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
    ; NSIS has cut /D=FOLDER off.
    StrCpy $R4 ""
    ${If} $INSTDIR != ""
      StrCpy $R4 " /D=$INSTDIR"
    ${EndIf}
    ExecShell "runas" "$EXEPATH" "/ALLUSERS $Switches$R4"
    ${IfNot} ${Errors}
      Quit
    ${EndIf}
  ${EndIf}
  MessageBox MB_ICONSTOP "$(TextRights)" /SD IDOK
  !insertmacro LeaveWith ${EXIT_RIGHTS}
FunctionEnd

Function ChooseFolder
  ReadRegStr $FormerFolder SHCTX "${UNINSTALL_KEY}" "InstallLocation"
  ; Not empty: /D=FOLDER was given.
  ${If} $INSTDIR != ""
    Return
  ${EndIf}
  StrCpy $INSTDIR $FormerFolder
  ${If} $INSTDIR != ""
    Return
  ${EndIf}
  ${If} $AllUsers == 1
    StrCpy $INSTDIR "$PROGRAMFILES64\${PRODUCT}"
  ${Else}
    StrCpy $INSTDIR "$LOCALAPPDATA\Programs\${PRODUCT}"
  ${EndIf}
FunctionEnd

!macro RefuseIfNewer ROOT TEXT
  ReadRegStr $Newer ${ROOT} "${UNINSTALL_KEY}" "DisplayVersion"
  ${VersionCompare} "$Newer" "${VERSION}" $R0
  ${If} $Newer != ""
  ${AndIf} $R0 == 1
    MessageBox MB_ICONSTOP "${TEXT}" /SD IDOK
    !insertmacro LeaveWith ${EXIT_NEWER}
  ${EndIf}
!macroend

; An older program cannot read what a newer one keeps, and of one user both would use the same data.
Function RefuseDowngrade
  !insertmacro RefuseIfNewer HKCU "$(TextNewerForUser)"
  !insertmacro RefuseIfNewer HKLM "$(TextNewerForAll)"
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
  Call CheckPolicyFolder
  !insertmacro ReadSwitch "START"
  StrCpy $StartAfter $Answer
FunctionEnd
