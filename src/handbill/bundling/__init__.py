"""Bundles: packing, native import sheets, verification, and the report page."""

from __future__ import annotations

from handbill.bundling.contents import BundleContents, BundleReceipt, ObjectSource
from handbill.bundling.pack import pack_bundle
from handbill.bundling.report import build_report
from handbill.bundling.verify import VerifyFault, VerifyResult, verify_bundle

__all__ = [
    "BundleContents",
    "BundleReceipt",
    "ObjectSource",
    "VerifyFault",
    "VerifyResult",
    "build_report",
    "pack_bundle",
    "verify_bundle",
]
