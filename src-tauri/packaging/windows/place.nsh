; What is new lies beside what it replaces, as NAME.new, until it is certain that there is a place for it and that the
; program of before has left. What cannot be installed changes nothing by that.

!define REPLACE_EXISTING 1 ; of MoveFileEx

; Makes the folder, and sees that the parts find room in it.
Function PreparePlace
  StrCpy $MadeFolder 0
  ${IfNot} ${FileExists} "$INSTDIR\*.*"
    StrCpy $MadeFolder 1
    ClearErrors
    CreateDirectory "$INSTDIR"
    ${If} ${Errors}
      Call RefusePlace
    ${EndIf}
  ${EndIf}
  Call HasRoom
  Pop $R0
  ${If} $R0 = 0
    Call RefusePlace
  ${EndIf}
  ; One that appears there now is the one that is made in $INSTDIR.
  ${If} $FormerFolder != ""
    Delete "$FormerFolder\ringcard.exe.new"
  ${EndIf}
FunctionEnd

; 1 if this user may write that much. Where Windows cannot say, writing will.
Function HasRoom
  ; Kilobytes; the uninstaller is not among them.
  SectionGetSize ${SecProgram} $R1
  System::Int64Op $R1 + 1024
  Pop $R1
  System::Int64Op $R1 * 1024
  Pop $R1
  System::Call 'kernel32::GetDiskFreeSpaceExW(w "$INSTDIR\", *l .R2, p 0, p 0) i .R0'
  ${If} $R0 = 0
    Push 1
    Return
  ${EndIf}
  System::Int64Op $R2 > $R1
FunctionEnd

Function RefusePlace
  Call DropPrepared
  MessageBox MB_ICONSTOP "$(TextPlace)" /SD IDOK
  !insertmacro LeaveWith ${EXIT_PLACE}
FunctionEnd

; Takes what was prepared away again, and brings back what was moved aside.
Function DropPrepared
  ; A working folder cannot be removed.
  SetOutPath "$TEMP"
  ${If} $MadeFolder != ""
    Delete "$INSTDIR\ringcard.exe.new"
    Delete "$INSTDIR\WebView2Loader.dll.new"
    Delete "$INSTDIR\licences.html.new"
    ${If} $MadeFolder == 1
      RMDir "$INSTDIR"
    ${EndIf}
  ${EndIf}
  ${If} $Aside != ""
    Rename "$AsideFolder\ringcard$Aside" "$AsideFolder\ringcard.exe"
    Rename "$AsideFolder\WebView2Loader$Aside" "$AsideFolder\WebView2Loader.dll"
  ${EndIf}
  Call DropSettings
FunctionEnd

; Whoever names another folder than before moves Ringcard there, and the one that runs lies in the former folder.
Function AskAllToLeave
  StrCpy $Place $INSTDIR
  !insertmacro AskToLeave ""
  ${If} $FormerFolder != ""
    StrCpy $Place $FormerFolder
    !insertmacro AskToLeave ""
  ${EndIf}
FunctionEnd

!macro PutInPlace NAME
  System::Call 'kernel32::MoveFileExW(w "$INSTDIR\${NAME}.new", w "$INSTDIR\${NAME}", i ${REPLACE_EXISTING}) i .R0'
  ${If} $R0 = 0
    Call RefuseInUse
  ${EndIf}
!macroend

; The program comes last: the one of before works with each of the others.
Function PutAllInPlace
  ; Both names may mean one folder.
  ${If} $FormerFolder != ""
  ${AndIf} ${FileExists} "$FormerFolder\ringcard.exe.new"
    StrCpy $FormerFolder ""
  ${EndIf}
  !ifdef LOADER
    !insertmacro PutInPlace "WebView2Loader.dll"
  !endif
  !insertmacro PutInPlace "licences.html"
  !insertmacro PutInPlace "ringcard.exe"
  StrCpy $Place $INSTDIR
  Call DeleteLeftovers
FunctionEnd

Function LeaveFormerFolder
  ${If} $FormerFolder != ""
    StrCpy $Place $FormerFolder
    Call DeleteProgram
  ${EndIf}
FunctionEnd
