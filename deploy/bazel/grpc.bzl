"""C++ and Python gRPC code generation with Debian's protoc and plugins."""

def _import_path(src, proto_source_root):
    root = proto_source_root + "/"
    if proto_source_root != "." and src.path.startswith(root):
        return src.path[len(root):]
    return src.path

def _out_dir(ctx):
    """Where protoc writes: import paths start at the package, as `includes` and `imports` do."""
    return ctx.bin_dir.path + "/" + ctx.label.package

def _codegen(ctx, suffixes, args, tools):
    """Runs protoc once over the direct sources of ctx.attr.protos.

    Reads descriptor sets instead of .proto files, so no import path is needed.
    """
    outs = []
    imports = []
    for proto in ctx.attr.protos:
        info = proto[ProtoInfo]
        for src in info.direct_sources:
            path = _import_path(src, info.proto_source_root)
            imports.append(path)
            stem = path[:-len(".proto")]
            outs += [ctx.actions.declare_file(stem + suffix) for suffix in suffixes]

    descriptors = depset(transitive = [p[ProtoInfo].transitive_descriptor_sets for p in ctx.attr.protos])
    command = ctx.actions.args()
    command.add_joined(descriptors, join_with = ":", format_joined = "--descriptor_set_in=%s")
    command.add_all(args)
    command.add_all(imports)
    ctx.actions.run(
        executable = ctx.executable._protoc,
        arguments = [command],
        inputs = descriptors,
        tools = tools,
        outputs = outs,
        mnemonic = "GenGrpc",
        progress_message = "Generating gRPC code for %s" % ctx.label,
    )
    return outs

def _cc_impl(ctx):
    out = _out_dir(ctx)
    plugin = ctx.executable._plugin
    outs = _codegen(
        ctx,
        [".grpc.pb.cc", ".grpc.pb.h"] + (["_mock.grpc.pb.h"] if ctx.attr.mock else []),
        [
            "--plugin=protoc-gen-grpc=" + plugin.path,
            "--grpc_out=%s:%s" % ("generate_mock_code=true" if ctx.attr.mock else "", out),
        ],
        [plugin],
    )
    return [
        DefaultInfo(files = depset(outs)),
        OutputGroupInfo(
            hdrs = depset([f for f in outs if f.extension == "h"]),
            srcs = depset([f for f in outs if f.extension == "cc"]),
        ),
    ]

def _py_impl(ctx):
    out = _out_dir(ctx)
    plugin = ctx.executable._plugin
    suffixes = ["_pb2.py"] + (["_pb2_grpc.py"] if ctx.attr.services else [])
    args = ["--python_out=" + out]
    if ctx.attr.services:
        args += ["--plugin=protoc-gen-grpc=" + plugin.path, "--grpc_out=" + out]
    return [DefaultInfo(files = depset(_codegen(ctx, suffixes, args, [plugin])))]

def _attrs(plugin, **kwargs):
    return dict(
        kwargs,
        protos = attr.label_list(providers = [ProtoInfo], mandatory = True),
        _plugin = attr.label(default = "@com_github_grpc_grpc//:" + plugin, executable = True, cfg = "exec", allow_single_file = True),
        _protoc = attr.label(default = "@com_google_protobuf//:protoc", executable = True, cfg = "exec", allow_single_file = True),
    )

_cc_grpc_codegen = rule(
    implementation = _cc_impl,
    attrs = _attrs("grpc_cpp_plugin", mock = attr.bool()),
    output_to_genfiles = False,
)

_py_grpc_codegen = rule(
    implementation = _py_impl,
    attrs = _attrs("grpc_python_plugin", services = attr.bool(default = True)),
)

def cc_grpc_library(name, protos, deps, mock = False, **kwargs):
    """C++ service stubs.

    Args:
      name: target name.
      protos: proto_library targets of this package.
      deps: the matching cc_proto_library targets.
      mock: also generate gMock stubs (*_mock.grpc.pb.h).
      **kwargs: passed to cc_library.
    """
    _cc_grpc_codegen(name = name + "_gen", protos = protos, mock = mock, visibility = ["//visibility:private"])
    native.filegroup(name = name + "_hdrs", srcs = [name + "_gen"], output_group = "hdrs", visibility = ["//visibility:private"])
    native.filegroup(name = name + "_srcs", srcs = [name + "_gen"], output_group = "srcs", visibility = ["//visibility:private"])
    native.cc_library(
        name = name,
        srcs = [name + "_srcs"],
        hdrs = [name + "_hdrs"],
        copts = ["-w"],  # Generated code.
        includes = ["."],
        deps = deps + ["@com_github_grpc_grpc//:grpc++"],
        **kwargs
    )

def py_grpc_library(name, protos, deps = [], services = True, **kwargs):
    """Python messages (*_pb2.py) and service stubs (*_pb2_grpc.py).

    Args:
      name: target name.
      protos: proto_library targets of this package.
      deps: py_grpc_library targets of imported protos.
      services: whether the protos hold services.
      **kwargs: passed to py_library.
    """
    _py_grpc_codegen(name = name + "_gen", protos = protos, services = services, visibility = ["//visibility:private"])
    native.py_library(
        name = name,
        srcs = [name + "_gen"],
        imports = ["."],
        srcs_version = "PY3",
        deps = deps,
        **kwargs
    )
