"""Repository rule that exposes Debian-installed libraries as cc_library targets.

Headers come from the compiler's built-in include path (/usr/include), so no
header is listed. The Debian version is passed to every dependent as a define:
that is what makes Bazel rebuild them after `apt-get upgrade` (system headers
are not action inputs).
"""

def _run(rctx, args, hint):
    result = rctx.execute(args)
    if result.return_code:
        fail("@%s: `%s` failed: %s\nHint: %s" % (rctx.name, " ".join(args), result.stderr.strip(), hint))
    return result.stdout.strip()

def _unique_from_the_right(flags):
    """Drops repeated -lfoo, keeping the last one, so that link order stays valid."""
    kept = []
    for flag in reversed(flags):
        if flag.startswith("-l") and flag in kept:
            continue
        kept.append(flag)
    return [f for f in reversed(kept)]

def _link_flags(rctx, specs, hint):
    modules = [s for s in specs if not s.startswith("-")]
    flags = [s for s in specs if s.startswith("-")]
    if modules:
        flags += _run(rctx, ["pkg-config", "--libs"] + modules, hint).split(" ")
    flags = [f for f in flags if f]
    return ["-Wl,--push-state,--as-needed"] + _unique_from_the_right(flags) + ["-Wl,--pop-state"]

def _system_repository_impl(rctx):
    hint = "apt-get install " + " ".join(rctx.attr.debs)
    versions = _run(rctx, ["dpkg-query", "-W", "-f=${Version} "] + rctx.attr.debs, hint)
    stamp = "SYSTEM_%s=%s" % (rctx.name.upper(), "".join([
        c if c.isalnum() else "_"
        for c in versions.strip().elems()
    ]))

    packages = {}
    for target, specs in rctx.attr.libs.items():
        package, _, name = target.rpartition(":")
        packages.setdefault(package, []).append("""\
cc_library(
    name = "{name}",
    defines = {defines},
    linkopts = {linkopts},
)
""".format(name = name, defines = repr([stamp] + rctx.attr.defines), linkopts = repr(_link_flags(rctx, specs, hint))))

    for path, target in rctx.attr.symlinks.items():
        rctx.symlink(target, path)
    extra = rctx.read(rctx.attr.extra_build) if rctx.attr.extra_build else ""

    packages.setdefault("", [])
    for package, rules in packages.items():
        content = ["package(default_visibility = [\"//visibility:public\"])\n"] + rules
        if package == "":
            content.append(extra)
        rctx.file((package + "/" if package else "") + "BUILD.bazel", "\n".join(content))

system_repository = repository_rule(
    implementation = _system_repository_impl,
    attrs = {
        "defines": attr.string_list(doc = "Passed to every dependent, as pkg-config --cflags would."),
        "debs": attr.string_list(mandatory = True, doc = "Debian packages that provide the libraries."),
        "extra_build": attr.label(allow_single_file = True, doc = "Appended to the root BUILD file."),
        "libs": attr.string_list_dict(doc = "'package:target' -> pkg-config modules and/or linker flags."),
        "symlinks": attr.string_dict(doc = "Path in the repository -> absolute path on the system."),
    },
    configure = True,
    environ = ["PKG_CONFIG_PATH"],
    local = True,
)
