; The installer for Windows, made with Inno Setup 6.3 or newer after `python run.py build`:
;
;   iscc /DVersion=1.2.3 release\windows.iss
;
; It asks for no administrator: everything goes into the person's own folders and registry. With
; /ALLUSERS on its command line it installs for everyone instead. Projects, models, settings and
; caches are never its own, so uninstalling leaves them.
;
; Names and file types are those of release/facts.py; tests/unit/test_installers.py compares them.

#ifndef Version
  #error Say which version this is: iscc /DVersion=1.2.3 release\windows.iss
#endif
#define Name "Landmark GUI"
#define Program "LandmarkGUI"
#define Command "landmark-gui"

[Setup]
AppId={{80E787BC-8544-4033-A16D-284C7F07035B}
AppName={#Name}
AppVersion={#Version}
AppVerName={#Name} {#Version}
UninstallDisplayName={#Name}
UninstallDisplayIcon={app}\{#Program}.exe
DefaultDirName={autopf}\{#Name}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=commandline
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
ChangesAssociations=yes
ChangesEnvironment=yes
WizardStyle=modern
Compression=lzma2/max
SolidCompression=yes
LZMAUseSeparateProcess=yes
SourceDir=..\dist
SetupIconFile=..\build\icon.ico
OutputDir=.
OutputBaseFilename={#Command}-{#Version}-windows

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "ko"; MessagesFile: "compiler:Languages\Korean.isl"

[CustomMessages]
en.ProjectType=Landmark GUI project
ko.ProjectType=Landmark GUI 프로젝트
en.ModelType=Landmark GUI model
ko.ModelType=Landmark GUI 모델
en.OnPath=Let terminals find the command "{#Command}" (adds its folder to your PATH)
ko.OnPath=터미널에서 "{#Command}" 명령 사용 (폴더를 PATH에 추가)

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "path"; Description: "{cm:OnPath}"; Flags: unchecked; Check: not IsAdminInstallMode

[InstallDelete]
; What an older version had and this one has not must not lie beside it.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Program}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\{#Program}.exe"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Program}.exe"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.landmarks"; ValueType: string; ValueName: ""; ValueData: "LandmarkGUI.Project"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\.landmarks\OpenWithProgids"; ValueType: string; ValueName: "LandmarkGUI.Project"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\LandmarkGUI.Project"; ValueType: string; ValueName: ""; ValueData: "{cm:ProjectType}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\LandmarkGUI.Project\DefaultIcon"; ValueType: string; ValueName: ""; ValueData: "{app}\{#Program}.exe,0"
Root: HKA; Subkey: "Software\Classes\LandmarkGUI.Project\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\{#Program}.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.landmark-model"; ValueType: string; ValueName: ""; ValueData: "LandmarkGUI.Model"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\.landmark-model\OpenWithProgids"; ValueType: string; ValueName: "LandmarkGUI.Model"; ValueData: ""; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\LandmarkGUI.Model"; ValueType: string; ValueName: ""; ValueData: "{cm:ModelType}"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\LandmarkGUI.Model\DefaultIcon"; ValueType: string; ValueName: ""; ValueData: "{app}\{#Program}.exe,0"
Root: HKA; Subkey: "Software\Classes\LandmarkGUI.Model\shell\open\command"; ValueType: string; ValueName: ""; ValueData: """{app}\{#Program}.exe"" ""%1"""
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: IsNotOnPath

[Run]
Filename: "{app}\{#Program}.exe"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent

[Code]
function PlaceOnPath(Path: String): Integer;
begin
  Result := Pos(Uppercase(ExpandConstant(';{app};')), Uppercase(';' + Path + ';'));
end;

function IsNotOnPath: Boolean;
var
  Path: String;
begin
  Result := not RegQueryStringValue(HKCU, 'Environment', 'Path', Path) or (PlaceOnPath(Path) = 0);
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Path: String;
  Place: Integer;
begin
  if Step <> usUninstall then
    exit;
  if not RegQueryStringValue(HKCU, 'Environment', 'Path', Path) then
    exit;
  Place := PlaceOnPath(Path);
  if Place = 0 then
    exit;
  Path := ';' + Path;
  Delete(Path, Place, Length(ExpandConstant(';{app}')));
  RegWriteExpandStringValue(HKCU, 'Environment', 'Path', Copy(Path, 2, Length(Path)));
end;
