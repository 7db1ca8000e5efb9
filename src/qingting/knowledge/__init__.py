"""What is known and may be told: articles, scripts, resources; written by one, reviewed by another, found again in Chinese.

It answers nobody by itself: `reception` and the pages ask it. It holds nothing about a seeker.
"""
