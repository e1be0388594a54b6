"""This package holds the benchmarks: ratios of two things measured in one run, and their limits."""
