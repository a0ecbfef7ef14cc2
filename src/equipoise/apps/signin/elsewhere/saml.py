"""SAML: what stands in a provider's metadata, and what this server tells of itself."""

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from lxml.etree import LxmlError
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.utils import OneLogin_Saml2_Utils


class WrongMetadata(ValueError):
    """It is no description of a SAML provider we can work with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What one has to know of a SAML provider."""

    entity_id: str
    sign_on_address: str
    certificate: str


def read_metadata(text: str) -> Description:
    """What stands in the metadata of a provider; of several keys, the first it signs with.

    Raises:
        WrongMetadata: It lacks what is needed, or is no XML.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise WrongMetadata
    try:
        found = OneLogin_Saml2_IdPMetadataParser.parse(text.encode()).get("idp", {})
    except (LxmlError, OneLogin_Saml2_Error, ValueError, AttributeError, KeyError) as error:
        raise WrongMetadata from error
    several = found.get("x509certMulti", {}).get("signing", [])
    certificate = found.get("x509cert") or next(iter(several), "")
    address = found.get("singleSignOnService", {}).get("url", "")
    if not (found.get("entityId") and address.startswith(("https://", "http://")) and certificate):
        raise WrongMetadata
    return Description(entity_id=found["entityId"], sign_on_address=address, certificate=pem(certificate))


def pem(text: str) -> str:
    """A certificate as it is kept.

    Raises:
        WrongMetadata: It is none.
    """
    kept = str(OneLogin_Saml2_Utils.format_cert("".join(text.split("\r")).strip(), heads=True))
    _loaded(kept)
    return kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """By what a certificate is known, and until when it holds."""

    mark: str
    until: datetime


def certificate_of(kept: str) -> Certificate:
    """What to compare with what the provider says of its certificate.

    Raises:
        WrongMetadata: It is none.
    """
    loaded = _loaded(kept)
    mark = loaded.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificate(mark=mark, until=loaded.not_valid_after_utc)


def _loaded(kept: str) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(kept.encode())
    except ValueError as error:
        raise WrongMetadata from error
