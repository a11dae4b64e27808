# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The bytes of what a vector sends."""

from __future__ import annotations

from typing import Any

from json_text import compact


def encoded(frame: dict[str, Any]) -> bytes:
    """A frame with its length, or bytes as the vector has them."""
    if "text" in frame:
        return str(frame["text"]).encode()
    if "hex" in frame:
        return bytes.fromhex(frame["hex"])
    if "textFill" in frame:
        return _filled(frame["textFill"])
    if "line" in frame:
        return compact(frame["line"]).encode() + b"\n"
    payload = bytes.fromhex(frame["payloadHex"]) if "payloadHex" in frame else _payload(frame)
    return len(payload).to_bytes(4, "big") + payload


def _payload(frame: dict[str, Any]) -> bytes:
    head = _part(frame, "head")
    body = _part(frame, "body")
    if head is None:
        raise ValueError(f"the vector has a frame without a head: {compact(frame)}")
    return head if body is None else head + b"\n" + body


def _part(frame: dict[str, Any], name: str) -> bytes | None:
    if name + "Text" in frame:
        return str(frame[name + "Text"]).encode()
    if name + "Hex" in frame:
        return bytes.fromhex(frame[name + "Hex"])
    if name + "Fill" in frame:
        return _filled(frame[name + "Fill"])
    return compact(frame[name]).encode() if name in frame else None


def _filled(fill: dict[str, Any]) -> bytes:
    text: str = fill["before"] + fill["fill"] * fill["count"] + fill["after"]
    return text.encode()
