#!/bin/bash
# Installs what a fresh Debian 12 needs to build, test and run Patchbay. Run it as root, as often as
# you like: it is quick when there is nothing to do.
#
#   deploy/install.sh              # build, tests, recordings for the demo
#   deploy/install.sh --dev        # and clang-format, clang-tidy, sanitizer run-times for clang
set -euo pipefail

packages=(
  # Build
  bazel-bootstrap g++ git pkg-config python3 ca-certificates
  protobuf-compiler protobuf-compiler-grpc
  # C++ libraries
  libabsl-dev libcli11-dev libebur128-dev libfftw3-dev libgrpc++-dev libhwy-dev libprotobuf-dev
  librubberband-dev libsndfile1-dev libsoxr-dev libspdlog-dev libssl-dev nlohmann-json3-dev
  # Python client and tests
  python3-grpcio python3-matplotlib python3-numpy python3-pip python3-protobuf python3-scipy
  python3-venv
  ffmpeg libgmock-dev libgtest-dev openssl
  # Recordings for the demo and the tests
  alsa-utils sonic-pi-samples
)
case "${1:-}" in
  "") ;;
  --dev) packages+=(clang clang-format clang-tidy libclang-rt-14-dev) ;;
  *)
    echo "usage: deploy/install.sh [--dev]" >&2
    exit 2
    ;;
esac

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$state" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "deploy/install.sh: everything is installed"
  exit 0
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "deploy/install.sh: missing: ${missing[*]}" >&2
  echo "deploy/install.sh: run it as root: sudo deploy/install.sh" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends "${missing[@]}"
