"""What every operation of the REST API is made with: who may use it, pages of results, problems told by RFC 9457."""

from equipoise.platform.api.declaring import Scope, TokenHeld, declared_urls, operation, token_of
from equipoise.platform.api.problems import PROBLEMS, Problem, answers, tell_problems

__all__ = [
    "PROBLEMS",
    "Problem",
    "Scope",
    "TokenHeld",
    "answers",
    "declared_urls",
    "operation",
    "tell_problems",
    "token_of",
]
