; The installer for Windows. `cargo xtask bundle` calls makensis with these definitions:
;   VERSION  such as 1.2.3          PROGRAM   the built ringcard.exe       LOADER    WebView2Loader.dll, for GNU builds only
;   ICON     the application's icon  LICENCES  the licences of all parts    OUT       the installer's file
;   TARGET   amd64-unicode, or x86-unicode where makensis knows no other
;   SIGN     if RINGCARD_SIGN in the environment is a command that signs the file named after it
;
; Exit codes: 0 done, 1 left by the user, 2 failed, 3 a newer version is installed, 4 Ringcard cannot be replaced,
;             5 administrator rights are needed, 6 the settings file cannot be read or taken in, 7 this Windows is too
;             old, 8 the folder of the policy leads elsewhere or cannot be protected, 9 the folder for Ringcard cannot
;             be written or has no room. With 3 to 9 the program and the settings of before stay.

Unicode true
Target ${TARGET}
SetCompressor /SOLID lzma
ManifestDPIAware true
ManifestSupportedOS Win10
; No rights are asked for: /ALLUSERS is for those who have them, or asks for them by itself.
RequestExecutionLevel user

!include "MUI2.nsh"
!include "FileFunc.nsh"
!include "LogicLib.nsh"
!include "Sections.nsh"
!include "Win\COM.nsh"
!include "Win\Propkey.nsh"
!include "WinVer.nsh"
!include "WordFunc.nsh"
!include "x64.nsh"

!define PRODUCT "Ringcard"
!define IDENTIFIER "app.ringcard.desktop"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${PRODUCT}"
!define RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"
!define APPROVED_KEY "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run"
!define APP_PATHS_KEY "Software\Microsoft\Windows\CurrentVersion\App Paths\ringcard.exe"
!define LINK_CLASS "Ringcard.Link"
!define WEBVIEW_ADDRESS "https://go.microsoft.com/fwlink/p/?LinkId=2124703"

!define EXIT_NEWER 3
!define EXIT_IN_USE 4
!define EXIT_RIGHTS 5
!define EXIT_SETTINGS 6
!define EXIT_OLD_WINDOWS 7
!define EXIT_POLICY 8
!define EXIT_PLACE 9

Name "${PRODUCT}"
BrandingText "${PRODUCT} ${VERSION}"
OutFile "${OUT}"
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion "${VERSION}.0"
VIFileVersion "${VERSION}.0"
VIAddVersionKey "ProductName" "${PRODUCT}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "FileDescription" "${PRODUCT} Setup"
VIAddVersionKey "LegalCopyright" "the owners of Ringcard"

!ifdef SIGN
  ; The program inside is signed before this script runs, the installer and its uninstaller here.
  ; The command comes by the environment: it may hold a password, which no command line should show.
  !uninstfinalize '$%RINGCARD_SIGN% "%1"' = 0
  !finalize '$%RINGCARD_SIGN% "%1"' = 0
!endif

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_ABORTWARNING
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION StartProgram
; What somebody still runs goes at the next start of Windows, whenever that is: nobody is asked to restart for it.
!define MUI_FINISHPAGE_NOREBOOTSUPPORT
!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_COMPONENTS
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"
!insertmacro MUI_LANGUAGE "German"

Var AllUsers      ; 1: for everybody on this PC
Var Installed     ; the version that is installed, or nothing
Var FormerFolder  ; where that version lies, or nothing
Var Newer         ; a newer version than this one
Var Place         ; the folder whose program is asked to leave, or deleted
Var Aside         ; how the names end that were given to what somebody else runs, or nothing
Var AsideFolder   ; where that lies
Var WasRunning    ; 1: the program was asked to leave and did
Var StartAfter    ; 1: to be started after a silent installation
Var SettingsFile  ; the settings to take in, or nothing
Var SettingsPlace ; the file that prepared settings replace, or nothing
Var MadeFolder    ; 1: the folder was not there, 0: it was; nothing as long as nothing is prepared in it
Var Answer        ; the value of the switch that was asked for last
Var Switches

!include "texts.nsh"
!include "running.nsh"
!include "removal.nsh"
!include "shortcuts.nsh"

Section "!${PRODUCT}" SecProgram
  SectionIn RO
  ; Where one of these fails nothing was changed.
  Call PrepareSettings
  Call PreparePlace
  SetOutPath "$INSTDIR"
  ClearErrors
  SetOverwrite try ; without a question
  File "/oname=ringcard.exe.new" "${PROGRAM}"
  !ifdef LOADER
    File "/oname=WebView2Loader.dll.new" "${LOADER}"
  !endif
  File "/oname=licences.html.new" "${LICENCES}"
  SetOverwrite on
  ${If} ${Errors}
    Call RefusePlace
  ${EndIf}
  Call AskAllToLeave
  Call PutAllInPlace
  Call TakeSettingsIn
  Call LeaveFormerFolder
  WriteUninstaller "$INSTDIR\uninstall.exe"
  Call ForgetChoices
  Call Register
SectionEnd

Section "$(TextStartMenu)" SecStartMenu
  !insertmacro CreateShortcutAt "$SMPROGRAMS\${PRODUCT}.lnk"
SectionEnd

Section /o "$(TextDesktop)" SecDesktop
  !insertmacro CreateShortcutAt "$DESKTOP\${PRODUCT}.lnk"
SectionEnd

