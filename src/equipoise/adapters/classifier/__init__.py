"""The packaged model that says what calendar entries are for."""

from equipoise.adapters.classifier.packaged import Classifier, load_classifier

__all__ = ["Classifier", "load_classifier"]
