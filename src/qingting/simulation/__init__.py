"""People at work, played: seekers who write, counsellors, handlers, reviewers and a 110 operator, and measurements of them.

They use the same public doors as everybody: HTTP forms and JSON of the platform and of the reference desk. So this room may
know `core` only; no other room's tables or services. It is what demonstrations, benchmarks and the fault tests run on.
"""
