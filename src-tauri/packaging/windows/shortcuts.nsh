; Shortcuts that name the program's application id: Windows then shows a pinned one and the program's windows as one
; button in the task bar. Notifications do without: the program registers its id itself.

!macro CreateShortcutAt FILE
  CreateShortcut "${FILE}" "$INSTDIR\ringcard.exe"
  Push "${FILE}"
  Call NameApplication
!macroend

; Where the system cannot do it the shortcut stays as it is.
Function NameApplication
  Pop $R0 ; the shortcut's file
  !insertmacro ComHlpr_CreateInProcInstance ${CLSID_ShellLink} ${IID_IPersistFile} R1 ""
  ${If} $R1 P= 0
    Return
  ${EndIf}
  ${IPersistFile::Load} $R1 '(R0,${STGM_READWRITE}).R2'
  ${If} $R2 = 0
    ${IUnknown::QueryInterface} $R1 '("${IID_IPropertyStore}",.R3).R2'
    ${If} $R2 = 0
      Call StoreApplicationId
      ${IUnknown::Release} $R3 ""
    ${EndIf}
  ${EndIf}
  ${IUnknown::Release} $R1 ""
FunctionEnd

; Into the properties $R3 of the shortcut $R1, whose file is $R0.
Function StoreApplicationId
  System::Call '*${SYSSTRUCT_PROPERTYKEY}(${PKEY_AppUserModel_ID})p.R4'
  System::Call '*(&w64 "${IDENTIFIER}")p.R5'
  ; A PROPVARIANT: its kind, three reserved words, the text.
  System::Call '*(&i2 ${VT_LPWSTR},&i6,p R5,p)p.R6'
  ${IPropertyStore::SetValue} $R3 '(R4,R6).R2'
  ${If} $R2 = 0
    ${IPropertyStore::Commit} $R3 '().R2'
  ${EndIf}
  ${If} $R2 = 0
    ${IPersistFile::Save} $R1 '(R0,1)'
  ${EndIf}
  System::Free $R6
  System::Free $R5
  System::Free $R4
FunctionEnd
