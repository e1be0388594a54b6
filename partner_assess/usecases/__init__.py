"""This package holds what people do: one function a deed."""
