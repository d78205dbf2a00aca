"""One BUILD entry a processor: its library, its test, its place in the family."""

def processor(name, hdrs = [], deps = [], test_deps = [], test_size = "small"):
    """Declares a processor: name.cc (which registers it) and its test name_test.cc.

    Args:
      name: the processor's name, and its files'.
      hdrs: headers, if it has any.
      deps: of name.cc, beside //processors/core.
      test_deps: of name_test.cc, beside the test library and :name.
      test_size: as of cc_test.
    """
    native.cc_library(
        name = name,
        srcs = [name + ".cc"],
        hdrs = hdrs,
        tags = ["processor"],
        deps = ["//processors/core"] + deps,
        alwayslink = True,
    )
    native.cc_test(
        name = name + "_test",
        size = test_size,
        srcs = [name + "_test.cc"],
        deps = [
            ":" + name,
            "//tests/testing",
            "@com_google_googletest//:gtest_main",
        ] + deps + test_deps,
    )

def processor_family(name):
    """A library of every processor() declared above it in this file."""
    native.cc_library(
        name = name,
        deps = [
            ":" + rule["name"]
            for rule in native.existing_rules().values()
            if "processor" in rule.get("tags", [])
        ],
    )
