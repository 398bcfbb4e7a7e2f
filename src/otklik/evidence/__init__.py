"""Claims on trial: what is believed of posts, tested inside authors and judged by rules fixed before looking."""

from otklik.evidence.claims import Claim, house_claims, read_claims
from otklik.evidence.frame import Evidence, analysis_frame
from otklik.evidence.result import ClaimResult, Trial
from otklik.evidence.trial import put_on_trial, try_claims

__all__ = [
    "Claim",
    "ClaimResult",
    "Evidence",
    "Trial",
    "analysis_frame",
    "house_claims",
    "put_on_trial",
    "read_claims",
    "try_claims",
]
