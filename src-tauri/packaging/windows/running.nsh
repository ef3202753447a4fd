; The program that runs while it is replaced or removed: it is asked to leave, which touches no call.

!macro LeaveWith CODE
  SetErrorLevel ${CODE}
  Quit
!macroend

; Asks, then waits until the file can be written. Somebody else's Ringcard on this PC goes on with the old file, which
; is moved aside and deleted at the next start of Windows.
!macro AskToLeave UN
  Call ${UN}AskToLeave
!macroend

!macro RunningFunctions UN
Function ${UN}AskToLeave
  StrCpy $WasRunning 0
  ${IfNot} ${FileExists} "$INSTDIR\ringcard.exe"
    Return
  ${EndIf}
  ClearErrors
  ExecWait '"$INSTDIR\ringcard.exe" quit' $R0
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
  FileOpen $R2 "$INSTDIR\ringcard.exe" a
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
  Rename "$INSTDIR\ringcard.exe" "$INSTDIR\ringcard-$R2.old"
  ${If} ${Errors}
    MessageBox MB_ICONSTOP "$(TextInUse)" /SD IDOK
    !insertmacro LeaveWith ${EXIT_IN_USE}
  ${EndIf}
  Delete /REBOOTOK "$INSTDIR\ringcard-$R2.old"
  ${If} ${FileExists} "$INSTDIR\WebView2Loader.dll"
    Rename "$INSTDIR\WebView2Loader.dll" "$INSTDIR\WebView2Loader-$R2.old"
    Delete /REBOOTOK "$INSTDIR\WebView2Loader-$R2.old"
  ${EndIf}
FunctionEnd
!macroend

!insertmacro RunningFunctions ""
!insertmacro RunningFunctions "un."

Function StartProgram
  Exec '"$INSTDIR\ringcard.exe"'
FunctionEnd
