"""This package holds files that somebody hands in to deceive or to break us, made in memory.

Each module has functions of one kind; `corpus.CORPUS` names each file with what the gate says.
"""
