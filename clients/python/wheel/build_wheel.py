"""Builds the wheel: the package, and the server with the shared libraries it needs.

A wheel is a zip file with three files about itself (PEP 427). What the server links beyond the C
and C++ runtimes goes into patchbay/lib, where the server's run path, $ORIGIN/../lib, finds it; that
makes the wheel as portable as the C library of the machine that builds it (PEP 600).
"""

import argparse
import base64
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import zipfile

_METADATA = """\
Metadata-Version: 2.1
Name: patchbay
Version: {version}
Summary: Digital audio processing: everything is a processor with the same plug
License: GPL-3.0-or-later
Requires-Python: >=3.10
Requires-Dist: grpcio >=1.51
Requires-Dist: numpy >=1.21
Requires-Dist: protobuf >=4.21
Provides-Extra: plot
Requires-Dist: matplotlib >=3.5; extra == "plot"
Description-Content-Type: text/markdown

{readme}"""

_WHEEL = """\
Wheel-Version: 1.0
Generator: patchbay
Root-Is-Purelib: false
Tag: {tag}
"""

# On every Linux that the tag admits.
_RUNTIME = re.compile(
    r"(ld-linux.*|linux-vdso|lib(c|m|pthread|dl|rt|resolv|util|gcc_s|stdc\+\+))\.so.*"
)


class Wheel:
    """A wheel under construction, the same bytes for the same content."""

    def __init__(self, path: str) -> None:
        self._zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self._record = ""

    def add(self, name: str, content: bytes, executable: bool = False) -> None:
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=")
        self._record += f"{name},sha256={digest.decode()},{len(content)}\n"
        self._write(name, content, 0o755 if executable else 0o644)

    def close(self, record_name: str) -> None:
        self._write(record_name, f"{self._record}{record_name},,\n".encode(), 0o644)
        self._zip.close()

    def _write(self, name: str, content: bytes, mode: int) -> None:
        info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
        info.external_attr = (0o100000 | mode) << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(info, content)


def shared_libraries(program: str) -> dict[str, str]:
    """Name and path of each library to bring along."""
    listing = subprocess.run(["ldd", program], check=True, capture_output=True, text=True).stdout
    libraries = {}
    for line in listing.splitlines():
        words = line.split()
        name = os.path.basename(words[0])
        if _RUNTIME.fullmatch(name):
            continue
        if len(words) < 3 or not words[2].startswith("/"):
            sys.exit(f"{program} needs {words[0]}, which cannot be found")
        libraries[name] = words[2]
    return libraries


def copyright_of(library: str) -> tuple[str, bytes]:
    """The Debian package that a library is from, and its copyright file."""
    real = os.path.realpath(library)
    owner = subprocess.run(
        ["dpkg-query", "--search", real, real.removeprefix("/usr")], capture_output=True, text=True
    ).stdout
    package = owner.split(":")[0]
    return package, pathlib.Path("/usr/share/doc", package, "copyright").read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wheel", required=True)
    parser.add_argument("--version_header", required=True)
    parser.add_argument("--readme", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("modules", nargs="+")
    arguments = parser.parse_args()

    name, version, tag = os.path.basename(arguments.wheel).removesuffix(".whl").split("-", 2)
    if f'"{version}"' not in pathlib.Path(arguments.version_header).read_text():
        sys.exit(f"the wheel's version {version} is not that of the server")
    libc = os.confstr("CS_GNU_LIBC_VERSION").split()[1]
    if f"manylinux_{libc.replace('.', '_')}_{os.uname().machine}" not in tag:
        sys.exit(f"{tag} is not what this machine, with glibc {libc}, builds")

    wheel = Wheel(arguments.wheel)
    for module in sorted(arguments.modules, key=lambda path: path.rpartition("python/")[2]):
        content = pathlib.Path(module).read_bytes()
        wheel.add(module.rpartition("clients/python/")[2], content)
    wheel.add("patchbay/bin/patchbay", pathlib.Path(arguments.server).read_bytes(), True)
    info = f"{name}-{version}.dist-info"
    copyrights = {}
    for library, path in sorted(shared_libraries(arguments.server).items()):
        wheel.add(f"patchbay/lib/{library}", pathlib.Path(path).read_bytes(), True)
        package, text = copyright_of(path)
        copyrights[f"{info}/licenses/{package}/copyright"] = text
    for path, text in copyrights.items():
        wheel.add(path, text)
    readme = pathlib.Path(arguments.readme).read_text()
    wheel.add(f"{info}/METADATA", _METADATA.format(version=version, readme=readme).encode())
    wheel.add(f"{info}/WHEEL", _WHEEL.format(tag=tag).encode())
    wheel.close(f"{info}/RECORD")


if __name__ == "__main__":
    main()
