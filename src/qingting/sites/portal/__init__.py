"""The seekers' site: the shell around every page a person in need opens, and its front door. It keeps nothing on their device."""
