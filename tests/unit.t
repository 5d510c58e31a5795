#!/bin/sh
# The unit tests in C, built by make from unit.c.
exec "${BUILD:-build}/unit"
