"""Train the linear part of the model: hashed words and the setting."""

import numpy as np
from labelled import Labelled
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from equipoise.core.timeuse.purpose_model import WordPart
from equipoise.core.timeuse.purpose_setting import FEATURES, setting_features
from equipoise.core.timeuse.purpose_words import BUCKETS, word_features

VIEWS = {"full": 1.0, "title": 0.3, "notes": 0.3}
"""How the entries are shown in training, and how much each showing counts."""
FREEDOM = 3.0
"""Inverse strength of the ridge penalty."""
SETTING_SIZE = 0.35
"""Size of a feature of the setting beside words of length 1; the smaller, the more it is held back."""


def matrix(rows: Labelled) -> sparse.csr_matrix:
    """The features of entries, words first."""
    words = word_features([each.title for each in rows.entries], [each.description for each in rows.entries])
    setting = setting_features(rows.entries, rows.minutes)
    count, wide = setting.shape
    left = sparse.csr_matrix((words.values, words.buckets, words.starts), shape=(count, BUCKETS))
    filled = np.full(setting.size, SETTING_SIZE, np.float32)
    right = sparse.csr_matrix((filled, setting.ravel(), np.arange(count + 1) * wide), shape=(count, FEATURES))
    return sparse.hstack([left, right]).tocsr()


def train(rows: Labelled) -> WordPart:
    """Fit the linear model and round its word weights to int8."""
    shown = sparse.vstack([matrix(rows.seen_as(view)) for view in VIEWS])
    counts = np.repeat(list(VIEWS.values()), len(rows))
    used = np.unique(shown.indices)
    fitted = LogisticRegression(C=FREEDOM, max_iter=100, tol=2e-3)
    fitted.fit(shown[:, used], np.tile(rows.purposes, len(VIEWS)), sample_weight=counts)
    weights = np.zeros((BUCKETS + FEATURES, len(fitted.classes_)))
    weights[used] = fitted.coef_.T
    words, setting = weights[:BUCKETS], weights[BUCKETS:] * SETTING_SIZE
    scale = np.abs(words).max(axis=0) / 127
    return WordPart(
        words=np.round(words / scale).astype(np.int8),
        word_scale=scale.astype(np.float32),
        setting=setting.astype(np.float32),
        bias=fitted.intercept_.astype(np.float32),
    )
