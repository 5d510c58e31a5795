# nix-build share/packaging/nix
{ pkgs ? import <nixpkgs> { } }:

let
  root = ../../..;
  lines = pkgs.lib.splitString "\n" (builtins.readFile (root + "/filter/commands/main.c"));
  versions = builtins.filter (found: found != null) (map (builtins.match "#define VERSION \"(.*)\"") lines);
in
pkgs.stdenv.mkDerivation {
  pname = "notmuch-bounce";
  version = builtins.head (builtins.head versions);

  src = builtins.path {
    name = "notmuch-bounce";
    path = root;
    filter = path: type: !(pkgs.lib.hasPrefix "build" (baseNameOf path)) && baseNameOf path != ".git";
  };

  nativeBuildInputs = [ pkgs.pkg-config ];
  buildInputs = with pkgs; [ gmime3 jansson libarchive libseccomp libxml2 notmuch talloc ];
  nativeCheckInputs = with pkgs; [ notmuch perl procmail ];

  postPatch = ''
    patchShebangs .ci filter share/completions share/packaging tests
  '';
  enableParallelBuilding = true;
  makeFlags = [ "PREFIX=$(out)" ];
  doCheck = true;
  checkTarget = "run-check";

  meta = {
    description = "Recognise bounced mail, say why it came back and what to do";
    license = pkgs.lib.licenses.gpl3Plus;
    platforms = pkgs.lib.platforms.linux;
    mainProgram = "notmuch-bounce";
  };
}
