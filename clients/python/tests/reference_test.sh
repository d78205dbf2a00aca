#!/bin/sh
# processors/README.md says what the processors' tables say.
diff -u "$2" "$1" && exit 0
echo "processors/README.md is out of step with the processors' tables. Bring it up to date with"
echo "    bazel run //clients/python:update_reference"
exit 1
