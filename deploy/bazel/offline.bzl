"""Local stand-ins for the archives that Bazel 4 would download from the network.

Bazel's built-in WORKSPACE suffix declares @rules_cc, @rules_java and
@remote_coverage_tools as http_archives and needs all three for any cc_* target
or `bazel test`. Declaring repositories of the same names first wins.
"""

_RULES_CC = ["cc_binary", "cc_import", "cc_library", "cc_proto_library", "cc_test", "cc_toolchain", "cc_toolchain_suite"]
_RULES_JAVA = ["java_binary", "java_import", "java_library", "java_package_configuration", "java_plugin", "java_runtime", "java_test", "java_toolchain"]

def _native_rules_impl(rctx):
    rctx.file(rctx.attr.package + "/BUILD", "exports_files([\"defs.bzl\"])\n")
    rctx.file(
        rctx.attr.package + "/defs.bzl",
        "\"\"\"Native rules under their rules_* name.\"\"\"\n" +
        "".join(["%s = native.%s\n" % (r, r) for r in rctx.attr.rules]),
    )

_native_rules = repository_rule(
    implementation = _native_rules_impl,
    attrs = {
        "package": attr.string(mandatory = True),
        "rules": attr.string_list(mandatory = True),
    },
)

def _coverage_tools_impl(rctx):
    # `bazel test` only needs the labels to load; `bazel coverage` is not set up.
    rctx.file("BUILD", """\
package(default_visibility = ["//visibility:public"])

filegroup(name = "coverage_report_generator")

filegroup(name = "lcov_merger")
""")

_coverage_tools = repository_rule(implementation = _coverage_tools_impl)

def bazel_offline_repositories():
    """Declares the repositories that Bazel would otherwise fetch."""
    _native_rules(name = "rules_cc", package = "cc", rules = _RULES_CC)
    _native_rules(name = "rules_java", package = "java", rules = _RULES_JAVA)
    _coverage_tools(name = "remote_coverage_tools")
