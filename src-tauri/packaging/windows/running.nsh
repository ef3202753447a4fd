; The program that runs while it is replaced or removed: it is asked to leave, which touches no call.

!macro LeaveWith CODE
  SetErrorLevel ${CODE}
  Quit
!macroend

; Asks the program in $Place, then waits until the file can be written. Somebody else's Ringcard on this PC goes on with the old file, which
; is moved aside and deleted at the next start of Windows.
!macro AskToLeave UN
  Call ${UN}AskToLeave
!macroend

!macro RunningFunctions UN
Function ${UN}AskToLeave
  ${IfNot} ${FileExists} "$Place\ringcard.exe"
    Return
  ${EndIf}
  ClearErrors
  ExecWait '"$Place\ringcard.exe" quit' $R0
  ${IfNot} ${Errors}
  ${AndIf} $R0 == 0
    StrCpy $WasRunning 1
  ${EndIf}
  ; Twenty seconds: open databases are closed and lines signed off in less.
  StrCpy $R1 80
  ${Do}
    Call ${UN}IsFree
    Pop $R0
    ${If} $R0 == 1
      Return
    ${EndIf}
    IntOp $R1 $R1 - 1
    Sleep 250
  ${LoopUntil} $R1 < 1
  Call ${UN}MoveAside
FunctionEnd

; 1 if nobody runs the program.
Function ${UN}IsFree
  ClearErrors
  FileOpen $R2 "$Place\ringcard.exe" a
  ${If} ${Errors}
    Push 0
  ${Else}
    FileClose $R2
    Push 1
  ${EndIf}
FunctionEnd

Function ${UN}MoveAside
  System::Call "kernel32::GetTickCount() i.R2"
  ClearErrors
  Rename "$Place\ringcard.exe" "$Place\ringcard-$R2.old"
  ${If} ${Errors}
    Call ${UN}RefuseInUse
  ${EndIf}
  Delete /REBOOTOK "$Place\ringcard-$R2.old"
  ${If} ${FileExists} "$Place\WebView2Loader.dll"
    Rename "$Place\WebView2Loader.dll" "$Place\WebView2Loader-$R2.old"
    Delete /REBOOTOK "$Place\WebView2Loader-$R2.old"
  ${EndIf}
  StrCpy $Aside "-$R2.old"
  StrCpy $AsideFolder $Place
FunctionEnd

Function ${UN}RefuseInUse
  !if "${UN}" == ""
    Call DropPrepared
  !endif
  MessageBox MB_ICONSTOP "$(TextInUse)" /SD IDOK
  !insertmacro LeaveWith ${EXIT_IN_USE}
FunctionEnd
!macroend

!insertmacro RunningFunctions ""
!insertmacro RunningFunctions "un."

; An installation for everybody has administrator's rights. Explorer does not hand them on: it starts the program as the
; user who is signed in.
Function StartProgram
  ${If} $AllUsers == 1
    Exec '"$WINDIR\explorer.exe" "$INSTDIR\ringcard.exe"'
  ${Else}
    Exec '"$INSTDIR\ringcard.exe"'
  ${EndIf}
FunctionEnd
