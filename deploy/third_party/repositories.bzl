"""Third-party libraries, all from Debian 12, under their upstream Bazel names."""

load("//deploy/bazel:pkg_config.bzl", "system_repository")

# Bazel package of Abseil -> targets used. Each is pkg-config module absl_<target>.
_ABSL = {
    "base": ["base", "core_headers"],
    "container": ["flat_hash_map", "inlined_vector"],
    "flags": ["flag", "parse", "usage"],
    "memory": ["memory"],
    "status": ["status", "statusor"],
    "strings": ["cord", "str_format", "strings"],
    "synchronization": ["synchronization"],
    "time": ["time"],
    "types": ["optional", "span"],
}

# Targets whose pkg-config module has another name.
_ABSL_MODULE = {
    "flags:flag": "absl_flags",
    "flags:parse": "absl_flags_parse",
    "flags:usage": "absl_flags_usage",
}

def third_party_repositories():
    """Declares one repository per system library."""
    system_repository(
        name = "com_google_absl",
        debs = ["libabsl-dev"],
        libs = {
            "absl/%s:%s" % (package, target): [_ABSL_MODULE.get(package + ":" + target, "absl_" + target)]
            for package, targets in _ABSL.items()
            for target in targets
        },
    )
    system_repository(
        name = "com_google_protobuf",
        debs = ["libprotobuf-dev", "protobuf-compiler"],
        extra_build = "//deploy/third_party:protobuf.BUILD",
        libs = {":protobuf": ["protobuf", "-lpthread"]},
        symlinks = {
            "google": "/usr/include/google",
            "protoc": "/usr/bin/protoc",
        },
    )
    system_repository(
        name = "com_github_grpc_grpc",
        debs = ["libgrpc++-dev", "protobuf-compiler-grpc"],
        extra_build = "//deploy/third_party:grpc.BUILD",
        libs = {
            ":grpc++": ["grpc++", "protobuf"],
            # No .pc file in Debian for this one.
            ":grpc++_reflection": ["-lgrpc++_reflection", "grpc++", "protobuf"],
        },
        symlinks = {
            "grpc_cpp_plugin": "/usr/bin/grpc_cpp_plugin",
            "grpc_python_plugin": "/usr/bin/grpc_python_plugin",
        },
    )
    system_repository(
        name = "com_google_googletest",
        debs = ["libgtest-dev", "libgmock-dev"],
        libs = {
            ":gtest": ["gmock", "gtest"],
            ":gtest_main": ["gtest_main", "gmock", "gtest"],
        },
    )
    system_repository(
        name = "com_github_google_benchmark",
        debs = ["libbenchmark-dev"],
        libs = {
            ":benchmark": ["benchmark"],
            ":benchmark_main": ["-lbenchmark_main", "benchmark"],
        },
    )
    system_repository(
        name = "libsndfile",
        debs = ["libsndfile1-dev"],
        libs = {":sndfile": ["sndfile"]},
    )
    system_repository(
        name = "libebur128",
        debs = ["libebur128-dev"],
        libs = {":ebur128": ["libebur128"]},
    )
    system_repository(
        name = "rubberband",
        debs = ["librubberband-dev"],
        libs = {":rubberband": ["rubberband"]},
    )
    system_repository(
        name = "soxr",
        debs = ["libsoxr-dev"],
        libs = {":soxr": ["soxr"]},
    )
    system_repository(
        name = "fftw",
        debs = ["libfftw3-dev"],
        libs = {":fftw3f": ["-lfftw3f_threads", "fftw3f", "-lm"]},
    )
    system_repository(
        name = "openssl",
        debs = ["libssl-dev"],
        libs = {":crypto": ["libcrypto"]},
    )
    system_repository(
        name = "com_google_highway",
        debs = ["libhwy-dev"],
        libs = {":hwy": ["libhwy"]},
    )
    system_repository(
        name = "spdlog",
        debs = ["libspdlog-dev"],
        defines = [
            "SPDLOG_COMPILED_LIB",
            "SPDLOG_FMT_EXTERNAL",
            "SPDLOG_SHARED_LIB",
        ],
        libs = {":spdlog": ["spdlog"]},
    )
    system_repository(
        name = "cli11",
        debs = ["libcli11-dev"],
        libs = {":cli11": ["-lm"]},
    )
    system_repository(
        name = "nlohmann_json",
        debs = ["nlohmann-json3-dev"],
        libs = {":json": ["-lm"]},
    )
