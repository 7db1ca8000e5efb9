"""The machine at the door: it answers when nobody can, from reviewed knowledge only, says that it is a machine, calls people on
duty when there is danger, takes messages and requests to be called back, and falls silent when a person comes.

It judges no risk and takes no conversation.
"""
