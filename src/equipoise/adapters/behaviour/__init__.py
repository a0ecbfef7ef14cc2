"""The weights of the behaviour index, as they ship with the package."""

from equipoise.adapters.behaviour.weights import load_weights

__all__ = ["load_weights"]
