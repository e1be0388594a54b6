"""This folder holds the public page about a document's status: status and date, nothing else."""
