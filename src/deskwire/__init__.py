"""The wire protocol between desks: how 12355 and 110 hand over a young person's case and hear how it went.

Deskwire is a signed, idempotent, ordered exchange of small JSON messages over HTTPS. This package is its
reference implementation and what a police system's vendor builds against: the message and its schemas
(`envelope`, `bodies`, `schema`), the life of a link (`lifecycle`), signatures (`signing`, `keys`), the
receiving desk (`receiver`, `store`), the calling desk (`client`, `sending`, `outbox`, `reconcile`) and a
conformance test (`conformance`). It knows no web framework, no database and nothing of the platform that uses
it. `README.md` is the published protocol.
"""

SCHEMA_VERSION = "1.0"
"""The version a message carries unless its type came later: see `envelope.version_of`."""

VERSIONS = ("1.0", "1.1", "1.2")
"""Every version this package speaks. A desk announces those it means to take; 110 desks need 1.0 only."""

BASE_PATH = "/deskwire/v1"
"""Where a desk answers. The major version stands in the path."""
