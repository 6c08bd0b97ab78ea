#!/usr/bin/env bash
# Packs the client, and builds and runs the sample against the packages as a stranger would.
# usage: run.sh host:port [timeout in seconds]     exit code: the sample's own, see Program.cs
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repo=$(cd "$here/../.." && pwd)
gateway=${1:?usage: run.sh host:port [timeout in seconds]}
feed=$repo/artifacts/packages
cache=$repo/artifacts/sample-cache

rm -rf "$feed"/MorningAI.*.nupkg
dotnet pack "$repo/grain-interfaces" -c Release -o "$feed" -v q --nologo
dotnet pack "$repo/client/MorningAI.Client" -c Release -o "$feed" -v q --nologo

# A cache of its own, without an earlier build of the same version; others' packages in it may stay.
rm -rf "$cache"/morningai.* "$here/obj" "$here/bin"
dotnet build "$here" -c Release -v q --nologo -p:MorningAIPackages="$feed" -p:RestorePackagesPath="$cache"
exec dotnet "$here/bin/Release/net10.0/MorningAI.Sample.dll" --gateway "$gateway" --timeout "${2:-60}"
