"""The contact record (接触记录): one conversation on any channel with its unified data fields, drafted while it goes on.

It records what was said and done. It opens no case and sends no order; later rooms do, and point back here.
"""