Section "$(TextAutostart)" SecAutostart
  WriteRegStr SHCTX "${RUN_KEY}" "${PRODUCT}" '"$INSTDIR\ringcard.exe"'
SectionEnd

; Off unless it is asked for: this version has no `open-link` yet, and a link would lead nowhere.
Section /o "$(TextSchemes)" SecSchemes
  Call RegisterSchemes
SectionEnd

; The last one: everything is in place.
Section "-end"
  ${RefreshShellIcons}
  Call TellOfWebView
  ; Whoever installs silently for himself wants his telephone back. Administrators' rights must not be handed on.
  ${If} ${Silent}
  ${AndIf} $AllUsers != 1
    ${If} $WasRunning == 1
    ${OrIf} $StartAfter == 1
      Call StartProgram
    ${EndIf}
  ${EndIf}
SectionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${SecProgram} "$(TextAboutProgram)"
  !insertmacro MUI_DESCRIPTION_TEXT ${SecStartMenu} "$(TextAboutStartMenu)"
  !insertmacro MUI_DESCRIPTION_TEXT ${SecDesktop} "$(TextAboutDesktop)"
  !insertmacro MUI_DESCRIPTION_TEXT ${SecAutostart} "$(TextAboutAutostart)"
  !insertmacro MUI_DESCRIPTION_TEXT ${SecSchemes} "$(TextAboutSchemes)"
!insertmacro MUI_FUNCTION_DESCRIPTION_END

; They name the sections above.
!include "choices.nsh"
!include "place.nsh"
!include "settings.nsh"

Function .onInit
  ${GetParameters} $Switches
  Push $Switches
  Call MoveQuotes
  Pop $Switches
  Call ReadFolder
  Call ChooseLanguage
  ${IfNot} ${AtLeastWin10}
  ${OrIf} ${IsNativeIA32}
    MessageBox MB_ICONSTOP "$(TextOldWindows)" /SD IDOK
    !insertmacro LeaveWith ${EXIT_OLD_WINDOWS}
  ${EndIf}
  SetRegView 64
  Call ChooseUsers
  Call ChooseFolder
  Call RefuseDowngrade
  Call ChooseParts
FunctionEnd

Function Register
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayName" "${PRODUCT}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "DisplayIcon" '"$INSTDIR\ringcard.exe",0'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "Publisher" "Ringcard"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr SHCTX "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "NoRepair" 1
  ${GetSize} "$INSTDIR" "/S=0K" $R0 $R1 $R2
  IntFmt $R0 "0x%08X" $R0
  WriteRegDWORD SHCTX "${UNINSTALL_KEY}" "EstimatedSize" "$R0"
  WriteRegStr SHCTX "${APP_PATHS_KEY}" "" "$INSTDIR\ringcard.exe"
FunctionEnd

; tel:, callto: and sip: as something Ringcard can open. Which program does open them, people choose in Windows.
Function RegisterSchemes
  WriteRegStr SHCTX "Software\Classes\${LINK_CLASS}" "" "${PRODUCT}"
  WriteRegStr SHCTX "Software\Classes\${LINK_CLASS}" "URL Protocol" ""
  WriteRegStr SHCTX "Software\Classes\${LINK_CLASS}\DefaultIcon" "" '"$INSTDIR\ringcard.exe",0'
  WriteRegStr SHCTX "Software\Classes\${LINK_CLASS}\shell\open\command" "" '"$INSTDIR\ringcard.exe" open-link -- "%1"'
  WriteRegStr SHCTX "Software\${PRODUCT}\Capabilities" "ApplicationName" "${PRODUCT}"
  WriteRegStr SHCTX "Software\${PRODUCT}\Capabilities" "ApplicationDescription" "$(TextAboutProgram)"
  WriteRegStr SHCTX "Software\${PRODUCT}\Capabilities\UrlAssociations" "tel" "${LINK_CLASS}"
  WriteRegStr SHCTX "Software\${PRODUCT}\Capabilities\UrlAssociations" "callto" "${LINK_CLASS}"
  WriteRegStr SHCTX "Software\${PRODUCT}\Capabilities\UrlAssociations" "sip" "${LINK_CLASS}"
  WriteRegStr SHCTX "Software\RegisteredApplications" "${PRODUCT}" "Software\${PRODUCT}\Capabilities"
FunctionEnd

; Without WebView2 there are no windows; tray and notifications work meanwhile.
Function TellOfWebView
  Call HasWebView
  Pop $R0
  ${If} $R0 == 1
    Return
  ${EndIf}
  DetailPrint "$(TextNoWebView) ${WEBVIEW_ADDRESS}"
  MessageBox MB_YESNO|MB_ICONINFORMATION "$(TextNoWebView)$\r$\n${WEBVIEW_ADDRESS}$\r$\n$\r$\n$(TextOpenAddress)" /SD IDNO IDNO stay
    ExecShell "open" "${WEBVIEW_ADDRESS}"
  stay:
FunctionEnd

!macro LookForWebView ROOT KEY
  ReadRegStr $R0 ${ROOT} "${KEY}\Microsoft\EdgeUpdate\Clients\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}" "pv"
  ${If} $R0 != ""
  ${AndIf} $R0 != "0.0.0.0"
    Push 1
    Return
  ${EndIf}
!macroend

Function HasWebView
  !insertmacro LookForWebView HKLM "SOFTWARE\WOW6432Node"
  !insertmacro LookForWebView HKLM "SOFTWARE"
  !insertmacro LookForWebView HKCU "Software"
  Push 0
FunctionEnd
