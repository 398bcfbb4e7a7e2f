"""otklik: virality analytics for people who publish video on YouTube and VK."""

__version__ = "0.1.0"
