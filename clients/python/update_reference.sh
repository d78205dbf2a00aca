#!/bin/sh
# bazel run //clients/python:update_reference: writes processors/README.md anew.
set -e
cat "$1" > "$BUILD_WORKSPACE_DIRECTORY/processors/README.md"
