"""Fuzz targets for Atheris (extra `fuzz`): `python -m tests.fuzz.text CORPUS -max_total_time=1200`, and so for each.

A target fails on an error that is none of ours, on a broken promise, and on a unit of more than five seconds; units of
more than one second are reported. `make fuzz` runs each for `SECONDS` (1200).
"""
