"""The room around what screening knows: versions of its rules and words, proposed by one person, measured, approved by another;
counsellors' corrections on their way to becoming labelled rows; and the command line.

`screening` itself is a pure library below every desk. What is kept here is words about danger in general, and of people only
what a second person has confirmed to name nobody.
"""
