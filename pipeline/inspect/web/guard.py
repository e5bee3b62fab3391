"""Keeps other sites away from the application.

A page of the open web can make the browser ask 127.0.0.1: by a form, by a script, or under a name
of its own that it lets point here (DNS rebinding). What comes under another name, or from another
origin, is refused. What goes out allows the page nothing but its own style and script.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import PlainTextResponse

_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # With no referrer at all a form of our own would come from the origin "null".
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_ENCODED = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """An ASGI application around another one.

    Args:
        app: the application.
        port: where it listens.
    """

    def __init__(self, app: App, port: int) -> None:
        self._app = app
        self._hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]")}
        if port == 80:
            self._hosts |= {"127.0.0.1", "localhost", "[::1]"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), *_ENCODED]
            await send(message)

        reason = self._refusal(scope)
        if reason is None:
            await self._app(scope, receive, guarded)
        else:
            await PlainTextResponse(f"refused: {reason}\n", 403)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> str | None:
        headers: dict[str, list[str]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
        hosts = headers.get("host", [])
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return "this application answers under its own address only"
        origins = headers.get("origin", [])
        if any(origin.lower() not in self._origins for origin in origins):
            return "the request comes from another site"
        if scope["method"] == "POST" and not origins:
            return "a request that changes something must say where it comes from"
        # A link from elsewhere may lead here; images, frames and scripts may not ask.
        is_foreign = headers.get("sec-fetch-site", [""])[0] in ("cross-site", "same-site")
        if is_foreign and headers.get("sec-fetch-dest", [""])[0] != "document":
            return "the request comes from another site"
        return None
